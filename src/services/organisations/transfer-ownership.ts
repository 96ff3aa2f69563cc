import { confirmIdentity } from '../accounts/confirm-identity.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { memberNotFound } from './change-role.js';

/**
 * Makes another member the owner; the one before becomes an administrator, and cannot take it back. Throws `member.not-found`,
 * `account.confirmation-needed`.
 */
export async function transferOwnership(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly userId: string; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'organisation.transfer');
  await confirmIdentity(ctx, input.password);
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.members.transferOwnership(input.userId))) throw memberNotFound();
    await db.audit.append({
      action: 'organisation.transferred',
      target: `user:${input.userId}`,
      outcome: 'succeeded',
      details: {},
    });
  });
  forgetPerson(ctx.parts, input.userId);
  forgetPerson(ctx.parts, ctx.identity.userId);
}
