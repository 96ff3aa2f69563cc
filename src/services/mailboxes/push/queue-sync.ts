import type { PushedMailbox } from '../../../crypto/push-states.js';
import type { Parts } from '../../context.js';

/** Has the mailbox looked through soon. Said twice, or too often, it is done once. */
export async function queueSync(parts: Pick<Parts, 'store'>, { tenantId, mailboxId }: PushedMailbox): Promise<void> {
  await parts.store.withTenant(tenantId, { kind: 'worker', job: 'receive-push' }, (db) =>
    db.enqueue('sync-mailbox', { mailbox_id: mailboxId }, { key: mailboxId }),
  );
}
