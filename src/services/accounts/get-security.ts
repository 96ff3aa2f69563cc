import { PosternError } from '../../errors.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

export interface AccountSecurity {
  readonly email_verified: boolean;
  readonly has_password: boolean;
  readonly totp: boolean;
  readonly recovery_codes: number;
  readonly passkeys: number;
  readonly second_factor_demanded: boolean;
  readonly passwords_off: boolean;
}

/** How one's own account is protected. */
export async function getSecurity({ ctx }: { readonly ctx: MemberContext }): Promise<AccountSecurity> {
  authorize(ctx, 'account.manage');
  const { userId } = ctx.identity;
  const { user, facts } = await ctx.parts.store.withSystem('sign-in', async (db) => ({
    user: await db.findUserById(userId),
    facts: await db.secondFactors.facts(userId),
  }));
  if (user === null || facts === null) throw new PosternError('auth.token-invalid', 'This account is gone.');
  return {
    email_verified: facts.emailVerified,
    has_password: user.passwordHash !== null,
    totp: facts.totp?.confirmed === true,
    recovery_codes: facts.recoveryCodes,
    passkeys: facts.passkeys,
    second_factor_demanded: facts.secondFactorDemanded,
    passwords_off: facts.passwordsOff,
  };
}
