import { hashPassword } from '../../../crypto/passwords.js';
import { recordedIp } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { notice } from '../../mail/letters.js';
import { post } from '../../mail/post.js';
import { confirmIdentity } from '../confirm-identity.js';
import { checkPassword } from './password-rules.js';

/** Sets a new password, for who knows the old one; ends every other session. Throws `account.password-weak`. */
export async function changePassword(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly password?: string | undefined; readonly newPassword: string };
}): Promise<void> {
  const { ctx, input } = call;
  const user = await confirmIdentity(ctx, input.password);
  checkPassword(input.newPassword, [user.email, user.displayName, ...user.memberships.map((m) => m.tenantName)]);
  const passwordHash = await hashPassword(input.newPassword);
  const ended = await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      await db.accounts.setPassword(user.id, passwordHash);
      await db.tokens.voidAll(user.id);
      await db.accounts.record({ userId: user.id, action: 'account.password-changed', outcome: 'succeeded' });
      await post(ctx.parts, db, user.email, notice('The password of your account was changed.'));
      return await db.accounts.endSessions(user.id, { keep: ctx.identity.sessionId }, 'password changed');
    },
    recordedIp(ctx),
  );
  for (const id of ended) ctx.parts.sessions.forget(id);
}
