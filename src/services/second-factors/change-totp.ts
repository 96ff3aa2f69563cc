import { PosternError } from '../../errors.js';
import type { SystemDb, UserRow } from '../../store/store.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import type { MemberContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { checkFactor, countFactorAttempt, forgetFactorAttempts } from './check-factor.js';
import { renewRecoveryCodes } from './recovery-codes.js';

export interface Proof {
  readonly password?: string | undefined;
  /** From the app, or a recovery code. */
  readonly code: string;
}

/** Takes the app off the account, for who shows password and code. Its recovery codes go with it. Throws `auth.code-invalid`. */
export async function removeTotp(call: { readonly ctx: MemberContext; readonly input: Proof }): Promise<void> {
  await proven(call.ctx, call.input, async (db, user) => {
    await db.secondFactors.removeTotp(user.id);
    await db.accounts.record({ userId: user.id, action: 'account.second-factor-removed', outcome: 'succeeded' });
    await post(call.ctx.parts, db, user.email, notice('The authenticator app was removed from your account.'));
  });
}

/** Ten new recovery codes; those before are void. Throws `auth.code-invalid`. */
export async function newRecoveryCodes(call: {
  readonly ctx: MemberContext;
  readonly input: Proof;
}): Promise<readonly string[]> {
  return await proven(call.ctx, call.input, async (db, user) => {
    const codes = await renewRecoveryCodes(call.ctx.parts, db, user.id);
    await db.accounts.record({ userId: user.id, action: 'account.recovery-codes-renewed', outcome: 'succeeded' });
    await post(call.ctx.parts, db, user.email, notice('Your recovery codes were replaced by new ones.'));
    return codes;
  });
}

async function proven<T>(
  ctx: MemberContext,
  proof: Proof,
  work: (db: SystemDb, user: UserRow) => Promise<T>,
): Promise<T> {
  const user = await confirmIdentity(ctx, proof.password);
  await countFactorAttempt(ctx, user.id);
  const result = await ctx.parts.store.withSystem('sign-in', async (db) => {
    const facts = await db.secondFactors.facts(user.id);
    if (facts?.totp?.confirmed !== true) {
      throw new PosternError('account.second-factor-missing', 'There is no authenticator app on this account.');
    }
    const method = /^\s*\d{3}\s?\d{3}\s*$/.test(proof.code) ? 'totp' : 'recovery-code';
    await checkFactor(ctx, db, user.id, method, proof.code);
    return await work(db, user);
  });
  await forgetFactorAttempts(ctx, user.id);
  return result;
}
