import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { Plan, PlanTable, Tier } from '../../interfaces/plans.js';
import type { Transaction } from '../../session.js';

/** Each method is one definer function, which takes the tenant from what the transaction is pinned to. */
export function createPlanTable(tx: Transaction): PlanTable {
  return {
    async get() {
      type Row = {
        tier: Tier;
        monthly_scans: number | null;
        retention_days: number;
        used: string;
        bonus_left: number;
        resets_at: string;
      };
      const [row] = await tx.execute<Row>(sql`select * from postern.plan_of_tenant()`);
      if (row === undefined) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
      const plan: Plan = {
        tier: row.tier,
        monthlyScans: row.monthly_scans,
        retentionDays: row.retention_days,
        used: Number(row.used),
        bonusLeft: row.bonus_left,
        resetsAt: new Date(row.resets_at),
      };
      return plan;
    },
    async spend() {
      const [row] = await tx.execute<{ taken: boolean }>(sql`select postern.spend_scan() as taken`);
      return row?.taken === true;
    },
    async spendAll(scans) {
      if (scans === 0) return true;
      const [row] = await tx.execute<{ taken: boolean }>(sql`select postern.spend_scans(${scans}::int) as taken`);
      return row?.taken === true;
    },
    async redeem(codeHash) {
      const [row] = await tx.execute<{ scans: number | null }>(sql`select postern.redeem_coupon(${codeHash}) as scans`);
      const scans = row?.scans ?? null;
      return scans === 0 ? 'before' : scans;
    },
  };
}
