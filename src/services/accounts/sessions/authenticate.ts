import { PosternError } from '../../../errors.js';
import { authenticateKey } from '../../api-keys/authenticate-key.js';
import { looksLikeKey } from '../../api-keys/secret.js';
import type { MemberContext, PublicContext } from '../../context.js';

/**
 * Turns an access token, or the secret of an API key, into a context. The session must still live and its person must still belong to the tenant: the role is
 * the one the database has now. Throws `auth.token-invalid`.
 */
export async function authenticate(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly accessToken: string };
}): Promise<MemberContext> {
  const { ctx, input } = call;
  if (looksLikeKey(input.accessToken)) return await authenticateKey({ ctx, input: { secret: input.accessToken } });
  const { store, tokens, sessions } = ctx.parts;
  const claims = await tokens.verify(input.accessToken);
  const live = await sessions.find(claims.sessionId, () =>
    store.withSystem('sign-in', (db) => db.sessions.find(claims.sessionId)),
  );
  const membership = live?.user.memberships.find(({ tenantId }) => tenantId === claims.tenantId);
  if (
    live === null ||
    membership === undefined ||
    live.tenantId !== claims.tenantId ||
    live.user.id !== claims.userId ||
    live.user.tokenEpoch !== claims.epoch ||
    live.user.suspended
  ) {
    throw new PosternError('auth.token-invalid', 'This session has ended. Sign in again.');
  }
  const { userId, tenantId, sessionId } = claims;
  const { confined } = live;
  // The platform is nobody's organisation: no identity provider of one opens it.
  const superAdmin = live.user.superAdmin && !confined;
  return { ...ctx, identity: { userId, tenantId, sessionId, role: membership.role, superAdmin, confined } };
}
