import { and, desc, eq, gte, like, lt, or, sql } from 'drizzle-orm';
import type { AuditEvent, AuditLine, AuditProof, AuditTable } from '../../interfaces/audit.js';
import { auditEvents } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

/** The tenant's log. Who acts is what the transaction is pinned to, never what a caller says. */
export function createAuditTable(tx: Transaction, tenant: TenantId): AuditTable {
  return {
    async append({ action, target, outcome, details }) {
      await tx.execute(sql`
        insert into ${auditEvents} (tenant_id, actor, action, target, outcome, details)
        values (${tenant}, postern.acting_as(), ${action}, ${target}, ${outcome}, ${JSON.stringify(details)}::jsonb)`);
    },

    async list(limit, filter = {}, before = null) {
      const { action, actor, since, until } = filter;
      const rows = await tx
        .select()
        .from(auditEvents)
        .where(
          and(
            eq(auditEvents.tenantId, tenant),
            before === null ? undefined : sql`${auditEvents.eventId} < ${before}::bigint`,
            action === undefined
              ? undefined
              : or(eq(auditEvents.action, action), like(auditEvents.action, `${action.replace(/[\\%_]/g, '\\$&')}.%`)),
            actor === undefined ? undefined : eq(auditEvents.actor, actor),
            since === undefined ? undefined : gte(auditEvents.at, since),
            until === undefined ? undefined : lt(auditEvents.at, until),
          ),
        )
        .orderBy(desc(auditEvents.eventId))
        .limit(limit);
      return rows.map(({ eventId, tenantId: _tenant, details, ...row }) => ({
        ...row,
        id: eventId,
        details: details as AuditEvent['details'],
      }));
    },

    async countRefusal(operation) {
      const [row] = await tx.execute<{ attempts: number | null }>(
        sql`select postern.count_refusal(${operation.slice(0, 100)}) as attempts`,
      );
      return row?.attempts ?? null;
    },

    async verify() {
      const [row] = await tx.execute<ProofRow>(sql`select * from postern.verify_audit()`);
      return toProof(row);
    },
  };
}

export type ProofRow = Record<'seals' | 'events' | 'unsealed' | 'erased', string> & {
  fault: string | null;
  fault_after: string | null;
  last_digest: Uint8Array;
};

export function toProof(row: ProofRow | undefined): AuditProof {
  return {
    seals: Number(row?.seals ?? 0),
    events: Number(row?.events ?? 0),
    unsealed: Number(row?.unsealed ?? 0),
    erased: Number(row?.erased ?? 0),
    fault: row?.fault ?? null,
    faultAfter: row?.fault_after ?? null,
    digest: Buffer.from(row?.last_digest ?? []).toString('hex'),
  };
}

/** Sealing, for the purpose 'audit'. */
export interface AuditSeals {
  /** Seals up to `most` events that are final and returns them in their order; none left: an empty list. */
  seal(most: number): Promise<readonly AuditLine[]>;
  /** The same of what belongs to no tenant. */
  sealSystem(most: number): Promise<readonly AuditLine[]>;
}

export function createAuditSeals(tx: Transaction): AuditSeals {
  return {
    async seal(most) {
      type Row = Omit<AuditLine, 'id' | 'at' | 'tenantId'> & { tenant_id: string; event_id: string; at: string };
      const rows = await tx.execute<Row>(sql`select * from postern.seal_audit(${most}::int)`);
      return rows.map(({ tenant_id: tenantId, event_id: id, at, ...row }) => ({
        ...row,
        ...{ tenantId, id, at: new Date(at) },
      }));
    },
    async sealSystem(most) {
      type Row = Omit<AuditLine, 'id' | 'at' | 'tenantId' | 'ip'> & { event_id: string; at: string };
      const rows = await tx.execute<Row>(sql`select * from postern.seal_system(${most}::int)`);
      return rows.map(({ event_id: id, at, ...row }) => ({ ...row, tenantId: null, ip: null, id, at: new Date(at) }));
    },
  };
}
