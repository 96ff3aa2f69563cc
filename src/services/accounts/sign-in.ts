import { PosternError } from '../../errors.js';
import { verifyPassword } from '../../crypto/passwords.js';
import type { UserRow } from '../../store/store.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { afterFirstFactor } from './after-first-factor.js';
import type { SignInAnswer } from './after-first-factor.js';
import { countAttempts } from './attempts.js';
import { clientKey } from '../limits/client-key.js';

/**
 * Checks e-mail address and password and starts a session, or asks for the second factor. Throws `auth.invalid-credentials` for a
 * wrong password and an unknown or suspended account alike, after the same work, and `request.rate-limited`.
 */
export async function signIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string; readonly password: string };
}): Promise<SignInAnswer> {
  const { ctx, input } = call;
  const { limits, store } = ctx.parts;
  const email = input.email.trim().toLowerCase();
  const client = clientKey(ctx.client.ip);
  const pair = `${client} ${email}`;
  await countAttempts([limits.byPair, pair], [limits.bySide, `address ${client}`], [limits.bySide, `account ${email}`]);
  const user = await store.withSystem('sign-in', (db) => db.findUserByEmail(email));
  const matches = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (user === null || !matches || user.suspended) return await refuse(ctx, user);
  await limits.byPair.clear(pair);
  return await afterFirstFactor(ctx, user, 'password');
}

async function refuse(ctx: PublicContext, user: UserRow | null): Promise<never> {
  await ctx.parts.store.withSystem(
    'sign-in',
    // The same either way, so that the time taken does not tell whether the account exists.
    (db) => db.recordSignIn(user?.id ?? null, 'failed'),
    recordedIp(ctx),
  );
  throw new PosternError('auth.invalid-credentials', 'The e-mail address or the password is not right.');
}
