import { desc, eq, sql } from 'drizzle-orm';
import type { AuditEvent } from '../audit.js';
import { auditEvents } from '../schema.js';
import type { Transaction } from '../session.js';
import type { AuditTable, TenantId } from '../store.js';

/** The tenant's log. Who acts is what the transaction is pinned to, never what a caller says. */
export function createAuditTable(tx: Transaction, tenant: TenantId): AuditTable {
  return {
    async append({ action, target, outcome, details }) {
      await tx.execute(sql`
        insert into ${auditEvents} (tenant_id, actor, action, target, outcome, details)
        values (${tenant}, postern.acting_as(), ${action}, ${target}, ${outcome}, ${JSON.stringify(details)}::jsonb)`);
    },

    async list(limit) {
      const rows = await tx
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.tenantId, tenant))
        .orderBy(desc(auditEvents.eventId))
        .limit(limit);
      return rows.map(({ eventId, tenantId: _tenant, details, ...row }) => ({
        ...row,
        id: eventId,
        details: details as AuditEvent['details'],
      }));
    },
  };
}
