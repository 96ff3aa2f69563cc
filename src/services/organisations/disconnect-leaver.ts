import type { TenantDb, UserId } from '../../store/store.js';
import { queueRevocation } from '../mailboxes/consent/revoke-access.js';

/**
 * In the transaction that ends a membership: what its person connected for themselves is read no longer, and its credentials serve for
 * nothing but ending at the provider what it granted, by a job. What the organisation opened, and what takes its reports, stays the
 * organisation's. Verdicts stay until they expire.
 */
export async function disconnectLeaver(db: TenantDb, userId: UserId): Promise<void> {
  const own = (await db.mailboxes.list()).filter(
    ({ ownerId, directoryId, abuseSince, status }) =>
      ownerId === userId && directoryId === null && abuseSince === null && status !== 'disconnected',
  );
  for (const mailbox of own) {
    const { id, provider, address } = mailbox;
    await db.mailboxes.disconnect(id);
    await queueRevocation(db, mailbox);
    await db.audit.append({
      ...{ action: 'mailbox.disconnected', target: id, outcome: 'succeeded' },
      details: { provider, address, reason: 'the membership ended' },
    });
    await db.mailboxes.announce(id);
  }
}
