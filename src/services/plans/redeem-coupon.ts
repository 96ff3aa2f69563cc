import { PosternError } from '../../errors.js';
import { countAttempts } from '../accounts/attempts.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** Adds the scans of a coupon to the tenant's bonus. Throws `coupon.invalid`, `coupon.redeemed`, `request.rate-limited`. */
export async function redeemCoupon(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly code: string };
}): Promise<{ readonly bonusScans: number }> {
  const { ctx, input } = call;
  authorize(ctx, 'plan.redeem');
  const { tenantId } = ctx.identity;
  // Codes can be typed: guessing them is slowed down like guessing passwords.
  await countAttempts([ctx.parts.limits.bySide, `coupon ${tenantId}`]);
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const brought = await db.plan.redeem(hashSecret(normalised(input.code)));
    if (brought === null) throw new PosternError('coupon.invalid', 'This code is not, or no longer, valid.');
    if (brought === 'before') throw new PosternError('coupon.redeemed', 'This code has been redeemed here before.');
    await db.audit.append({
      action: 'plan.coupon-redeemed',
      target: null,
      outcome: 'succeeded',
      details: { bonus_scans: brought },
    });
    await db.enqueue('resume-mailboxes', {}, { key: 'once' });
    return { bonusScans: brought };
  });
}

/** As people type it: spaces, dashes and case do not matter. */
export function normalised(code: string): string {
  return code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
}
