import { PosternError } from '../../errors.js';
import type { Label } from '../../scanners/verdict.js';
import type { ReportGroupRow } from '../../store/interfaces/reports.js';
import type { TenantDb } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toGroupView, toReportView, verdictsOf } from './report-view.js';
import type { GroupedReportView, ReportGroupView } from './report-view.js';

/** Of a flood the newest are enough to decide. */
const MOST = 200;

export interface ReportGroupDetail extends ReportGroupView {
  readonly grouped: readonly GroupedReportView[];
}

/** A group with everybody who reported it. Throws `report.not-found`. */
export async function getReportGroup(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<ReportGroupDetail> {
  const { ctx, input } = call;
  authorize(ctx, 'report.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => detailOf(db, input.id));
}

export async function detailOf(db: TenantDb, id: string): Promise<ReportGroupDetail> {
  const group = await requireGroup(db, id);
  const rows = await db.reportGroups.reportsOf(id, MOST);
  const verdicts = await verdictsOf(
    db,
    rows.map(({ scanId }) => scanId),
  );
  const grouped = rows.map((row): GroupedReportView => {
    const scan = verdicts.get(row.scanId);
    return {
      ...{ ...toReportView(row), kind: row.kind },
      scan: scan === undefined ? null : { id: scan.id, label: scan.label as Label, score: scan.score },
    };
  });
  return { ...toGroupView(group), grouped };
}

export async function requireGroup(db: TenantDb, id: string): Promise<ReportGroupRow> {
  const group = await db.reportGroups.get(id);
  if (group === null) throw new PosternError('report.not-found', 'There is no such group of reports.');
  return group;
}
