import type { InvitationRow, MemberRow } from '../../store/interfaces/people.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

export interface People {
  /** The owner first, then by role and address. */
  readonly members: readonly MemberRow[];
  /** Those nobody has accepted yet. */
  readonly invitations: readonly InvitationRow[];
}

/** Who belongs to the organisation, and who has been invited. */
export async function listMembers({ ctx }: { readonly ctx: MemberContext }): Promise<People> {
  authorize(ctx, 'member.list');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => ({
    members: await db.members.list(),
    invitations: await db.invitations.list(),
  }));
}
