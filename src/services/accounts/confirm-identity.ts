import { verifyPassword } from '../../crypto/passwords.js';
import { PosternError } from '../../errors.js';
import type { UserRow } from '../../store/store.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { countAttempts } from './attempts.js';

/** Somebody without a password has just signed in, or signs in again. */
const FRESH_MS = 10 * 60_000;

/**
 * Asks once more who this is, before something that could lock the owner out: an unattended screen or a stolen access token is not
 * enough. Throws `account.confirmation-needed`, `request.rate-limited`.
 */
export async function confirmIdentity(ctx: MemberContext, password: string | undefined): Promise<UserRow> {
  authorize(ctx, 'account.manage');
  const { store, limits, now } = ctx.parts;
  const { userId, sessionId } = ctx.identity;
  const key = `confirm ${userId}`;
  await countAttempts([limits.byPair, key]);
  const { user, sessions } = await store.withSystem('sign-in', async (db) => ({
    user: await db.findUserById(userId),
    sessions: await db.accounts.listSessions(userId),
  }));
  if (user === null) throw new PosternError('auth.token-invalid', 'This account is gone.');
  if (user.passwordHash !== null) {
    if (!(await verifyPassword(password ?? '', user.passwordHash))) {
      throw new PosternError('account.confirmation-needed', 'The password is not right.');
    }
  } else {
    const began = sessions.find(({ id }) => id === sessionId)?.startedAt.getTime() ?? 0;
    if (now().getTime() - began > FRESH_MS) {
      throw new PosternError(
        'account.confirmation-needed',
        'Sign out and in again first: this account has no password.',
      );
    }
  }
  await limits.byPair.clear(key);
  return user;
}
