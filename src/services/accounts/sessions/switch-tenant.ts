import { PosternError } from '../../../errors.js';
import type { SwitchOutcome } from '../../../store/interfaces/sign-in-sessions.js';
import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import { grantAccess } from './grant-access.js';
import type { Grant } from './grant-access.js';

/**
 * The session goes on in another tenant of the same person; the access tokens before are void. Throws `auth.forbidden` for a
 * tenant that is not theirs, whether it exists or not, and for one that demands a second factor the session began without;
 * `auth.password-off` for one that is not entered with a password.
 */
export async function switchTenant(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly tenantId: string };
}): Promise<Omit<Grant, 'refresh'>> {
  const { ctx, input } = call;
  authorize(ctx, 'tenant.switch');
  const { sessionId } = ctx.identity;
  const live = await ctx.parts.store.withSystem('sign-in', async (db) => {
    const outcome = await db.sessions.switchTo(sessionId, input.tenantId);
    // Thrown in here, so that the session stays where it was.
    if (outcome !== 'switched') throw refused(outcome);
    const there = await db.sessions.find(sessionId);
    if (there === null) throw refused('unknown');
    return there;
  });
  ctx.parts.sessions.forget(sessionId);
  return await grantAccess(ctx, { ...live, sessionId });
}

function refused(outcome: Exclude<SwitchOutcome, 'switched'>): PosternError {
  switch (outcome) {
    case 'unknown':
      return new PosternError('auth.forbidden', 'You do not belong to this organisation.');
    case 'confined':
      return new PosternError(
        'auth.forbidden',
        'The identity provider that signed you in speaks for its own organisation only. Sign out and in again.',
      );
    case 'second-factor':
      return new PosternError(
        'auth.forbidden',
        'This organisation asks for a second factor at sign-in. Sign out and in again.',
      );
    case 'password-off':
      return new PosternError(
        'auth.password-off',
        'This organisation is not entered with a password. Sign out, and in again with its identity provider or a passkey.',
      );
  }
}
