import { hashPassword } from '../../../crypto/passwords.js';
import { PosternError } from '../../../errors.js';
import { recordedIp } from '../../context.js';
import type { PublicContext } from '../../context.js';
import { notice, resetLink } from '../../mail/letters.js';
import { post } from '../../mail/post.js';
import { countMessage, countRequest } from '../attempts.js';
import { holderOf, newSecret } from '../one-time-secret.js';
import { checkPassword } from './password-rules.js';
import { hashSecret } from '../sessions/refresh-token.js';

const VALID_MS = 30 * 60_000;

/** Sends a link to choose a new password. The answer and the work are the same for an address without an account. */
export async function requestPasswordReset(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string };
}): Promise<void> {
  const { ctx, input } = call;
  const { store, accounts, now } = ctx.parts;
  const email = input.email.trim().toLowerCase();
  await countMessage(ctx, email);
  const { secret, hash } = newSecret();
  await store.withSystem('sign-in', async (db) => {
    const found = await db.findUserByEmail(email);
    const user = found?.suspended === false ? found : null;
    const expiresAt = new Date(now().getTime() + VALID_MS);
    await db.tokens.keep({ hash, purpose: 'password-reset', userId: user?.id ?? null, expiresAt, alone: true });
    const url = `${accounts.publicUrl()}/reset#token=${secret}`;
    await post(ctx.parts, db, user?.email ?? email, resetLink(url), { decoy: user === null });
  });
}

/**
 * Sets the password of whoever holds the link and ends all their sessions. A second factor stays: the new password does not sign in
 * without it. A refused password leaves the link valid. Throws `account.link-invalid`, `account.password-weak`.
 */
export async function resetPassword(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string; readonly password: string };
}): Promise<void> {
  const { ctx, input } = call;
  await countRequest(ctx);
  checkPassword(input.password, []);
  const passwordHash = await hashPassword(input.password);
  const ended = await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      const held = await db.tokens.spend(hashSecret(input.token), 'password-reset');
      const user = await holderOf(db, held);
      if (user === null) {
        throw new PosternError('account.link-invalid', 'This link has expired or was used. Ask for a new one.');
      }
      checkPassword(input.password, [user.email, user.displayName]);
      await db.accounts.setPassword(user.id, passwordHash);
      // The link came by mail, so the address is theirs.
      await db.accounts.confirmEmail(user.id, user.email);
      await db.tokens.voidAll(user.id);
      await db.accounts.record({ userId: user.id, action: 'account.password-reset', outcome: 'succeeded' });
      await post(ctx.parts, db, user.email, notice('The password of your account was reset.'));
      return await db.accounts.endSessions(user.id, {}, 'password reset');
    },
    recordedIp(ctx),
  );
  for (const id of ended) ctx.parts.sessions.forget(id);
}
