import { PosternError } from '../../errors.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { grantAccess } from './grant-access.js';
import type { Grant } from './grant-access.js';

/**
 * The session goes on in another tenant of the same person; the access tokens before are void. Throws `auth.forbidden` for a
 * tenant that is not theirs, whether it exists or not, and for one that demands a second factor the session began without.
 */
export async function switchTenant(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly tenantId: string };
}): Promise<Omit<Grant, 'refresh'>> {
  const { ctx, input } = call;
  authorize(ctx, 'tenant.switch');
  const { sessionId } = ctx.identity;
  const live = await ctx.parts.store.withSystem('sign-in', async (db) => {
    if (!(await db.sessions.switchTo(sessionId, input.tenantId))) {
      throw new PosternError('auth.forbidden', 'You do not belong to this organisation.');
    }
    const there = await db.sessions.find(sessionId);
    // Thrown here, so that the session stays where it was.
    if (there === null) {
      throw new PosternError(
        'auth.forbidden',
        'This organisation asks for a second factor at sign-in. Sign out and in again.',
      );
    }
    return there;
  });
  ctx.parts.sessions.forget(sessionId);
  return await grantAccess(ctx, { ...live, sessionId });
}
