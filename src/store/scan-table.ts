import { createHash } from 'node:crypto';
import { and, desc, eq, gte, ilike, inArray, lt, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../errors.js';
import { addDays, createScanId, expiryDay, isoDay } from './scan-id.js';
import { indicators, scans, tenants } from './schema.js';
import type { Transaction } from './session.js';
import { storable } from './storable.js';
import type { NewScan, ScanFilter, ScanPosition, ScanRow, ScanTable, TenantId } from './store.js';

/** No query opens more partitions than this. */
const DAYS_AT_ONCE = 10;

/** Verdicts of the pinned tenant. Every query names the days it needs: PostgreSQL plans and opens only their partitions. */
export function createScanTable(tx: Transaction, tenant: TenantId): ScanTable {
  /** The row of an id. The day in it is a hint for the planner, not a permission: the policies decide. */
  const byId = (id: string, day: string) =>
    and(eq(scans.tenantId, tenant), eq(scans.scanId, id), eq(scans.expiresOn, day));

  async function addIndicators(scan: typeof scans.$inferSelect, found: NewScan['indicators']): Promise<void> {
    const { tenantId, scanId, expiresOn, expiresAt, ownerId } = scan;
    const rows = storable(found).map(({ kind, value }) => ({
      ...{ tenantId, scanId, expiresOn, expiresAt, ownerId },
      ...{ kind, value, digest: indicatorDigest(value) },
    }));
    if (rows.length > 0) await tx.insert(indicators).values(rows).onConflictDoNothing();
  }

  /** The days on which a scan of this tenant can expire, newest first, in windows. */
  async function* windows(newest: string | null): AsyncGenerator<SQL> {
    const [row] = await tx.select({ days: tenants.retentionDays }).from(tenants).where(eq(tenants.tenantId, tenant));
    const today = isoDay(new Date());
    // One day more: the transaction's clock may be past midnight before this one.
    let end = newest ?? addDays(today, (row?.days ?? 0) + 1);
    while (end >= today) {
      const start = addDays(end, 1 - DAYS_AT_ONCE);
      yield sql`${scans.tenantId} = ${tenant} and ${scans.expiresOn} between ${start} and ${end}`;
      end = addDays(start, -1);
    }
  }

  return {
    async reserveId() {
      const [row] = await tx
        .select({
          expiresAt: sql`now() + make_interval(days => ${tenants.retentionDays})`.mapWith(scans.expiresAt),
          created: sql<number>`postern.ensure_day(((now() + make_interval(days => ${tenants.retentionDays})) at time zone 'UTC')::date)`,
        })
        .from(tenants)
        .where(eq(tenants.tenantId, tenant));
      if (row === undefined) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
      return { id: createScanId(row.expiresAt), expiresAt: row.expiresAt };
    },

    async insert(id, expiresAt, { indicators: found, messageDate, ...scan }) {
      const [row] = await tx
        .insert(scans)
        .values({
          ...storable(scan),
          tenantId: tenant,
          scanId: id,
          expiresOn: isoDay(expiresAt),
          expiresAt,
          milliseconds: Math.round(scan.milliseconds),
          messageDate: messageDate === null ? null : new Date(messageDate),
        })
        .returning();
      if (row === undefined) throw new PosternError('internal', 'The scan was not stored.');
      await addIndicators(row, found);
      return toRow(row);
    },

    async get(id) {
      const day = expiryDay(id);
      if (day === null) return null;
      const [row] = await tx.select().from(scans).where(byId(id, day));
      return row === undefined ? null : toRow(row);
    },

    async list(filter, limit, after) {
      const found: (typeof scans.$inferSelect)[] = [];
      const newest = after === null ? null : expiryDay(after.id);
      for await (const window of windows(newest)) {
        const rows = await tx
          .select()
          .from(scans)
          .where(and(window, olderThan(after), ...matching(filter)))
          .orderBy(desc(scans.expiresOn), desc(scans.createdAt), desc(scans.scanId))
          .limit(limit - found.length);
        found.push(...rows);
        if (found.length >= limit) break;
      }
      return found.map(toRow);
    },

    async replaceVerdict(id, { indicators: found, milliseconds, ...verdict }) {
      const day = expiryDay(id);
      if (day === null) return null;
      const [row] = await tx
        .update(scans)
        .set({ ...storable(verdict), milliseconds: Math.round(milliseconds), rescannedAt: sql`now()` })
        .where(byId(id, day))
        .returning();
      if (row === undefined) return null;
      await tx
        .delete(indicators)
        .where(and(eq(indicators.tenantId, tenant), eq(indicators.scanId, id), eq(indicators.expiresOn, day)));
      await addIndicators(row, found);
      return toRow(row);
    },

    async delete(id) {
      const day = expiryDay(id);
      if (day === null) return false;
      // A trigger takes content, indicators and the message's identity along.
      const gone = await tx.delete(scans).where(byId(id, day)).returning({ id: scans.scanId });
      return gone.length > 0;
    },

    async countsByDay(since) {
      const counts = new Map<string, { day: string; label: string; count: number }>();
      const day = sql<string>`to_char(${scans.createdAt} at time zone 'UTC', 'YYYY-MM-DD')`;
      for await (const window of windows(null)) {
        const rows = await tx
          .select({ day, label: scans.label, count: sql<number>`count(*)::int` })
          .from(scans)
          .where(and(window, gte(scans.createdAt, since)))
          .groupBy(day, scans.label);
        for (const row of rows) {
          const key = `${row.day} ${row.label}`;
          counts.set(key, { ...row, count: row.count + (counts.get(key)?.count ?? 0) });
        }
      }
      return [...counts.values()].sort((a, b) => a.day.localeCompare(b.day) || a.label.localeCompare(b.label));
    },
  };
}

/** What equality of a value is asked by: URLs are longer than an index entry may be. */
function indicatorDigest(value: string): Uint8Array {
  return createHash('sha256').update(value).digest().subarray(0, 16);
}

function olderThan(after: ScanPosition | null): SQL | undefined {
  if (after === null) return undefined;
  const day = expiryDay(after.id);
  if (day === null) throw new PosternError('request.cursor-invalid', 'The cursor names no scan.');
  return sql`(${scans.expiresOn}, ${scans.createdAt}, ${scans.scanId}) < (${day}::date, ${after.createdAt.toISOString()}::timestamptz, ${after.id})`;
}

function matching(filter: ScanFilter): (SQL | undefined)[] {
  const part = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return [
    filter.labels === undefined ? undefined : inArray(scans.label, [...filter.labels]),
    filter.since === undefined ? undefined : gte(scans.createdAt, filter.since),
    filter.until === undefined ? undefined : lt(scans.createdAt, filter.until),
    filter.subject === undefined ? undefined : ilike(scans.subject, part(filter.subject)),
    filter.sender === undefined
      ? undefined
      : or(ilike(scans.fromName, part(filter.sender)), ilike(scans.fromAddress, part(filter.sender))),
  ];
}

function toRow(row: typeof scans.$inferSelect): ScanRow {
  const { tenantId: _tenant, scanId, expiresOn: _day, messageDate, ...rest } = row;
  return { ...rest, id: scanId, messageDate: messageDate?.toISOString() ?? null };
}
