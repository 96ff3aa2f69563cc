import type { TenantRow } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { readStored, toFields } from './profile.js';
import type { ProfileFields } from './profile.js';
import { mayTune } from './tuning.js';

export interface ProfileView {
  /** Raised with each change; whoever changes says which one they saw. */
  readonly version: number;
  readonly profile: ProfileFields;
  /** Believed for every tenant, by the operator's choice. */
  readonly operator_authserv_ids: readonly string[];
  /** Whether the member may change it. */
  readonly may_change: boolean;
}

/** The profile in force. */
export async function getProfile({ ctx }: { readonly ctx: MemberContext }): Promise<ProfileView> {
  authorize(ctx, 'detection.read');
  const tenant = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.profile.get());
  return viewOf(ctx, tenant);
}

export function viewOf(ctx: MemberContext, tenant: TenantRow): ProfileView {
  return {
    version: tenant.profileVersion,
    profile: toFields(readStored(tenant.profile)),
    operator_authserv_ids: ctx.parts.trustedAuthservIds,
    may_change: mayTune(ctx, tenant),
  };
}
