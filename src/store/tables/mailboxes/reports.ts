import { sql } from 'drizzle-orm';
import type { ReportedRow, ReportRow, ReportTable } from '../../interfaces/reports.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { storable } from '../storable.js';

interface Stored extends Record<string, unknown> {
  report_id: string;
  mailbox_id: string;
  provider_message_id: string;
  owner_id: string | null;
  reporter_name: string;
  reporter_address: string;
  status: ReportRow['status'];
  reason: string | null;
  answer: ReportRow['answer'];
  received_at: string | Date;
  noted_at: string | Date;
  expires_at: string | Date;
}

/** Mails to abuse mailboxes of the pinned tenant. */
export function createReportTable(tx: Transaction, tenant: TenantId): ReportTable {
  const own = sql`tenant_id = ${tenant}::uuid`;
  const byId = (id: string) => sql`${own} and report_id::text = ${id}`;
  const kept = sql`greatest(expires_at,
    now() + make_interval(days => (select retention_days from postern.tenants where tenant_id = ${tenant}::uuid)))`;
  const first = async (query: ReturnType<typeof sql>): Promise<ReportRow | null> => {
    const [row] = await tx.execute<Stored>(query);
    return row === undefined ? null : toReportRow(row);
  };

  return {
    async note(mailboxId, mails) {
      if (mails.length === 0) return;
      await tx.execute(sql`
        insert into postern.reports (tenant_id, report_id, mailbox_id, provider_message_id, received_at, expires_at)
        select ${tenant}::uuid, gen_random_uuid(), ${mailboxId}::uuid, new."messageId", coalesce(new."receivedAt", now()),
          now() + make_interval(days => (select retention_days from postern.tenants where tenant_id = ${tenant}::uuid))
        from jsonb_to_recordset(${JSON.stringify(storable(mails))}::jsonb) as new ("messageId" text, "receivedAt" timestamptz)
        order by new."messageId" on conflict do nothing`);
    },

    async waiting(mailboxId) {
      const rows = await tx.execute<{ id: string }>(sql`select report_id as id from postern.reports
        where ${own} and mailbox_id = coalesce(${mailboxId}::uuid, mailbox_id) and status = 'waiting' order by received_at limit 500`);
      return rows.map(({ id }) => id);
    },

    get: (id) => first(sql`select * from postern.reports where ${byId(id)}`),
    lockWaiting: (id) => first(sql`select * from postern.reports where ${byId(id)} and status = 'waiting' for update`),

    async hasContent(mailboxId, sha256) {
      const rows = await tx.execute(sql`select 1 from postern.reports
        where ${own} and mailbox_id = ${mailboxId}::uuid and sha256 = ${sha256} limit 1`);
      return rows.length > 0;
    },

    async wait(id, reason) {
      await tx.execute(sql`update postern.reports set reason = ${reason}, expires_at = ${kept}
        where ${byId(id)} and status = 'waiting'`);
    },

    reopen: (id) =>
      first(sql`update postern.reports set status = 'waiting', reason = null, noted_at = now(), expires_at = ${kept}
        where ${byId(id)} and status in ('failed', 'gone') returning *`),

    async finish(id, done) {
      const { ownerId, reporterName, reporterAddress, sha256, answer } = storable(done);
      await tx.execute(sql`update postern.reports set status = 'done', reason = null, expires_at = ${kept}, owner_id = ${ownerId}::uuid, reporter_name = ${reporterName},
        reporter_address = ${reporterAddress}, sha256 = ${sha256}, answer = ${answer},
        answered_at = case when ${answer} = 'sent' then now() end where ${byId(id)}`);
    },

    async close(id, status, reason) {
      await tx.execute(
        sql`update postern.reports set status = ${status}, reason = ${reason}, expires_at = ${kept}
          where ${byId(id)} and status = 'waiting'`,
      );
    },

    async addMessage({ reportId, position, groupId, kind, scanId, toldDecision }) {
      await tx.execute(sql`
        insert into postern.reported_messages (tenant_id, report_id, position, group_id, kind, scan_id, told_decision)
        values (${tenant}::uuid, ${reportId}::uuid, ${position}::smallint, ${groupId}::uuid, ${kind}, ${scanId}, ${toldDecision})`);
    },

    async answersLately(address) {
      const [row] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from postern.reports
        where ${own} and reporter_address = ${address} and answered_at > now() - interval '1 hour'`);
      return row?.n ?? 0;
    },

    async list(limit, after, only) {
      const which =
        only === null ? sql`` : sql`and (status in ('failed', 'gone') or (status = 'waiting' and reason is not null))`;
      const older =
        after === null
          ? sql``
          : sql`and (received_at, report_id) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
      const rows =
        await tx.execute<Stored>(sql`select * from postern.reports where ${own} and status <> 'repeated' ${which} ${older}
        order by received_at desc, report_id desc limit ${limit}`);
      return rows.map(toReportRow);
    },

    async messagesOf(reportIds) {
      if (reportIds.length === 0) return [];
      type Row = { report_id: string; position: number; group_id: string; kind: ReportedRow['kind']; scan_id: string };
      const rows =
        await tx.execute<Row>(sql`select report_id, position, group_id, kind, scan_id from postern.reported_messages
        where ${own} and report_id::text in (select jsonb_array_elements_text(${JSON.stringify(reportIds)}::jsonb))
        order by report_id, position`);
      return rows.map(({ report_id: reportId, position, group_id: groupId, kind, scan_id: scanId }) => ({
        ...{ reportId, position, groupId, kind, scanId },
      }));
    },
  };
}

export function toReportRow(row: Stored): ReportRow {
  return {
    ...{ id: row.report_id, mailboxId: row.mailbox_id, messageId: row.provider_message_id, ownerId: row.owner_id },
    ...{ reporterName: row.reporter_name, reporterAddress: row.reporter_address },
    ...{ status: row.status, reason: row.reason, answer: row.answer },
    ...{ receivedAt: new Date(row.received_at), notedAt: new Date(row.noted_at) },
    expiresAt: new Date(row.expires_at),
  };
}
