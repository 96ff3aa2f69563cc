import { PosternError } from '../../errors.js';
import type { UserRow } from '../../store/store.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { maySignUp } from '../sign-up/may-sign-up.js';
import type { ForeignIdentity, IdentityProvider } from './provider.js';

/**
 * The account of an identity: the one it is linked to; else, where the operator allows it, the one whose confirmed address the
 * provider has verified too; else a new one, where sign-up is open to that address. Throws `auth.provider-refused`, for every other
 * case in the same words.
 */
export async function accountOf(
  ctx: PublicContext,
  provider: IdentityProvider,
  identity: ForeignIdentity,
): Promise<UserRow> {
  const { store, accounts } = ctx.parts;
  const { issuer, subject, verifiedEmail, name } = identity;
  return await store.withSystem(
    'sign-in',
    async (db) => {
      const holder = await db.identities.holder(issuer, subject);
      const linked = holder === null ? null : await db.findUserById(holder);
      if (linked !== null) {
        if (linked.suspended) throw nobody(provider);
        return linked;
      }
      if (verifiedEmail === null) throw nobody(provider);
      const same = await db.findUserByEmail(verifiedEmail);
      if (same !== null) {
        const facts = await db.secondFactors.facts(same.id);
        // An address the account has not shown to be its own could be anybody's: its owner would get a stranger's account.
        const trusted = accounts.linkByEmail && facts?.emailVerified === true && !same.suspended;
        if (!trusted) throw nobody(provider);
        await db.identities.link(issuer, subject, same.id);
        const details = { provider: provider.id, by: 'verified address' };
        await db.accounts.record({ userId: same.id, action: 'account.identity-linked', outcome: 'succeeded', details });
        await post(
          ctx.parts,
          db,
          same.email,
          notice(`${provider.name} was added to your account as a way to sign in.`),
        );
        return same;
      }
      if (!maySignUp(accounts.signUp, verifiedEmail)) throw nobody(provider);
      const displayName = name === '' ? verifiedEmail.slice(0, verifiedEmail.lastIndexOf('@')) : name;
      const id = await db.accounts.create({ email: verifiedEmail, displayName, passwordHash: null });
      await db.identities.link(issuer, subject, id);
      const created = await db.findUserById(id);
      if (created === null) throw new PosternError('internal', 'The account was not stored.');
      return created;
    },
    recordedIp(ctx),
  );
}

/** Adds an identity to the account of somebody who is signed in and asked for it. Throws `account.exists`. */
export async function linkIdentity(
  ctx: PublicContext,
  userId: string,
  provider: IdentityProvider,
  { issuer, subject }: ForeignIdentity,
): Promise<void> {
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      const user = await db.findUserById(userId);
      if (user === null || user.suspended) throw nobody(provider);
      if ((await db.identities.holder(issuer, subject)) === userId) return;
      await db.identities.link(issuer, subject, userId);
      const details = { provider: provider.id, by: 'the person' };
      await db.accounts.record({ userId, action: 'account.identity-linked', outcome: 'succeeded', details });
      await post(ctx.parts, db, user.email, notice(`${provider.name} was added to your account as a way to sign in.`));
    },
    recordedIp(ctx),
  );
}

function nobody(provider: IdentityProvider): PosternError {
  return new PosternError('auth.provider-refused', `No account here belongs to what you showed at ${provider.name}.`);
}
