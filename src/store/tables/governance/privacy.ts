import { sql } from 'drizzle-orm';
import type { ConsentKind, ErasureTable, ExportRow, PrivacyTable } from '../../interfaces/privacy.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

const dated = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** Row-level security shows and takes what is the acting person's. */
export function createPrivacyTable(tx: Transaction, tenant: TenantId): PrivacyTable {
  return {
    async consents() {
      type Row = { kind: ConsentKind; granted: boolean; at: string };
      const rows = await tx.execute<Row>(sql`select kind, granted, at from postern.consents
        where tenant_id = ${tenant} order by consent_id desc limit 500`);
      return rows.map(({ kind, granted, at }) => ({ kind, granted, at: new Date(at) }));
    },
    async addConsent(userId, kind, granted) {
      await tx.execute(sql`insert into postern.consents (tenant_id, user_id, kind, granted)
        values (${tenant}, ${userId}, ${kind}, ${granted})`);
    },
    async deletions() {
      type Row = { account_due: string | null; tenant_due: string | null };
      const [row] = await tx.execute<Row>(sql`select * from postern.deletions_asked()`);
      return { account: dated(row?.account_due ?? null), tenant: dated(row?.tenant_due ?? null) };
    },
    async askForDeletion(wanted) {
      const [row] = await tx.execute<{ due: string | null }>(sql`select postern.ask_for_deletion(${wanted}) as due`);
      return dated(row?.due ?? null);
    },
    async askForPurge(wanted) {
      const [row] = await tx.execute<{ due: string | null }>(sql`select postern.ask_for_purge(${wanted}) as due`);
      return dated(row?.due ?? null);
    },
    async noteDeletedScan(id) {
      await tx.execute(sql`insert into postern.deleted_scans (tenant_id, scan_id) values (${tenant}, ${id})`);
    },
    async saidOfMe() {
      const rows = await tx.execute<{ entry: unknown }>(sql`select entry from postern.said_of_me()`);
      return rows.map(({ entry }) => entry);
    },
    async exports() {
      type Row = {
        export_id: string;
        status: ExportRow['status'];
        messages_done: number;
        created_at: string;
        expires_at: string;
      };
      const rows = await tx.execute<Row>(sql`select export_id, status, messages_done, created_at, expires_at
        from postern.exports where tenant_id = ${tenant} and expires_at > now() order by created_at desc`);
      return rows.map((row) => ({
        id: row.export_id,
        status: row.status,
        messagesDone: row.messages_done,
        createdAt: new Date(row.created_at),
        expiresAt: new Date(row.expires_at),
      }));
    },
    async addExport(id, userId) {
      await tx.execute(sql`insert into postern.exports (tenant_id, export_id, owner_id)
        values (${tenant}, ${id}, ${userId})`);
    },
    async updateExport(id, status, messagesDone) {
      await tx.execute(sql`update postern.exports set status = ${status}, messages_done = ${messagesDone}
        where tenant_id = ${tenant} and export_id = ${id}::uuid`);
    },
    async clearParts(id) {
      await tx.execute(sql`delete from postern.export_parts where tenant_id = ${tenant} and export_id = ${id}::uuid`);
    },
    async addPart(id, userId, file, partNo, sealed) {
      await tx.execute(sql`insert into postern.export_parts (tenant_id, export_id, file, part_no, owner_id, sealed)
        values (${tenant}, ${id}, ${file}, ${partNo}::int, ${userId}, ${sealed}::bytea)`);
    },
    async part(id, file, partNo) {
      const [row] = await tx.execute<{ sealed: Uint8Array }>(sql`select sealed from postern.export_parts
        where tenant_id = ${tenant} and export_id = ${id}::uuid and file = ${file} and part_no = ${partNo}::int`);
      return row?.sealed ?? null;
    },
  };
}

export function createErasureTable(tx: Transaction): ErasureTable {
  return {
    async mailboxesToEnd() {
      const rows = await tx.execute<{ tenant: string; mailbox: string }>(
        sql`select tenant, mailbox from postern.mailboxes_to_end()`,
      );
      return rows.map(({ tenant, mailbox }) => ({ tenantId: tenant, mailboxId: mailbox }));
    },
    async next() {
      type Row = { account: string | null; tenants: readonly string[] };
      const [row] = await tx.execute<Row>(sql`select account, to_jsonb(tenants) as tenants from postern.erase_next()`);
      return row ?? null;
    },
    async again(accounts, tenants) {
      const ids = (list: readonly string[]) =>
        sql`array(select jsonb_array_elements_text(${JSON.stringify(list)}::jsonb)::uuid)`;
      const [row] = await tx.execute<{ accounts: number; tenants: number }>(
        sql`select accounts, tenants from postern.erase_again(${ids(accounts)}, ${ids(tenants)})`,
      );
      return row ?? { accounts: 0, tenants: 0 };
    },
    async takeDeletedScans(most) {
      type Row = { tenant: string; scan: string };
      const rows = await tx.execute<Row>(sql`select tenant, scan from postern.take_deleted_scans(${most})`);
      return rows.map(({ tenant, scan }) => ({ tenantId: tenant, id: scan }));
    },
    async loggedUntil() {
      const [row] = await tx.execute<{ until: string | null }>(sql`select postern.deletions_logged_until() as until`);
      return dated(row?.until ?? null);
    },
    async markLogged(until, again) {
      await tx.execute(sql`select postern.mark_deletions(${until.toISOString()}::timestamptz, ${again}::int)`);
    },
    async keysToDestroy() {
      const rows = await tx.execute<{ id: string }>(sql`select k as id from postern.keys_to_destroy() k`);
      return rows.map(({ id }) => id);
    },
    async keyDestroyed(tenantId) {
      await tx.execute(sql`select postern.key_was_destroyed(${tenantId}::uuid)`);
    },
    async forgetExports() {
      await tx.execute(sql`select postern.forget_exports()`);
    },
  };
}
