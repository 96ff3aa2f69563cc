import { PosternError } from '../../errors.js';
import { recordedIp } from '../context.js';
import type { MemberContext, PublicContext } from '../context.js';
import { alreadySignedUp, confirmationLink, notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';
import { countMessage, countRequest } from './attempts.js';
import { confirmIdentity } from './confirm-identity.js';
import { holderOf, newSecret } from './one-time-secret.js';
import { hashSecret } from './sessions/refresh-token.js';

const VALID_MS = 24 * 60 * 60_000;

/**
 * Sends a link to the new address; the change happens when it is opened. Whether the address has an account shows nowhere but in the
 * message to it.
 */
export async function requestEmailChange(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly email: string; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  const user = await confirmIdentity(ctx, input.password);
  await sendConfirmation(ctx, user.id, input.email.trim().toLowerCase());
}

/** Sends a link to the address the account has, to show that it is theirs. */
export async function requestEmailConfirmation({ ctx }: { readonly ctx: MemberContext }): Promise<void> {
  authorize(ctx, 'account.manage');
  const user = await ctx.parts.store.withSystem('sign-in', (db) => db.findUserById(ctx.identity.userId));
  if (user !== null) await sendConfirmation(ctx, user.id, user.email);
}

async function sendConfirmation(ctx: MemberContext, userId: string, email: string): Promise<void> {
  const { store, accounts, now } = ctx.parts;
  await countMessage(ctx, email);
  const { secret, hash } = newSecret();
  await store.withSystem('sign-in', async (db) => {
    const holder = await db.findUserByEmail(email);
    const expiresAt = new Date(now().getTime() + VALID_MS);
    await db.tokens.keep({ hash, purpose: 'email-confirmation', userId, details: { email }, expiresAt, alone: true });
    const url = accounts.publicUrl();
    const taken = holder !== null && holder.id !== userId;
    const letter = taken ? alreadySignedUp(`${url}/sign-in`) : confirmationLink(`${url}/confirm#token=${secret}`);
    await post(ctx.parts, db, email, letter);
  });
}

/**
 * Makes the address of the link the account's, for whoever holds the link. The address before is told. Throws `account.link-invalid`,
 * `account.exists`.
 */
export async function confirmEmail(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string };
}): Promise<void> {
  const { ctx, input } = call;
  await countRequest(ctx);
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      const held = await db.tokens.spend(hashSecret(input.token), 'email-confirmation');
      const user = await holderOf(db, held);
      const email = held?.details['email'];
      if (user === null || typeof email !== 'string') {
        throw new PosternError('account.link-invalid', 'This link has expired or was used. Ask for a new one.');
      }
      await db.accounts.confirmEmail(user.id, email);
      const changed = email !== user.email;
      const action = changed ? 'account.email-changed' : 'account.email-confirmed';
      await db.accounts.record({ userId: user.id, action, outcome: 'succeeded' });
      if (!changed) return;
      await db.tokens.voidAll(user.id);
      await post(ctx.parts, db, user.email, notice('The e-mail address of your account was changed to another one.'));
    },
    recordedIp(ctx),
  );
}
