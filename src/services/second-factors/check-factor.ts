import { PosternError } from '../../errors.js';
import type { SystemDb } from '../../store/store.js';
import { countAttempts } from '../accounts/attempts.js';
import type { PublicContext } from '../context.js';
import { spendRecoveryCode } from './recovery-codes.js';
import { spendTotp } from './totp.js';

export type CodeMethod = 'totp' | 'recovery-code';

/**
 * Checks a code of the person's second factor and uses it up, in a transaction of the caller. Throws `auth.code-invalid`, and
 * `request.rate-limited` after ten attempts in an hour, from wherever they come: whoever has the password must not guess the rest.
 */
export async function checkFactor(
  ctx: PublicContext,
  db: SystemDb,
  userId: string,
  method: CodeMethod,
  code: string,
): Promise<void> {
  const { parts } = ctx;
  const facts = await db.secondFactors.facts(userId);
  const matches =
    method === 'totp'
      ? facts?.totp?.confirmed === true && (await spendTotp(parts, db, userId, facts.totp, code))
      : await spendRecoveryCode(parts, db, userId, code);
  if (!matches) throw new PosternError('auth.code-invalid', 'The code is not right, or was used before.');
}

/** Before any code is looked at. */
export async function countFactorAttempt(ctx: PublicContext, userId: string): Promise<void> {
  await countAttempts([ctx.parts.accounts.byFactor, userId]);
}

/** After the right one. */
export async function forgetFactorAttempts(ctx: PublicContext, userId: string): Promise<void> {
  await ctx.parts.accounts.byFactor.clear(userId);
}
