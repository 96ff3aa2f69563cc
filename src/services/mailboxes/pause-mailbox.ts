import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { requireMailbox, requireManageable } from './find-mailbox.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

/** Stops reading, or goes on where it stopped. Throws `mailbox.not-found`, `mailbox.not-connected`. */
export async function pauseMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly paused: boolean };
}): Promise<MailboxView> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.manage');
  const { tenantId, userId } = ctx.identity;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const row = await requireMailbox(db, input.id);
    requireManageable(ctx, row);
    if (row.status === 'disconnected') {
      throw new PosternError('mailbox.not-connected', 'This mailbox has been disconnected.');
    }
    await db.mailboxes.setPaused(row.id, input.paused);
    if (!input.paused) await db.enqueue('sync-mailbox', { mailbox_id: row.id }, { key: row.id });
    const action = input.paused ? 'mailbox.paused' : 'mailbox.resumed';
    await db.audit.append({ action, target: row.id, outcome: 'succeeded', details: {} });
    await db.mailboxes.announce(row.id);
    return toMailboxView(await requireMailbox(db, row.id), userId);
  });
}
