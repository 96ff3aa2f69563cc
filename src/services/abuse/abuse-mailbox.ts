import { PosternError } from '../../errors.js';
import type { AbuseAnswers } from '../../store/interfaces/mailbox-rows.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { requireMailbox } from '../mailboxes/find-mailbox.js';
import { toMailboxView } from '../mailboxes/mailbox-view.js';
import type { MailboxView } from '../mailboxes/mailbox-view.js';
import { authorize } from '../permissions.js';

/**
 * Makes a mailbox one that takes reports, changes who is answered, or makes it a mailbox like any other again (null). Only the
 * administrator's own, or one of the organisation's: what somebody else receives is not made everybody's business. Throws
 * `mailbox.not-found`, `mailbox.not-connected`, `organisation.personal`.
 */
export async function setAbuseMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly answers: AbuseAnswers | null };
}): Promise<MailboxView> {
  const { ctx, input } = call;
  authorize(ctx, 'abuse.manage');
  const { tenantId, userId } = ctx.identity;
  const row = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    if ((await db.profile.get()).kind === 'personal') {
      throw new PosternError('organisation.personal', 'Reports are taken by an organisation; this is your own space.');
    }
    const before = await requireMailbox(db, input.id);
    const anothers = before.ownerId !== null && before.ownerId !== userId;
    // One that takes reports and came to somebody else since is still to be ended: they could not do it.
    if (anothers && before.abuseSince === null) {
      throw new PosternError('mailbox.not-found', 'There is no such mailbox.');
    }
    if (input.answers !== null && before.status === 'disconnected') {
      throw new PosternError('mailbox.not-connected', 'This mailbox is not connected at the moment.');
    }
    await db.mailboxes.setAbuse(before.id, input.answers);
    await db.audit.append({
      action: input.answers === null ? 'mailbox.reports-ended' : 'mailbox.takes-reports',
      ...{ target: before.id, outcome: 'succeeded' },
      details: { address: before.address, ...(input.answers === null ? {} : { answers: input.answers }) },
    });
    await db.mailboxes.announce(before.id);
    return await requireMailbox(db, before.id);
  });
  return toMailboxView(row, userId);
}
