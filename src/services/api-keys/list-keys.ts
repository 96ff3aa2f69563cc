import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toApiKey } from './api-key.js';
import type { ApiKey } from './api-key.js';

/** The member's keys, or the tenant's for its administrators; newest first, without those that were revoked. */
export async function listKeys({ ctx }: { readonly ctx: MemberContext }): Promise<readonly ApiKey[]> {
  authorize(ctx, 'api-key.manage');
  const { tenantId, userId } = ctx.identity;
  const rows = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) => db.apiKeys.list());
  return rows.map((row) => toApiKey(row, userId));
}
