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
  const { store, limits } = ctx.parts;
  const { userId } = ctx.identity;
  const key = `confirm ${userId}`;
  await countAttempts([limits.byPair, key]);
  const user = await store.withSystem('sign-in', (db) => db.findUserById(userId));
  if (user === null) throw new PosternError('auth.token-invalid', 'This account is gone.');
  if (user.passwordHash !== null) {
    if (!(await verifyPassword(password ?? '', user.passwordHash))) {
      throw new PosternError('account.confirmation-needed', 'The password is not right.');
    }
  } else if (!(await hasJustSignedIn(ctx))) {
    throw new PosternError('account.confirmation-needed', 'Sign out and in again first: this account has no password.');
  }
  await limits.byPair.clear(key);
  return user;
}

/**
 * The same before what an administrator does with the organisation and not with the account: whom its own provider signed in, and who
 * may have nothing else to sign in with, has just done so. Throws as above.
 */
export async function confirmAdministrator(ctx: MemberContext, password: string | undefined): Promise<void> {
  if (ctx.identity.confined !== true) {
    await confirmIdentity(ctx, password);
  } else if (!(await hasJustSignedIn(ctx))) {
    throw new PosternError('account.confirmation-needed', 'Sign out and in again first, with your organisation.');
  }
}

async function hasJustSignedIn({ parts, identity }: MemberContext): Promise<boolean> {
  const sessions = await parts.store.withSystem('sign-in', (db) => db.accounts.listSessions(identity.userId));
  const began = sessions.find(({ id }) => id === identity.sessionId)?.startedAt.getTime() ?? 0;
  return parts.now().getTime() - began <= FRESH_MS;
}
