import { PosternError } from '../../errors.js';
import type { PasskeyRow } from '../../store/interfaces/account-tables.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';

export async function listPasskeys({ ctx }: { readonly ctx: MemberContext }): Promise<readonly PasskeyRow[]> {
  authorize(ctx, 'account.manage');
  return await ctx.parts.store.withSystem('sign-in', (db) => db.secondFactors.passkeys.list(ctx.identity.userId));
}

/** Throws `account.not-found`, also for another person's. */
export async function renamePasskey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly name: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'account.manage');
  const { userId } = ctx.identity;
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      if (!(await db.secondFactors.passkeys.rename(userId, input.id, input.name))) throw unknown();
      await db.accounts.record({ userId, action: 'account.passkey-renamed', outcome: 'succeeded' });
    },
    recordedIp(ctx),
  );
}

/** Throws `account.not-found`, also for another person's. */
export async function removePasskey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  const user = await confirmIdentity(ctx, input.password);
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      if (!(await db.secondFactors.passkeys.remove(user.id, input.id))) throw unknown();
      await db.accounts.record({ userId: user.id, action: 'account.passkey-removed', outcome: 'succeeded' });
      await post(ctx.parts, db, user.email, notice('A passkey was removed from your account.'));
    },
    recordedIp(ctx),
  );
}

function unknown(): PosternError {
  return new PosternError('account.not-found', 'There is no such passkey.');
}
