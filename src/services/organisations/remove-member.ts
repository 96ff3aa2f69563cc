import { forgetPerson } from '../api-keys/forget-person.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { memberNotFound, ownerStays } from './change-role.js';
import { disconnectLeaver } from './disconnect-leaver.js';

/**
 * Takes somebody out of the organisation; what they scanned in it stays, what they connected is read no
 * longer. Throws `member.not-found`, `organisation.owner-stays`.
 */
export async function removeMember(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly userId: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'member.remove');
  await endMembership(ctx, input.userId, 'member.removed');
}

/** The same for oneself, which needs no administrator. Throws `organisation.owner-stays` for the owner. */
export async function leaveOrganisation({ ctx }: { readonly ctx: MemberContext }): Promise<void> {
  authorize(ctx, 'organisation.leave');
  await endMembership(ctx, ctx.identity.userId, 'member.left');
}

async function endMembership(ctx: MemberContext, userId: string, action: string): Promise<void> {
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.members.remove(userId);
    if (before === null || before === 'user') throw memberNotFound();
    if (before === 'org_owner') throw ownerStays();
    await db.audit.append({ action, target: `user:${userId}`, outcome: 'succeeded', details: { role: before } });
    await disconnectLeaver(db, userId);
  });
  forgetPerson(ctx.parts, userId);
}
