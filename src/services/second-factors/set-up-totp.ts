import { PosternError } from '../../errors.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';
import { countFactorAttempt, forgetFactorAttempts } from './check-factor.js';
import { renewRecoveryCodes } from './recovery-codes.js';
import { offerTotp, spendTotp } from './totp.js';
import type { TotpOffer } from './totp.js';

/** A secret for an authenticator app, which counts once `confirmTotp` has seen a code. Throws `account.second-factor-exists`. */
export async function beginTotp(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly password?: string | undefined };
}): Promise<TotpOffer> {
  const { ctx, input } = call;
  const user = await confirmIdentity(ctx, input.password);
  const offer = await ctx.parts.store.withSystem('sign-in', (db) => offerTotp(ctx.parts, db, user));
  if (offer !== null) return offer;
  throw new PosternError('account.second-factor-exists', 'An authenticator app is set up already. Remove it first.');
}

/** Turns the app on and returns ten recovery codes, shown this once. Throws `auth.code-invalid`. */
export async function confirmTotp(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly code: string };
}): Promise<readonly string[]> {
  const { ctx, input } = call;
  authorize(ctx, 'account.manage');
  const { userId } = ctx.identity;
  await countFactorAttempt(ctx, userId);
  const codes = await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      const facts = await db.secondFactors.facts(userId);
      const user = await db.findUserById(userId);
      if (facts?.totp?.confirmed === true) {
        throw new PosternError('account.second-factor-exists', 'An authenticator app is set up already.');
      }
      const matches = facts !== null && (await spendTotp(ctx.parts, db, userId, facts.totp, input.code));
      if (!matches || user === null) {
        throw new PosternError('auth.code-invalid', 'The code is not right. Wait for the next one and try again.');
      }
      await db.secondFactors.confirmTotp(userId);
      const fresh = await renewRecoveryCodes(ctx.parts, db, userId);
      await db.accounts.record({ userId, action: 'account.second-factor-added', outcome: 'succeeded' });
      await post(ctx.parts, db, user.email, notice('An authenticator app was added to your account.'));
      return fresh;
    },
    recordedIp(ctx),
  );
  await forgetFactorAttempts(ctx, userId);
  return codes;
}
