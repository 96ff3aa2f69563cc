import type { MemberContext } from '../../context.js';

/** Ends the session at once: its refresh token and its access tokens are void. */
export async function signOut({ ctx }: { readonly ctx: MemberContext }): Promise<void> {
  const { sessionId } = ctx.identity;
  await ctx.parts.store.withSystem('sign-in', (db) => db.sessions.end(sessionId, 'signed out'));
  ctx.parts.sessions.forget(sessionId);
}
