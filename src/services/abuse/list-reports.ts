import type { ReportPosition, ReportSelection } from '../../store/interfaces/reports.js';
import type { ReportKind } from '../../store/interfaces/reports.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toGroupView, toReportView } from './report-view.js';
import type { ReportGroupView, ReportView } from './report-view.js';

interface Paging {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface ListedReport extends ReportView {
  readonly messages: readonly { readonly kind: ReportKind; readonly group_id: string; readonly scan_id: string }[];
}

/** Mails to the abuse mailboxes, newest first. Throws `request.cursor-invalid`. */
export async function listReports(call: {
  readonly ctx: MemberContext;
  readonly input: Paging & { readonly only: ReportSelection | null };
}) {
  const { ctx, input } = call;
  authorize(ctx, 'report.read');
  const position = positionsOf(ctx, `reports ${input.only}`);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const rows = await db.reports.list(input.limit + 1, position.read(input.cursor), input.only);
    const shown = rows.slice(0, input.limit);
    const messages = await db.reports.messagesOf(shown.map(({ id }) => id));
    const items = shown.map((row): ListedReport => ({
      ...toReportView(row),
      messages: messages
        .filter(({ reportId }) => reportId === row.id)
        .map(({ kind, groupId, scanId }) => ({ kind, group_id: groupId, scan_id: scanId })),
    }));
    const last = rows.length > input.limit ? shown.at(-1) : undefined;
    return { items, next_cursor: last === undefined ? null : position.write({ at: last.receivedAt, id: last.id }) };
  });
}

/** Groups of reported messages, those with the newest report first. Throws `request.cursor-invalid`. */
export async function listReportGroups(call: {
  readonly ctx: MemberContext;
  readonly input: Paging & { readonly state: 'open' | 'resolved' };
}): Promise<{ readonly items: readonly ReportGroupView[]; readonly next_cursor: string | null }> {
  const { ctx, input } = call;
  authorize(ctx, 'report.read');
  const position = positionsOf(ctx, `report groups ${input.state}`);
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    db.reportGroups.list(input.state, input.limit + 1, position.read(input.cursor)),
  );
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  const next = last === undefined ? null : position.write({ at: last.lastAt, id: last.id });
  return { items: shown.map(toGroupView), next_cursor: next };
}

function positionsOf({ parts: { cursors }, identity }: MemberContext, list: string) {
  const scope = `${list} ${identity.tenantId}`;
  return {
    read(cursor: string | null): ReportPosition | null {
      if (cursor === null) return null;
      // Authenticated: what is inside was written below.
      const { at, id } = cursors.read(scope, cursor) as { at: string; id: string };
      return { at: new Date(at), id };
    },
    write: ({ at, id }: ReportPosition): string => cursors.write(scope, { at: at.toISOString(), id }),
  };
}
