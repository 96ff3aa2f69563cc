import type { TenantDb, TenantId } from '../../../store/store.js';
import type { Parts } from '../../context.js';

const WORKER = { kind: 'worker', job: 'hand-over-scans' } as const;
/** Messages of one transaction. */
const PORTION = 200;

/** In the transaction that gives a mailbox to a person. */
export async function queueHandOver(db: TenantDb, mailboxId: string): Promise<void> {
  await db.enqueueLater('hand-over-scans', { mailbox_id: mailboxId }, { key: mailboxId, rank: 5 });
}

/**
 * Gives the verdicts of a mailbox that the organisation read as nobody's to the person whose it is now: they are about their mail. Done
 * again it does what is left.
 */
export async function handOverScans(
  parts: Pick<Parts, 'store'>,
  { tenantId, mailboxId }: { readonly tenantId: TenantId; readonly mailboxId: string },
): Promise<void> {
  for (let last: string | null = ''; last !== null;) {
    const after: string = last;
    last = await parts.store.withTenant(tenantId, WORKER, async (db) => {
      const given = await db.messages.handOver(mailboxId, after, PORTION);
      const to = given.scans === 0 ? null : ((await db.mailboxes.get(mailboxId))?.ownerId ?? null);
      if (to !== null)
        await db.audit.append({
          ...{ action: 'mailbox.scans-handed-over', target: mailboxId, outcome: 'succeeded' },
          details: { scans: given.scans, to },
        });
      return given.last;
    });
  }
}
