import { PosternError } from '../../errors.js';
import type { TenantRole } from '../../store/store.js';
import type { MemberContext } from '../context.js';

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly display_name: string;
  readonly super_admin: boolean;
  /** Signed in by the organisation's own identity provider, which opens nothing else of the account. */
  readonly confined: boolean;
  /** The one this session works in. */
  readonly tenant: { readonly id: string; readonly name: string; readonly role: TenantRole };
  readonly memberships: readonly { readonly tenant_id: string; readonly name: string; readonly role: TenantRole }[];
}

/** Who is signed in. */
export async function getAccount({ ctx }: { readonly ctx: MemberContext }): Promise<Account> {
  const { userId, tenantId } = ctx.identity;
  const user = await ctx.parts.store.withSystem('sign-in', (db) => db.findUserById(userId));
  const home = user?.memberships.find((membership) => membership.tenantId === tenantId);
  if (user === null || home === undefined) throw new PosternError('auth.token-invalid', 'This account is gone.');
  return {
    id: user.id,
    email: user.email,
    display_name: user.displayName,
    super_admin: ctx.identity.superAdmin === true,
    confined: ctx.identity.confined === true,
    tenant: { id: home.tenantId, name: home.tenantName, role: home.role },
    // What else they belong to is none of the identity provider's business, nor can the session go there.
    memberships: user.memberships
      .filter((m) => ctx.identity.confined !== true || m.tenantId === tenantId)
      .map((m) => ({ tenant_id: m.tenantId, name: m.tenantName, role: m.role })),
  };
}
