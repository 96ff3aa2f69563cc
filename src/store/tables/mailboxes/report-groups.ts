import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { ReportedRow, ReportGroupRow, ReportGroupTable, ReportMark } from '../../interfaces/reports.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { toReportRow } from './reports.js';
import { storable } from '../storable.js';

interface Stored extends Record<string, unknown> {
  group_id: string;
  subject: string;
  from_name: string;
  from_address: string;
  label: string;
  score: number;
  state: ReportGroupRow['state'];
  decision: ReportGroupRow['decision'];
  words: string;
  resolved_at: string | Date | null;
  created_at: string | Date;
  last_at: string | Date;
  expires_at: string | Date;
  reports: number;
  reporters: number;
}

/** Groups of reported messages of the pinned tenant. Those whose reports are all gone are as good as gone. */
export function createReportGroupTable(tx: Transaction, tenant: TenantId): ReportGroupTable {
  const own = sql`g.tenant_id = ${tenant}::uuid`;
  const byId = (id: string) => sql`tenant_id = ${tenant}::uuid and group_id::text = ${id}`;
  const select = async (where: SQL): Promise<readonly ReportGroupRow[]> => {
    const rows = await tx.execute<Stored>(sql`
      select g.*, counted.reports, counted.reporters from postern.report_groups g
      cross join lateral (select count(*)::int as reports, count(distinct r.reporter_address)::int as reporters
        from postern.reported_messages m join postern.reports r on r.tenant_id = m.tenant_id and r.report_id = m.report_id
        where m.tenant_id = g.tenant_id and m.group_id = g.group_id) counted
      where ${own} and ${where}`);
    return rows.map(toGroupRow);
  };

  return {
    async lock() {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`report groups ${tenant}`}, 0))`);
    },

    async find(marks) {
      if (marks.length === 0) return null;
      const [row] = await select(sql`g.group_id in (select k.group_id from postern.report_marks k
        join ${marksIn(marks)} on k.kind = new.kind and k.digest = decode(new.digest, 'hex') where k.tenant_id = ${tenant}::uuid)
        order by g.created_at, g.group_id limit 1`);
      return row ?? null;
    },

    async add(group) {
      const { subject, fromName, fromAddress, label, score, expiresAt } = storable(group);
      const id = randomUUID();
      await tx.execute(sql`
        insert into postern.report_groups (tenant_id, group_id, subject, from_name, from_address, label, score, expires_at)
        values (${tenant}::uuid, ${id}::uuid, ${subject}, ${fromName}, ${fromAddress}, ${label}, ${score}::real,
          ${expiresAt.toISOString()}::timestamptz)`);
      const [row] = await select(sql`g.group_id = ${id}::uuid`);
      if (row === undefined) throw new PosternError('internal', 'The group was not stored.');
      return row;
    },

    async join(id, { label, score, expiresAt }) {
      await tx.execute(sql`update postern.report_groups set label = ${label}, score = ${score}::real, last_at = now(),
        expires_at = greatest(expires_at, ${expiresAt.toISOString()}::timestamptz) where ${byId(id)}`);
    },

    async addMarks(id, marks) {
      if (marks.length === 0) return;
      await tx.execute(sql`insert into postern.report_marks (tenant_id, kind, digest, group_id)
        select ${tenant}::uuid, new.kind, decode(new.digest, 'hex'), ${id}::uuid from ${marksIn(marks)} on conflict do nothing`);
    },

    async get(id) {
      const [row] = await select(sql`g.group_id::text = ${id}`);
      return row === undefined || row.reports === 0 ? null : row;
    },

    list(state, limit, after) {
      const older =
        after === null
          ? sql``
          : sql`and (g.last_at, g.group_id) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
      return select(sql`g.state = ${state} and counted.reports > 0 ${older}
        order by g.last_at desc, g.group_id desc limit ${limit}`);
    },

    async reportsOf(id, limit) {
      type Row = Parameters<typeof toReportRow>[0] & { kind: ReportedRow['kind']; scan_id: string };
      const rows = await tx.execute<Row>(sql`select r.*, m.kind, m.scan_id from postern.reported_messages m
        join postern.reports r on r.tenant_id = m.tenant_id and r.report_id = m.report_id
        where m.tenant_id = ${tenant}::uuid and m.group_id::text = ${id}
        order by r.received_at desc, r.report_id, m.position limit ${limit}`);
      return rows.map((row) => ({ ...toReportRow(row), kind: row.kind, scanId: row.scan_id }));
    },

    async resolve(id, decision, words) {
      await tx.execute(sql`update postern.report_groups set state = 'resolved', decision = ${decision}, words = ${storable(words)},
        resolved_at = now() where ${byId(id)}`);
    },

    async takeUntold(id, decision) {
      type Row = { address: string; owner: string | null; scan: string };
      const rows = await tx.execute<Row>(sql`
        with told as (update postern.reported_messages m set told_decision = ${decision} from postern.reports r
          where m.tenant_id = ${tenant}::uuid and m.group_id::text = ${id} and m.told_decision is distinct from ${decision}
            and r.tenant_id = m.tenant_id and r.report_id = m.report_id and r.answer = 'sent'
          returning r.reporter_address as address, r.owner_id as owner, m.scan_id as scan)
        select distinct on (address) address, owner, scan from told order by address, scan`);
      return rows.map(({ address, owner, scan }) => ({ address, ownerId: owner, scanId: scan }));
    },
  };
}

function marksIn(marks: readonly ReportMark[]): SQL {
  const list = marks.map(({ kind, digest }) => ({ kind, digest: Buffer.from(digest).toString('hex') }));
  return sql`jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as new (kind text, digest text)`;
}

function toGroupRow(row: Stored): ReportGroupRow {
  return {
    ...{ id: row.group_id, subject: row.subject, fromName: row.from_name, fromAddress: row.from_address },
    ...{ label: row.label, score: row.score, state: row.state, decision: row.decision, words: row.words },
    resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at),
    ...{ createdAt: new Date(row.created_at), lastAt: new Date(row.last_at), expiresAt: new Date(row.expires_at) },
    ...{ reports: row.reports, reporters: row.reporters },
  };
}
