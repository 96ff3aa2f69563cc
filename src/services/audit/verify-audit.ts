import type { AuditProof } from '../../store/interfaces/audit.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorizePlatform } from '../platform/authorize-platform.js';
import { authorize } from '../permissions.js';

/** Computes the chain of the tenant's log again. */
export async function verifyAudit({ ctx }: { readonly ctx: MemberContext }): Promise<AuditProof> {
  authorize(ctx, 'audit.verify');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.audit.verify());
}

/** The same with the log of what belongs to no tenant, for super admins. */
export async function verifySystemLog({ ctx }: { readonly ctx: MemberContext }): Promise<AuditProof> {
  const who = authorizePlatform(ctx);
  return await ctx.parts.store.withSystem('platform', (db) => db.platform.verifyLog(who));
}
