import { and, eq, sql } from 'drizzle-orm';
import { PosternError } from '../errors.js';
import { expiryDay } from './scan-id.js';
import { messageContents, scans } from './schema.js';
import type { Transaction } from './session.js';
import type { ContentTable, TenantId } from './store.js';

/** Sealed contents of the pinned tenant. They belong to their scan: same owner, same expiry. */
export function createContentTable(tx: Transaction, tenant: TenantId): ContentTable {
  return {
    async put(scanId, sealed) {
      const day = expiryDay(scanId);
      const [scan] =
        day === null
          ? []
          : await tx
              .select({ expiresOn: scans.expiresOn, expiresAt: scans.expiresAt, ownerId: scans.ownerId })
              .from(scans)
              .where(and(eq(scans.tenantId, tenant), eq(scans.scanId, scanId), eq(scans.expiresOn, day)));
      if (scan === undefined) throw new PosternError('scan.not-found', 'There is no such scan.');
      await tx
        .insert(messageContents)
        .values({ ...scan, tenantId: tenant, scanId, sealed })
        .onConflictDoUpdate({
          target: [messageContents.tenantId, messageContents.scanId, messageContents.expiresOn],
          set: { sealed: sql`excluded.sealed` },
        });
    },

    async get(scanId) {
      const day = expiryDay(scanId);
      if (day === null) return null;
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
    },
  };
}
