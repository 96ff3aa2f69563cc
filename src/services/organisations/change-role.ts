import { PosternError } from '../../errors.js';
import { confirmAdministrator } from '../accounts/confirm-identity.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/**
 * Makes a member an administrator, before which whoever does is asked who they are, or back. Throws `member.not-found`,
 * `account.confirmation-needed`, and `organisation.owner-stays` for the owner.
 */
export async function changeRole(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly userId: string;
    readonly role: 'org_member' | 'org_admin';
    readonly password?: string | undefined;
  };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'member.change');
  if (input.role === 'org_admin') await confirmAdministrator(ctx, input.password);
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.members.changeRole(input.userId, input.role);
    if (before === null || before === 'user') throw memberNotFound();
    if (before === 'org_owner') throw ownerStays();
    await db.audit.append({
      action: 'member.role-changed',
      target: `user:${input.userId}`,
      outcome: 'succeeded',
      details: { before, after: input.role },
    });
  });
  forgetPerson(ctx.parts, input.userId);
}

export function memberNotFound(): PosternError {
  return new PosternError('member.not-found', 'Nobody like that belongs to this organisation.');
}

export function ownerStays(): PosternError {
  return new PosternError(
    'organisation.owner-stays',
    'An organisation always has an owner. Hand the ownership to another member first.',
  );
}
