import { and, eq, sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { expiryDay } from './scan-id.js';
import { whereItIs } from './moved-scans.js';
import { messageContents, scans } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { ContentTable, TenantId } from '../../store.js';

/** Sealed contents of the pinned tenant. They belong to their scan: same owner, same expiry. */
export function createContentTable(tx: Transaction, tenant: TenantId): ContentTable {
  return {
    async put(scanId, sealed) {
      const day = expiryDay(scanId);
      const stored = await tx.execute(sql`
        insert into ${messageContents} (tenant_id, scan_id, expires_on, expires_at, owner_id, sealed)
        select tenant_id, scan_id, expires_on, expires_at, owner_id, ${sealed}::bytea from ${scans}
        where tenant_id = ${tenant} and scan_id = ${scanId} and expires_on = ${day}::date
        on conflict (tenant_id, scan_id, expires_on) do update set sealed = excluded.sealed`);
      if (stored.count === 0) throw new PosternError('scan.not-found', 'There is no such scan.');
    },

    async get(scanId) {
      return await whereItIs(tx, tenant, scanId, async (day) => {
        const [row] = await tx
          .select({ sealed: messageContents.sealed })
          .from(messageContents)
          .where(
            and(
              eq(messageContents.tenantId, tenant),
              eq(messageContents.scanId, scanId),
              eq(messageContents.expiresOn, day),
            ),
          );
        return row?.sealed ?? null;
      });
    },
  };
}
