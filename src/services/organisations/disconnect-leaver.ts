import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { TenantDb, UserId } from '../../store/store.js';

const TOLD =
  'The person left the organisation. What their provider granted postern may still stand there; they can remove it.';

/**
 * In the transaction that ends a membership: what its person connected for themselves is read no longer, and its credentials are gone.
 * What the organisation opened, and what takes its reports, stays the organisation's. Verdicts stay until they expire.
 */
export async function disconnectLeaver(db: TenantDb, userId: UserId): Promise<readonly MailboxRow[]> {
  const own = (await db.mailboxes.list()).filter(
    ({ ownerId, directoryId, abuseSince, status }) =>
      ownerId === userId && directoryId === null && abuseSince === null && status !== 'disconnected',
  );
  for (const { id, provider, address } of own) {
    await db.mailboxes.disconnect(id);
    await db.mailboxes.setStillHeld(id, [TOLD]);
    await db.audit.append({
      ...{ action: 'mailbox.disconnected', target: id, outcome: 'succeeded' },
      details: { provider, address, reason: 'the membership ended' },
    });
    await db.mailboxes.announce(id);
  }
  return own;
}
