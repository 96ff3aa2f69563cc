import type { TenantDb } from '../../../store/store.js';
import type { MemberContext } from '../../context.js';
import { isUsedUp, quotaExceeded } from '../../plans/get-plan.js';
import { countScan } from '../../limits/limit-scan.js';

/** Where a scan will be found. */
export interface Reservation {
  readonly id: string;
  readonly expiresAt: Date;
}

/** A place in the store for one scan more, if plan and limits allow. Throws `quota.exceeded`, `request.rate-limited`. */
export async function reserve(db: TenantDb, ctx: MemberContext): Promise<Reservation> {
  const [reserved, plan] = await Promise.all([db.scans.reserveId(), db.plan.get(), countScan(ctx, db.permits)]);
  if (isUsedUp(plan)) throw quotaExceeded(plan);
  return reserved;
}
