import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { keyNotFound } from './rotate-key.js';

/** Ends a key for good: the member's own, or any of the tenant for its administrators. Throws `api-key.not-found`. */
export async function revokeKey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'api-key.manage');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const revoked = await db.apiKeys.revoke(input.id);
    if (revoked === null) throw keyNotFound();
    await db.audit.append({
      action: 'api-key.revoked',
      target: input.id,
      outcome: 'succeeded',
      details: { name: revoked.name, owner: revoked.ownerId },
    });
  });
  ctx.parts.apiKeys.forget(input.id);
}
