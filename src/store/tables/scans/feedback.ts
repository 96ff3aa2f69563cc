import { sql } from 'drizzle-orm';
import type { FeedbackKind, FeedbackRow, FeedbackTable } from '../../interfaces/feedback.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { whereItIs } from './moved-scans.js';
import { storable } from '../storable.js';

type Row = Record<'user_id' | 'comment' | 'label_before' | 'created_at', string> & Pick<FeedbackRow, 'source' | 'kind'>;

const toRow = ({ user_id: userId, label_before: labelBefore, created_at: at, ...row }: Row): FeedbackRow => ({
  ...{ userId, source: row.source, kind: row.kind, comment: row.comment, labelBefore },
  createdAt: new Date(at),
});

/** Row-level security shows what concerns scans that the actor sees, and lets nobody speak for others. */
export function createFeedbackTable(tx: Transaction, tenant: TenantId): FeedbackTable {
  const remove: FeedbackTable['remove'] = async (scanId, source) => {
    const whose = source === 'rescan' ? sql`source = 'rescan'` : sql`source = 'person' and user_id = ${source.userId}`;
    const rows = await tx.execute(sql`delete from postern.verdict_feedback
      where tenant_id = ${tenant} and scan_id = ${scanId} and ${whose} returning 1`);
    return rows.length > 0;
  };
  /** Each message once a kind, however many noticed. */
  const noticed = (since: Date) => sql`select scan_id, kind, min(created_at) as at,
      (array_agg(label_before order by created_at))[1] as label_before,
      count(*) filter (where source = 'person')::int as reports, bool_or(source = 'rescan') as rescanned
    from postern.verdict_feedback where tenant_id = ${tenant} group by scan_id, kind
    having min(created_at) >= ${since.toISOString()}::timestamptz`;
  return {
    remove,
    async of(scanId) {
      const rows = await tx.execute<Row>(sql`select user_id, source, kind, comment, label_before, created_at
        from postern.verdict_feedback where tenant_id = ${tenant} and scan_id = ${scanId} order by created_at, user_id`);
      return rows.map(toRow);
    },
    async by(userId) {
      const rows = await tx.execute<Row & { scan_id: string }>(sql`select scan_id, user_id, source, kind, comment,
          label_before, created_at from postern.verdict_feedback
        where tenant_id = ${tenant} and user_id = ${userId}::uuid and source = 'person' order by created_at desc limit 10000`);
      return rows.map((row) => ({ scanId: row.scan_id, ...toRow(row) }));
    },
    async put(scanId, { userId, source, kind, comment, labelBefore = null }) {
      await remove(scanId, source === 'rescan' ? 'rescan' : { userId });
      const done = await whereItIs(tx, tenant, scanId, async (day) => {
        const rows = await tx.execute(sql`insert into postern.verdict_feedback
            (tenant_id, scan_id, user_id, source, kind, comment, label_before, owner_id, expires_on)
          select s.tenant_id, s.scan_id, ${userId}::uuid, ${source}, ${kind}, ${storable(comment)},
            coalesce(${labelBefore}::text, s.label), s.owner_id, s.expires_on
          from postern.scans s where s.tenant_id = ${tenant} and s.scan_id = ${scanId} and s.expires_on = ${day}::date
          returning 1`);
        return rows.length > 0 ? true : null;
      });
      return done === true;
    },
    async countsByDay(since) {
      type Row = { day: string; kind: FeedbackKind; count: number };
      return await tx.execute<Row>(sql`select to_char(n.at at time zone 'UTC', 'YYYY-MM-DD') as day, n.kind, count(*)::int as count
        from (${noticed(since)}) n group by 1, 2 order by 1, 2`);
    },
    async newest(since, limit) {
      type Row = Record<'scan_id' | 'label_before' | 'at', string> & {
        kind: FeedbackKind;
        reports: number;
        rescanned: boolean;
      };
      const rows = await tx.execute<Row>(
        sql`select * from (${noticed(since)}) n order by at desc, scan_id limit ${limit}::int`,
      );
      return rows.map(({ scan_id: scanId, label_before: labelBefore, at, kind, reports, rescanned }) => ({
        ...{ scanId, kind, labelBefore, reports, rescanned },
        at: new Date(at),
      }));
    },
  };
}
