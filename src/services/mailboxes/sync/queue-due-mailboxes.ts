import type { Parts } from '../../context.js';
import { SYNC_ACTOR } from './actor.js';

const AT_ONCE = 200;

/** Queues the mailboxes whose time has come: those that have no push, and all others in case a push was lost. */
export async function queueDueMailboxes({ store }: Pick<Parts, 'store'>): Promise<void> {
  for (let due = await take(); due.length > 0; due = await take()) {
    for (const { tenantId, mailboxId } of due) {
      await store.withTenant(tenantId, SYNC_ACTOR, (db) =>
        db.enqueueLater('sync-mailbox', { mailbox_id: mailboxId }, { key: mailboxId, rank: 5 }),
      );
    }
  }

  function take() {
    return store.withSystem('mailboxes', (db) => db.mailboxes.takeDue(AT_ONCE));
  }
}
