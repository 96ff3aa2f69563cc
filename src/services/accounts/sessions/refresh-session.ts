import { PosternError } from '../../../errors.js';
import type { PublicContext } from '../../context.js';
import type { Grant } from './grant-access.js';
import { grantAccess } from './grant-access.js';
import { hashSecret, newRefreshToken, readRefreshToken, writeRefreshToken } from './refresh-token.js';

/**
 * Exchanges a refresh token for an access token and the next refresh token. A token that was exchanged before ends the session, since
 * two parties hold it; only the latest is forgiven for half a minute, for two tabs at once and for answers that got lost.
 * Throws `auth.token-invalid`.
 */
export async function refreshSession(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly refreshToken: string };
}): Promise<Grant> {
  const { ctx, input } = call;
  const { store, sessions } = ctx.parts;
  const presented = readRefreshToken(input.refreshToken);
  if (presented === null) throw ended();
  const { sessionId } = presented;
  const next = newRefreshToken(sessionId);
  const { outcome, live } = await store.withSystem('sign-in', async (db) => ({
    outcome: await db.sessions.rotate(sessionId, hashSecret(presented.secret), hashSecret(next.secret)),
    live: await db.sessions.find(sessionId),
  }));
  // What others had cached of it may be outdated either way.
  sessions.forget(sessionId);
  if (outcome === 'reused')
    ctx.parts.log.warn({ sessionId }, 'a refresh token was used twice; its session has been ended');
  if (outcome === 'reused' || outcome === 'unknown' || live === null || live.user.suspended) throw ended();
  const access = await grantAccess(ctx, { ...live, sessionId });
  const refresh = outcome === 'rotated' ? { token: writeRefreshToken(next), expiresAt: live.expiresAt } : null;
  return { ...access, refresh };
}

function ended(): PosternError {
  return new PosternError('auth.token-invalid', 'This session has ended. Sign in again.');
}
