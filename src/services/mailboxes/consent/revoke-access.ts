import type { DisconnectReport } from '../../../connectors/connector.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { TenantDb, TenantId } from '../../../store/store.js';
import type { Parts } from '../../context.js';

const WORKER = { kind: 'worker', job: 'revoke-access' } as const;
const FIRST_WAIT_SECONDS = 60;
const LAST_WAIT_SECONDS = 6 * 3600;

export const MAY_STAND =
  'The person left the organisation. What their provider granted postern may still stand there; they can remove it.';
const BEING_ENDED =
  'The person left the organisation. postern is asking their provider to end what it granted; they can remove it there themselves.';

/** In the transaction that disconnects a mailbox whose person has left; `mailbox` as it was before. Nobody waits for the provider. */
export async function queueRevocation(db: TenantDb, mailbox: MailboxRow): Promise<void> {
  await db.revocations.add(mailbox);
  await db.mailboxes.setStillHeld(mailbox.id, [BEING_ENDED]);
  await db.enqueueLater('revoke-access', { mailbox_id: mailbox.id }, { key: mailbox.id, rank: 5 });
}

/**
 * Ends at the provider what the mailbox of somebody who left had been granted, as far as it can be ended. Tried again until it answers,
 * for three days; then, as after success, what it takes is destroyed.
 */
export async function revokeAccess(
  parts: Pick<Parts, 'store' | 'mailboxes' | 'log' | 'now'>,
  { tenantId, mailboxId }: { readonly tenantId: TenantId; readonly mailboxId: string },
): Promise<void> {
  const { store } = parts;
  const run = <T>(work: (db: TenantDb) => Promise<T>): Promise<T> => store.withTenant(tenantId, WORKER, work);
  const [pending, mailbox] = await run((db) =>
    Promise.all([db.revocations.get(mailboxId), db.mailboxes.get(mailboxId)]),
  );
  if (pending === null || mailbox === null) return;
  // A provider knows one grant of a person to postern: ending it would end what they have connected again, or in another tenant.
  const needed =
    mailbox.status !== 'disconnected' ||
    (await store.withSystem('mailboxes', (db) => db.mailboxes.isConnectedElsewhere(mailbox)));
  const report = needed ? null : await endAtProvider(parts, tenantId, { ...mailbox, credentials: pending.credentials });
  const wait = Math.min(LAST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 3 ** pending.tries);
  const again = report?.again === true && parts.now().getTime() + wait * 1000 < pending.expiresAt.getTime();
  await run(async (db) => {
    if (again) {
      await db.revocations.failed(mailboxId);
      await db.enqueueLater('revoke-access', { mailbox_id: mailboxId }, { key: mailboxId, seconds: wait, rank: 5 });
      return;
    }
    await db.revocations.remove(mailboxId);
    if ((await db.mailboxes.get(mailboxId))?.status !== 'disconnected') return;
    await db.mailboxes.setStillHeld(
      mailboxId,
      report === null || report.again === true ? [MAY_STAND] : report.stillHeld,
    );
    await db.mailboxes.announce(mailboxId);
    if (report === null) return;
    const { provider, address } = mailbox;
    await db.audit.append({
      ...{
        action: 'mailbox.access-ended',
        target: mailboxId,
        outcome: report.again === true ? 'refused' : 'succeeded',
      },
      details: { provider, address, revoked: report.revoked },
    });
  });
}

/** With the credentials that `mailbox` has, whatever the store has of it by now. Never throws. */
export async function endAtProvider(
  { mailboxes, log }: Pick<Parts, 'mailboxes' | 'log'>,
  tenantId: TenantId,
  mailbox: MailboxRow,
): Promise<DisconnectReport> {
  try {
    return await mailboxes.connectors.use(tenantId, mailbox, (connector) => connector.disconnect());
  } catch (error) {
    log.warn({ err: error, mailbox: mailbox.id }, 'a provider did not end what it had granted');
    return { revoked: false, stillHeld: [], again: true };
  } finally {
    await mailboxes.connectors.drop(mailbox.id);
  }
}

/** Once a day, should a job have been lost: until then the policies of the database keep what has expired from being seen. */
export async function forgetRevocations({ store, log }: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const forgotten = await store.withSystem('partitions', (db) => db.forgetRevocations());
  if (forgotten > 0) log.info({ forgotten }, 'credentials for revocation forgotten');
}
