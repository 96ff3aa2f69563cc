import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

/** The member's mailboxes, or the tenant's for its administrators; those that were disconnected too. */
export async function listMailboxes(call: { readonly ctx: MemberContext }): Promise<readonly MailboxView[]> {
  const { ctx } = call;
  authorize(ctx, 'mailbox.read');
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.mailboxes.list());
  return rows.map((row) => toMailboxView(row, ctx.identity.userId));
}
