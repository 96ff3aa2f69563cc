import { getPlan } from '../../../services/plans/get-plan.js';
import { redeemCoupon } from '../../../services/plans/redeem-coupon.js';
import { answer, route } from '../../route.js';
import { CouponCode, Plan, RedeemedCoupon } from '../../schemas/organisations/plan.js';

export const PLAN_ROUTES = [
  route({
    method: 'get',
    path: '/plan',
    name: 'getPlan',
    tag: 'Organisation',
    summary: 'Plan and usage of this month',
    access: 'bearer',
    responses: { 200: { description: 'The plan.', schema: Plan } },
    async handle({ ctx }) {
      const plan = await getPlan({ ctx });
      return answer(200, {
        tier: plan.tier,
        monthly_scans: plan.monthlyScans,
        retention_days: plan.retentionDays,
        used: plan.used,
        bonus_left: plan.bonusLeft,
        resets_at: plan.resetsAt.toISOString(),
      });
    },
  }),

  route({
    method: 'post',
    path: '/plan/coupon',
    name: 'redeemCoupon',
    tag: 'Organisation',
    summary: 'Redeem a coupon for further scans',
    description: 'Each coupon once. Its scans are used when those of the month are, and do not run out.',
    access: 'bearer',
    body: CouponCode,
    responses: { 200: { description: 'What it brought.', schema: RedeemedCoupon } },
    errors: ['auth.forbidden', 'coupon.invalid', 'coupon.redeemed'],
    async handle({ ctx, body }) {
      const { bonusScans } = await redeemCoupon({ ctx, input: body });
      return answer(200, { bonus_scans: bonusScans });
    },
  }),
] as const;
