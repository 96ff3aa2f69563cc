import { mayAnswerLater } from '../../../connectors/connector.js';
import type { DisconnectReport } from '../../../connectors/connector.js';
import { PASSWORD_STANDS } from '../../../connectors/imap/imap.js';
import { PosternError } from '../../../errors.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { TenantDb, TenantId } from '../../../store/store.js';
import type { Parts } from '../../context.js';
import { signInOf } from '../mailbox-view.js';

const WORKER = { kind: 'worker', job: 'revoke-access' } as const;
const FIRST_WAIT_SECONDS = 60;
const LAST_WAIT_SECONDS = 6 * 3600;

export const MAY_STAND =
  'The person left the organisation. What their provider granted postern may still stand there; they can remove it.';
const BEING_ENDED =
  'The person left the organisation. postern is asking their provider to end what it granted; they can remove it there themselves.';

/**
 * In the transaction that disconnects a mailbox whose person has left; `mailbox` as it was before. Nobody waits for the provider. A
 * password ends nothing, so none is kept.
 */
export async function queueRevocation(db: TenantDb, mailbox: MailboxRow): Promise<void> {
  if (signInOf(mailbox) === 'password') {
    await db.mailboxes.setStillHeld(mailbox.id, [PASSWORD_STANDS]);
    return;
  }
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
    const after = await db.mailboxes.get(mailboxId);
    const same = after?.connectedAt.getTime() === mailbox.connectedAt.getTime();
    if (same && again) {
      await db.revocations.failed(mailboxId);
      await db.enqueueLater('revoke-access', { mailbox_id: mailboxId }, { key: mailboxId, seconds: wait, rank: 5 });
      return;
    }
    await db.revocations.remove(mailboxId, pending.credentials);
    if (same && after.status === 'disconnected')
      await db.mailboxes.setStillHeld(
        mailboxId,
        report === null || report.again === true ? [MAY_STAND] : sentencesOf(report, MAY_STAND),
      );
    // Connected again during the call, which may have ended the new grant with the old one: its person is to hear of it now.
    else if (report !== null && after?.status === 'connected')
      await db.enqueue('sync-mailbox', { mailbox_id: mailboxId }, { key: mailboxId });
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

/** What still stands; `silent` where the provider has not said so. */
export function sentencesOf({ revoked, stillHeld }: DisconnectReport, silent: string): readonly string[] {
  return !revoked && stillHeld.length === 0 ? [silent] : stillHeld;
}

/** With the credentials that `mailbox` has, whatever the store has of it by now. Never throws for what the provider does. */
export async function endAtProvider(
  { store, mailboxes, log }: Pick<Parts, 'store' | 'mailboxes' | 'log'>,
  tenantId: TenantId,
  mailbox: MailboxRow,
): Promise<DisconnectReport> {
  try {
    return await mailboxes.connectors.use(tenantId, mailbox, (connector) => connector.disconnect());
  } catch (error) {
    log.warn({ err: error, mailbox: mailbox.id }, 'a provider did not end what it had granted');
    const passing = error instanceof PosternError && ['database.unavailable', 'keys.missing'].includes(error.code);
    return { revoked: false, stillHeld: [], again: passing || mayAnswerLater(error) };
  } finally {
    await mailboxes.connectors.drop(mailbox.id);
    // Whatever it answered: a watch may have ended that others need.
    await store
      .withSystem('mailboxes', (db) => db.mailboxes.renewPushesElsewhere(mailbox))
      .catch((error: unknown) => log.warn({ err: error }, 'pushes were not asked for again; they are at their time'));
  }
}

/** Once a day, should a job have been lost, and its mailbox says so: until then the policies of the database keep what has expired from being seen. */
export async function forgetRevocations({ store, log }: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const forgotten = await store.withSystem('partitions', (db) => db.forgetRevocations([MAY_STAND]));
  if (forgotten > 0) log.info({ forgotten }, 'credentials for revocation forgotten');
}
