import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { memberNotFound } from './change-role.js';

/** Makes another member the owner; the one before becomes an administrator. Throws `member.not-found`. */
export async function transferOwnership(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly userId: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'organisation.transfer');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.members.transferOwnership(input.userId))) throw memberNotFound();
    await db.audit.append({
      action: 'organisation.transferred',
      target: `user:${input.userId}`,
      outcome: 'succeeded',
      details: {},
    });
  });
  ctx.parts.sessions.forgetPerson(input.userId);
  ctx.parts.sessions.forgetPerson(ctx.identity.userId);
}
