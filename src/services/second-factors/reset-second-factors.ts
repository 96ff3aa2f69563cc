import { PosternError } from '../../errors.js';
import type { UserRow } from '../../store/store.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf, recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';

/**
 * Takes every second factor off the account of somebody who lost theirs, and ends their sessions; password and address stay. For a
 * super admin, and for administrators of the only organisation the person belongs to. The person is told. Throws `account.not-found`,
 * `auth.forbidden`, `account.confirmation-needed`.
 */
export async function resetSecondFactors(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly userId: string; readonly reason: string; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'member.reset-second-factor');
  await confirmIdentity(ctx, input.password);
  const { store, sessions } = ctx.parts;
  const { acting, subject } = await store.withSystem('sign-in', async (db) => ({
    acting: await db.findUserById(ctx.identity.userId),
    subject: await db.findUserById(input.userId),
  }));
  if (subject === null) throw unknown();
  if (acting?.superAdmin !== true) await mayReset(ctx, subject);
  const ended = await store.withSystem(
    'sign-in',
    async (db) => {
      await db.secondFactors.reset(subject.id);
      await db.tokens.voidAll(subject.id);
      const details = { reason: input.reason };
      const by = ctx.identity.userId;
      await db.accounts.record({
        userId: subject.id,
        by,
        action: 'account.second-factor-reset',
        outcome: 'succeeded',
        details,
      });
      await post(ctx.parts, db, subject.email, notice('An administrator removed the second factor from your account.'));
      return await db.accounts.endSessions(subject.id, {}, 'second factor reset');
    },
    recordedIp(ctx),
  );
  for (const id of ended) sessions.forget(id);
}

async function mayReset(ctx: MemberContext, subject: UserRow): Promise<void> {
  const { tenantId, role } = ctx.identity;
  const theirs = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) => db.signInRules.roleOf(subject.id));
  if (theirs === null) throw unknown();
  const elsewhere = subject.memberships.some((one) => one.tenantId !== tenantId && one.role !== 'user');
  if (subject.superAdmin || elsewhere || (theirs === 'org_owner' && role !== 'org_owner')) {
    throw new PosternError('auth.forbidden', 'This account reaches further than your organisation: ask a super admin.');
  }
}

function unknown(): PosternError {
  return new PosternError('account.not-found', 'There is no such person in your organisation.');
}
