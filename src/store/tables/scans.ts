import { and, desc, eq, gte, ilike, inArray, lt, lte, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../../errors.js';
import { createScanId, expiryDay, isoDay } from './scan-id.js';
import { indicators, scanDays, scans, tenants } from '../schema.js';
import type { Transaction } from '../session.js';
import { storable } from './storable.js';
import type { NewScan, ScanFilter, ScanPosition, ScanRow, ScanTable, TenantId } from '../store.js';

/** No query opens more partitions than this. */
const DAYS_AT_ONCE = 10;

/** Verdicts of the pinned tenant. Every query names the days it needs: PostgreSQL plans and opens only their partitions. */
export function createScanTable(tx: Transaction, tenant: TenantId): ScanTable {
  /** The row of an id. The day in it is a hint for the planner, not a permission: the policies decide. */
  const byId = (id: string, day: string) =>
    and(eq(scans.tenantId, tenant), eq(scans.scanId, id), eq(scans.expiresOn, day));

  /** Digests are made by the database, so that whoever asks for a value makes them the same way. */
  const addIndicators = (scan: typeof scans.$inferInsert, found: NewScan['indicators']) =>
    tx.execute(sql`
      insert into ${indicators} (tenant_id, scan_id, expires_on, expires_at, owner_id, kind, digest, value)
      select ${tenant}::uuid, ${scan.scanId}, ${scan.expiresOn}::date, ${scan.expiresAt.toISOString()}::timestamptz,
        ${scan.ownerId ?? null}::uuid, found.kind, substring(sha256(convert_to(found.value, 'UTF8')) for 16), found.value
      from jsonb_to_recordset(${JSON.stringify(storable(found))}::jsonb) as found (kind text, value text)
      on conflict do nothing`);

  /** The partitions that can hold what was created from `since` to `until`, newest first, in portions, as conditions. */
  async function* portions(newest: string | null, { since, until }: ScanFilter): AsyncGenerator<SQL | undefined> {
    const days = await tx
      .selectDistinct({ day: scanDays.expiresOn })
      .from(scanDays)
      .where(
        and(
          eq(scanDays.tenantId, tenant),
          newest === null ? undefined : lte(scanDays.expiresOn, newest),
          since === undefined ? undefined : gte(scanDays.createdOn, isoDay(since)),
          until === undefined ? undefined : lte(scanDays.createdOn, isoDay(until)),
        ),
      )
      .orderBy(desc(scanDays.expiresOn));
    for (let from = 0; from < days.length; from += DAYS_AT_ONCE) {
      const portion = days.slice(from, from + DAYS_AT_ONCE).map(({ day }) => day);
      yield and(eq(scans.tenantId, tenant), inArray(scans.expiresOn, portion));
    }
  }

  /** When a scan of now expires, with the partition for it. */
  async function prepareExpiry(): Promise<Date> {
    const [row] = await tx
      .select({
        expiresAt: sql`now() + make_interval(days => ${tenants.retentionDays})`.mapWith(scans.expiresAt),
        created: sql<number>`postern.ensure_day(((now() + make_interval(days => ${tenants.retentionDays})) at time zone 'UTC')::date)`,
      })
      .from(tenants)
      .where(eq(tenants.tenantId, tenant));
    if (row === undefined) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
    return row.expiresAt;
  }

  return {
    async reserveId() {
      const expiresAt = await prepareExpiry();
      return { id: createScanId(expiresAt), expiresAt };
    },

    async reserveIds(count) {
      const expiresAt = await prepareExpiry();
      return Array.from({ length: count }, () => ({ id: createScanId(expiresAt), expiresAt }));
    },

    async insert(id, expiresAt, { indicators: found, messageDate, ...scan }) {
      const values = {
        ...storable(scan),
        tenantId: tenant,
        scanId: id,
        expiresOn: isoDay(expiresAt),
        expiresAt,
        milliseconds: Math.round(scan.milliseconds),
        messageDate: messageDate === null ? null : new Date(messageDate),
      };
      // Neither waits for the other: one way to the database and back instead of two.
      const [[row]] = await Promise.all([tx.insert(scans).values(values).returning(), addIndicators(values, found)]);
      if (row === undefined) throw new PosternError('internal', 'The scan was not stored.');
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
      for await (const days of portions(newest, filter)) {
        const rows = await tx
          .select()
          .from(scans)
          .where(and(days, olderThan(after), ...matching(filter)))
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
      for await (const days of portions(null, { since })) {
        const rows = await tx
          .select({ day, label: scans.label, count: sql<number>`count(*)::int` })
          .from(scans)
          .where(and(days, gte(scans.createdAt, since)))
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
    filter.mailboxId === undefined ? undefined : eq(scans.mailboxId, filter.mailboxId),
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
