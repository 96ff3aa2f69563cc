import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** Voids the link of an invitation. Throws `invitation.not-found`. */
export async function withdrawInvitation(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'member.invite');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if ((await db.invitations.remove(input.id)) === null) {
      throw new PosternError('invitation.not-found', 'There is no such invitation; it may have been accepted.');
    }
    await db.audit.append({
      action: 'invitation.withdrawn',
      target: `invitation:${input.id}`,
      outcome: 'succeeded',
      details: {},
    });
  });
}
