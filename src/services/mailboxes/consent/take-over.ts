import type { MemberContext } from '../../context.js';
import type { ConsentProviderId } from './consent-provider.js';

/**
 * A mailbox that the organisation had connected of nobody with an account, and let go, is theirs who has just opened it at its provider.
 * Members do not see such a mailbox, so a worker looks for it.
 */
export async function takeOver(
  { parts, identity }: MemberContext,
  provider: ConsentProviderId,
  address: string,
): Promise<void> {
  const { tenantId, userId } = identity;
  await parts.store.withTenant(tenantId, { kind: 'worker', job: 'connect-mailbox' }, async (db) => {
    const found = await db.mailboxes.findByAddress(provider, address);
    if (found === null || found.ownerId !== null) return;
    // Whoever reads the directory at this moment comes before or after this, not in between.
    await db.mailboxes.lockCredentials(found.id);
    const row = await db.mailboxes.get(found.id);
    if (row === null || row.ownerId !== null || row.status !== 'disconnected') return;
    await db.mailboxes.assign(row.id, { ownerId: userId, directoryId: null, personId: null });
  });
}
