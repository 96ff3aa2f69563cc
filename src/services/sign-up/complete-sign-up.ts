import { hashPassword } from '../../crypto/passwords.js';
import { PosternError } from '../../errors.js';
import { countRequest } from '../accounts/attempts.js';
import { checkPassword } from '../accounts/passwords/password-rules.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';

/**
 * Creates the account of whoever holds the link, with a personal tenant. A refused password leaves the link valid. Throws
 * `account.link-invalid`, `account.password-weak`, `account.exists`.
 */
export async function completeSignUp(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string; readonly displayName: string; readonly password: string };
}): Promise<void> {
  const { ctx, input } = call;
  await countRequest(ctx);
  checkPassword(input.password, [input.displayName]);
  // Before the transaction: it takes a quarter of a second.
  const passwordHash = await hashPassword(input.password);
  await ctx.parts.store.withSystem('sign-in', async (db) => {
    const held = await db.tokens.spend(hashSecret(input.token), 'sign-up');
    const email = held?.details['email'];
    if (typeof email !== 'string') {
      throw new PosternError('account.link-invalid', 'This link has expired or was used. Sign up again.');
    }
    checkPassword(input.password, [email]);
    const displayName = input.displayName === '' ? email.slice(0, email.lastIndexOf('@')) : input.displayName;
    await db.accounts.create({ email, displayName, passwordHash });
  });
}
