import { PosternError } from '../../errors.js';
import { verifyPassword } from '../../crypto/passwords.js';
import { TENANT_ROLES } from '../../store/store.js';
import type { UserRow } from '../../store/store.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { hashSecret, newRefreshToken, writeRefreshToken } from './refresh-token.js';
import { grantAccess } from './grant-access.js';
import type { Grant } from './grant-access.js';

/** A session ends after a working day, however busy it is. */
const SESSION_MS = 24 * 60 * 60 * 1000;

/**
 * Checks e-mail address and password and starts a session. Throws `auth.invalid-credentials` for a wrong password and an unknown
 * or suspended account alike, after the same work, and `request.rate-limited`.
 */
export async function signIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string; readonly password: string };
}): Promise<Grant> {
  const { ctx, input } = call;
  const email = input.email.trim().toLowerCase();
  await countAttempt(ctx, email);
  const user = await ctx.parts.store.withSystem('sign-in', (db) => db.findUserByEmail(email));
  const matches = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (user === null || !matches || user.suspended) return await refuse(ctx, user);
  await ctx.parts.limits.byPair.clear(pairKey(ctx, email));
  return await startSession(ctx, user);
}

async function refuse(ctx: PublicContext, user: UserRow | null): Promise<never> {
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      // One statement either way, so that the time taken does not tell whether the account exists.
      if (user === null) await db.findUserByEmail('');
      else await db.recordSignIn(user.id, 'failed');
    },
    recordedIp(ctx),
  );
  throw new PosternError('auth.invalid-credentials', 'The e-mail address or the password is not right.');
}

async function startSession(ctx: PublicContext, user: UserRow): Promise<Grant> {
  const { store, now } = ctx.parts;
  // The tenant where the person may do most: an organisation before the personal one.
  const [home] = [...user.memberships].sort((a, b) => TENANT_ROLES.indexOf(b.role) - TENANT_ROLES.indexOf(a.role));
  if (home === undefined) throw new PosternError('auth.forbidden', 'This account belongs to no organisation any more.');
  const refresh = newRefreshToken();
  const expiresAt = new Date(now().getTime() + SESSION_MS);
  await store.withSystem(
    'sign-in',
    async (db) => {
      await db.sessions.start({
        id: refresh.sessionId,
        userId: user.id,
        tenantId: home.tenantId,
        tokenHash: hashSecret(refresh.secret),
        expiresAt,
      });
      await db.recordSignIn(user.id, 'succeeded');
    },
    recordedIp(ctx),
  );
  const access = await grantAccess(ctx, { user, tenantId: home.tenantId, sessionId: refresh.sessionId, expiresAt });
  return { ...access, refresh: { token: writeRefreshToken(refresh), expiresAt } };
}

async function countAttempt(ctx: PublicContext, email: string): Promise<void> {
  const { limits } = ctx.parts;
  const waitMs = Math.max(
    ...(await Promise.all([
      limits.byPair.hit(pairKey(ctx, email)),
      limits.bySide.hit(`address ${ctx.client.ip}`),
      limits.bySide.hit(`account ${email}`),
    ])),
  );
  if (waitMs === 0) return;
  const retryAfter = Math.ceil(waitMs / 1000);
  throw new PosternError('request.rate-limited', `Too many attempts. Try again in ${inWords(retryAfter)}.`, {
    details: { retry_after: retryAfter },
  });
}

function pairKey(ctx: PublicContext, email: string): string {
  return `${ctx.client.ip} ${email}`;
}

function inWords(seconds: number): string {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}
