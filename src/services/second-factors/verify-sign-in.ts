import { PosternError } from '../../errors.js';
import type { HeldToken } from '../../store/interfaces/account-tables.js';
import type { UserRow } from '../../store/store.js';
import type { Grant } from '../accounts/sessions/grant-access.js';
import { countRequest } from '../accounts/attempts.js';
import { holderOf } from '../accounts/one-time-secret.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import { startSession } from '../accounts/sessions/start-session.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { checkFactor, countFactorAttempt, forgetFactorAttempts } from './check-factor.js';
import type { CodeMethod } from './check-factor.js';
import { spendTotp } from './totp.js';

/**
 * The second step of a sign-in. The challenge belongs to the account that showed the first factor, works once and allows five
 * attempts in ten minutes. One for enrolment takes the first code of the new app, which turns it on. Throws `auth.challenge-invalid`,
 * `auth.code-invalid`, `request.rate-limited`.
 */
export async function verifySignIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly challenge: string; readonly method: CodeMethod; readonly code: string };
}): Promise<Grant> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const hash = hashSecret(input.challenge);
  const { purpose, held, user } = await takeAttempt(ctx, hash);
  await countFactorAttempt(ctx, user.id);
  const method = `${String(held.details['method'])}+${input.method}`;
  const confinedTo = held.details['confinedTo'];
  const confinement = typeof confinedTo === 'string' ? { confinedTo } : {};
  try {
    const grant = await startSession(ctx, user, { method, secondFactor: true, ...confinement }, async (db) => {
      if ((await db.tokens.spend(hash, purpose)) === null) throw spent();
      if (purpose === 'second-factor') {
        await checkFactor(ctx, db, user.id, input.method, input.code);
        return;
      }
      const facts = await db.secondFactors.facts(user.id);
      const first =
        facts?.totp?.confirmed === false && (await spendTotp(ctx.parts, db, user.id, facts.totp, input.code));
      if (!first) throw new PosternError('auth.code-invalid', 'The code is not right. Wait for the next one.');
      await db.secondFactors.confirmTotp(user.id);
      await db.accounts.record({ userId: user.id, action: 'account.second-factor-added', outcome: 'succeeded' });
    });
    await forgetFactorAttempts(ctx, user.id);
    return grant;
  } catch (error) {
    if (error instanceof PosternError && error.code === 'auth.code-invalid') {
      const details = { method: input.method };
      await ctx.parts.store.withSystem(
        'sign-in',
        (db) =>
          db.accounts.record({ userId: user.id, action: 'auth.second-factor-failed', outcome: 'refused', details }),
        recordedIp(ctx),
      );
    }
    throw error;
  }
}

/** In a transaction of its own: a wrong code must not give the attempt back. */
async function takeAttempt(
  ctx: PublicContext,
  hash: Uint8Array,
): Promise<{ readonly purpose: 'second-factor' | 'enrolment'; readonly held: HeldToken; readonly user: UserRow }> {
  return await ctx.parts.store.withSystem('sign-in', async (db) => {
    for (const purpose of ['second-factor', 'enrolment'] as const) {
      const held = await db.tokens.attempt(hash, purpose);
      const user = await holderOf(db, held);
      if (held !== null && user !== null) return { purpose, held, user };
    }
    throw spent();
  });
}

function spent(): PosternError {
  return new PosternError('auth.challenge-invalid', 'This sign-in took too long or was tried too often. Begin again.');
}
