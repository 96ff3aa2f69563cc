import { PosternError } from '../../errors.js';
import type { Plan } from '../../store/interfaces/plans.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** The plan of the tenant and what all its members have used of it. */
export async function getPlan({ ctx }: { readonly ctx: MemberContext }): Promise<Plan> {
  authorize(ctx, 'plan.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.plan.get());
}

/** True where another scan would be refused. */
export function isUsedUp(plan: Plan): boolean {
  return leftIn(plan) === 0;
}

/** Scans that month and bonus still have; Infinity without a limit. */
export function leftIn({ monthlyScans, used, bonusLeft }: Plan): number {
  return monthlyScans === null ? Infinity : Math.max(0, monthlyScans - used) + Math.max(0, bonusLeft);
}

/** Scans that a month which has just begun would have. */
export function mostIn({ monthlyScans, bonusLeft }: Plan): number {
  return monthlyScans === null ? Infinity : monthlyScans + Math.max(0, bonusLeft);
}

export function quotaExceeded(plan: Plan): PosternError {
  return new PosternError(
    'quota.exceeded',
    `The ${plan.monthlyScans ?? 0} scans of this month are used up. There are new ones on ${plan.resetsAt.toISOString().slice(0, 10)}; a coupon or another plan brings more.`,
    { details: { monthly_scans: plan.monthlyScans, resets_at: plan.resetsAt.toISOString() } },
  );
}
