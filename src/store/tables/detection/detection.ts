import { and, desc, eq, sql } from 'drizzle-orm';
import { detectionProfiles, tenants } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { TenantId, UserId } from '../../store.js';
import { storable } from '../storable.js';

/** How a tenant's detection profile came about. The profile in force is read with the tenant. */
export interface DetectionTable {
  /**
   * Puts a profile in force, provided that `expected` is still the version in force. Returns the new version, or null where somebody
   * was faster or the actor may not.
   */
  save(expected: number, next: NewProfile): Promise<number | null>;
  /** Newest first, at most the hundred that are kept. */
  versions(): Promise<readonly ProfileVersion[]>;
  /** The profile as it was in a version; null where that is not kept. */
  profileOf(version: number): Promise<unknown>;
}

export interface NewProfile {
  /** The profile in force until now: kept as version 0 when it is the first that changes. */
  readonly before: unknown;
  readonly profile: unknown;
  /** What changed, as JSON. */
  readonly changes: unknown;
  readonly restored: number | null;
  readonly by: { readonly id: UserId; readonly name: string };
}

export interface ProfileVersion {
  readonly version: number;
  readonly changedAt: Date;
  readonly changedBy: UserId | null;
  readonly changedByName: string;
  readonly restored: number | null;
  readonly changes: unknown;
}

/** Profiles of the pinned tenant. */
export function createDetectionTable(tx: Transaction, tenant: TenantId): DetectionTable {
  const add = (version: number, row: Omit<typeof detectionProfiles.$inferInsert, 'tenantId' | 'version'>) =>
    tx.execute(sql`
      insert into ${detectionProfiles} (tenant_id, version, profile, changes, restored, changed_by, changed_by_name)
      values (${tenant}, ${version}, ${JSON.stringify(row.profile)}::jsonb, ${JSON.stringify(row.changes)}::jsonb,
        ${row.restored ?? null}, ${row.changedBy ?? null}::uuid, ${row.changedByName})`);
  return {
    async save(expected, next) {
      const profile = storable(next.profile);
      // The row is locked until the transaction ends: of two who expect the same version the second finds none.
      const [row] = await tx
        .update(tenants)
        .set({ profile, profileVersion: expected + 1 })
        .where(and(eq(tenants.tenantId, tenant), eq(tenants.profileVersion, expected)))
        .returning({ version: tenants.profileVersion });
      if (row === undefined) return null;
      const { id, name } = next.by;
      if (expected === 0) {
        await add(0, { profile: next.before, changes: [], restored: null, changedBy: null, changedByName: '' });
      }
      const changes = storable(next.changes);
      await add(row.version, { profile, changes, restored: next.restored, changedBy: id, changedByName: name });
      return row.version;
    },

    async versions() {
      const { version, changedAt, changedBy, changedByName, restored, changes } = detectionProfiles;
      return await tx
        .select({ version, changedAt, changedBy, changedByName, restored, changes })
        .from(detectionProfiles)
        .where(eq(detectionProfiles.tenantId, tenant))
        .orderBy(desc(version));
    },

    async profileOf(version) {
      const [row] = await tx
        .select({ profile: detectionProfiles.profile })
        .from(detectionProfiles)
        .where(and(eq(detectionProfiles.tenantId, tenant), eq(detectionProfiles.version, version)));
      return row?.profile ?? null;
    },
  };
}
