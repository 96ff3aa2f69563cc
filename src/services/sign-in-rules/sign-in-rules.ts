import { PosternError } from '../../errors.js';
import type { SignInRules } from '../../store/interfaces/account-tables.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** What the organisation demands of its members at sign-in. */
export async function getSignInRules({ ctx }: { readonly ctx: MemberContext }): Promise<SignInRules> {
  authorize(ctx, 'sign-in-rules.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.signInRules.get());
}

/**
 * Changes them, at once for everybody: a session that showed no second factor does not live on where one is demanded,
 * and none begun with a password where passwords are off. Whoever demands
 * one must have one, and is asked for the password. Throws `account.second-factor-missing`, `account.provider-missing`,
 * `account.confirmation-needed`.
 */
export async function setSignInRules(call: {
  readonly ctx: MemberContext;
  readonly input: SignInRules & { readonly password?: string | undefined };
}): Promise<SignInRules> {
  const { ctx } = call;
  const { password, ...input } = call.input;
  authorize(ctx, 'sign-in-rules.change');
  await confirmIdentity(ctx, password);
  const { store, accounts, sessions } = ctx.parts;
  if (input.passwordsOff && accounts.providers.length === 0 && !(await hasOwnProvider(ctx))) {
    throw new PosternError('account.provider-missing', 'There is no identity provider here yet: nobody could sign in.');
  }
  const { tenantId, userId } = ctx.identity;
  if (input.secondFactor) {
    const own = await store.withSystem('sign-in', (db) => db.secondFactors.facts(userId));
    if (own?.totp?.confirmed !== true && (own?.passkeys ?? 0) === 0) {
      throw new PosternError('account.second-factor-missing', 'Set up a second factor for yourself first.');
    }
  }
  await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    await db.signInRules.set(input);
    const details = { second_factor: input.secondFactor, passwords_off: input.passwordsOff };
    await db.audit.append({ action: 'sign-in-rules.changed', target: null, outcome: 'succeeded', details });
  });
  sessions.forgetTenant(tenantId);
  return input;
}

async function hasOwnProvider(ctx: MemberContext): Promise<boolean> {
  const own = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    db.identityProviders.list(),
  );
  return own.some(({ active }) => active);
}
