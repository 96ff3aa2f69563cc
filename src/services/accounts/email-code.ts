import { randomInt } from 'node:crypto';
import { PosternError } from '../../errors.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { signInCode } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { afterFirstFactor } from './after-first-factor.js';
import type { SignInAnswer } from './after-first-factor.js';
import { countMessage, countRequest } from './attempts.js';
import { newSecret } from './one-time-secret.js';
import { hashSecret } from './sessions/refresh-token.js';

const VALID_MS = 10 * 60_000;
const ATTEMPTS = 5;

/**
 * Sends a code to sign in with, and returns what must come back with it: a code alone, read over a shoulder, is of no use. The answer
 * and the work are the same for an address without an account.
 */
export async function requestEmailCode(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string };
}): Promise<{ readonly challenge: string }> {
  const { ctx, input } = call;
  const { store, now } = ctx.parts;
  const email = input.email.trim().toLowerCase();
  await countMessage(ctx, email);
  const { secret, hash } = newSecret();
  const code = String(randomInt(100_000_000)).padStart(8, '0');
  await store.withSystem('sign-in', async (db) => {
    const found = await db.findUserByEmail(email);
    const user = found?.suspended === false ? found : null;
    await db.tokens.keep({
      ...{ hash, purpose: 'email-code', userId: user?.id ?? null, details: { code: hashOf(ctx, secret, code) } },
      ...{ attempts: ATTEMPTS, expiresAt: new Date(now().getTime() + VALID_MS), alone: true },
    });
    const spaced = `${code.slice(0, 4)} ${code.slice(4)}`;
    await post(ctx.parts, db, user?.email ?? email, signInCode(spaced), { decoy: user === null });
  });
  return { challenge: secret };
}

/** Signs in with the code, or asks for the second factor. Throws `auth.code-invalid`, `auth.challenge-invalid`. */
export async function signInWithEmailCode(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly challenge: string; readonly code: string };
}): Promise<SignInAnswer> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const { store } = ctx.parts;
  const hash = hashSecret(input.challenge);
  const held = await store.withSystem('sign-in', (db) => db.tokens.attempt(hash, 'email-code'));
  if (held === null) throw spent();
  const matches = held.details['code'] === hashOf(ctx, input.challenge, input.code.replace(/\s/g, ''));
  const user =
    held.userId === null ? null : await store.withSystem('sign-in', (db) => db.findUserById(held.userId ?? ''));
  if (!matches || user === null || user.suspended) {
    if (user !== null) await store.withSystem('sign-in', (db) => db.recordSignIn(user.id, 'failed'), recordedIp(ctx));
    throw new PosternError('auth.code-invalid', 'The code is not right.');
  }
  return await afterFirstFactor(ctx, user, 'email-code', {
    async permit(db) {
      if ((await db.tokens.spend(hash, 'email-code')) === null) throw spent();
    },
  });
}

/** Keyed: eight digits could be guessed from the database alone. */
function hashOf(ctx: PublicContext, challenge: string, code: string): string {
  return Buffer.from(ctx.parts.accounts.factorVault.hashes(`e-mail code ${challenge} ${code}`)[0]).toString(
    'base64url',
  );
}

function spent(): PosternError {
  return new PosternError('auth.challenge-invalid', 'This code has expired or was tried too often. Ask for a new one.');
}
