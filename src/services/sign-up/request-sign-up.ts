import { PosternError } from '../../errors.js';
import { countMessage } from '../accounts/attempts.js';
import { newSecret } from '../accounts/one-time-secret.js';
import type { PublicContext } from '../context.js';
import { alreadySignedUp, signUpLink } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { maySignUp } from './may-sign-up.js';

const VALID_MS = 24 * 60 * 60_000;

/**
 * Sends a link with which the holder of the address creates the account. Nothing exists before the link was opened, so nobody can
 * prepare an account for somebody else's address. An address that has an account gets a message too, and the answer is the same.
 * Throws `account.sign-up-closed`, `request.rate-limited`.
 */
export async function requestSignUp(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string };
}): Promise<void> {
  const { ctx, input } = call;
  const { store, accounts, now } = ctx.parts;
  const email = input.email.trim().toLowerCase();
  if (!maySignUp(accounts.signUp, email)) {
    throw new PosternError(
      'account.sign-up-closed',
      'Sign-up with this address is not open here. Ask whoever runs postern.',
    );
  }
  await countMessage(ctx, email);
  const { secret, hash } = newSecret();
  await store.withSystem('sign-in', async (db) => {
    const known = await db.findUserByEmail(email);
    const expiresAt = new Date(now().getTime() + VALID_MS);
    await db.tokens.keep({ hash, purpose: 'sign-up', userId: null, details: { email }, expiresAt });
    const url = accounts.publicUrl();
    // After the #: browsers do not send it, so it stands in no log on the way.
    const letter = known === null ? signUpLink(`${url}/welcome#token=${secret}`) : alreadySignedUp(`${url}/sign-in`);
    await post(ctx.parts, db, email, letter);
  });
}
