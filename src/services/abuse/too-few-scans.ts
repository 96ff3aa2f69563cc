import { PosternError } from '../../errors.js';
import type { Plan } from '../../store/interfaces/plans.js';
import { leftIn, mostIn } from '../plans/get-plan.js';

/**
 * Why a report cannot be taken apart, for the administrators: `details.lasting` where no month of this plan could hold it, so that waiting
 * helps nothing. `needed`: scans; null while nobody has looked into it.
 */
export function tooFewScans(plan: Plan, needed: number | null): PosternError {
  const [left, most] = [leftIn(plan), mostIn(plan)];
  const lasting = (needed ?? 1) > most;
  const until = plan.resetsAt.toISOString().slice(0, 10);
  const details = { lasting, needed, monthly_scans: plan.monthlyScans, resets_at: plan.resetsAt.toISOString() };
  if (lasting) {
    const holds = needed === null ? 'It needs a scan at least' : `It needs ${needed} scans`;
    const what = `${holds}, and a whole month of this plan has ${most}. Another plan or a coupon brings more; then it can be taken again.`;
    return new PosternError('quota.exceeded', what, { details });
  }
  const lacks =
    needed === null || left === 0
      ? `The scans of the plan are used up until ${until}.`
      : `It needs ${needed} scans, and the plan has ${left} left until ${until}.`;
  const then = 'It is taken apart then, or as soon as a coupon or another plan brings more.';
  return new PosternError('quota.exceeded', `${lacks} ${then}`, { details });
}
