import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';
import type { SessionTable, SetupLinkTable, Ticket, TicketTable } from '../../interfaces/sign-in-sessions.js';
import type { TenantId } from '../../store.js';
import { toUser } from '../../user-row.js';
import type { AccountRow } from '../../user-row.js';

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createSessionTable(tx: Transaction): SessionTable {
  return {
    async start({ id, userId, tenantId, tokenHash, expiresAt, confined }) {
      await tx.execute(
        sql`select postern.start_session(${id}, ${userId}, ${tenantId}, ${tokenHash}, ${expiresAt.toISOString()}::timestamptz, ${confined})`,
      );
    },
    async find(id) {
      type Row = AccountRow & { tenant: string; until: string | Date; locked: boolean };
      const [row] = await tx.execute<Row>(
        sql`select tenant, until, locked, (account).* from postern.live_session(${id})`,
      );
      if (row === undefined) return null;
      return { tenantId: row.tenant, expiresAt: new Date(row.until), confined: row.locked, user: toUser(row) };
    },
    async rotate(id, presented, next) {
      type Row = { outcome: Awaited<ReturnType<SessionTable['rotate']>> };
      const [row] = await tx.execute<Row>(sql`select postern.rotate_session(${id}, ${presented}, ${next}) as outcome`);
      return row?.outcome ?? 'unknown';
    },
    async switchTo(id, tenant) {
      type Row = { outcome: Awaited<ReturnType<SessionTable['switchTo']>> };
      const [row] = await tx.execute<Row>(sql`select postern.switch_session(${id}::uuid, ${tenant}::uuid) as outcome`);
      return row?.outcome ?? 'unknown';
    },
    async end(id, reason) {
      await tx.execute(sql`select postern.end_session(${id}, ${reason})`);
    },
  };
}

export function createSetupLinkTable(tx: Transaction): SetupLinkTable {
  return {
    async replace(hash, expiresAt) {
      await tx.execute(sql`select postern.replace_setup_link(${hash}, ${expiresAt.toISOString()}::timestamptz)`);
    },
    async spend(hash) {
      const [row] = await tx.execute<{ spent: boolean }>(sql`select postern.spend_setup_link(${hash}) as spent`);
      return row?.spent === true;
    },
  };
}

/** Tickets of the pinned tenant. */
export function createTicketTable(tx: Transaction, tenant: TenantId): TicketTable {
  return {
    async issue({ hash, scanId, ownerId, role, accessReason, expiresAt }) {
      await tx.execute(sql`delete from postern.rendering_tickets where tenant_id = ${tenant} and expires_at <= now()`);
      await tx.execute(sql`insert into postern.rendering_tickets
        (tenant_id, ticket_hash, scan_id, owner_id, role, access_reason, expires_at)
        values (${tenant}, ${hash}, ${scanId}, ${ownerId}, ${role}, ${accessReason}, ${expiresAt.toISOString()}::timestamptz)`);
    },
    async spend(hash) {
      type Row = { scan_id: string; owner_id: string; role: Ticket['role']; access_reason: string | null };
      const [row] = await tx.execute<Row>(sql`delete from postern.rendering_tickets
        where tenant_id = ${tenant} and ticket_hash = ${hash} and expires_at > now()
        returning scan_id, owner_id, role, access_reason`);
      if (row === undefined) return null;
      return { scanId: row.scan_id, ownerId: row.owner_id, role: row.role, accessReason: row.access_reason };
    },
  };
}
