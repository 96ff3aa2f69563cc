import { createHash } from 'node:crypto';
import { and, desc, eq, gte, ilike, inArray, lt, lte, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { insertScans } from './insert-scans.js';
import { createScanId, expiryDay, isoDay } from './scan-id.js';
import { whereItIs } from './moved-scans.js';
import { indicators, scanDays, scans, tenants } from '../../schema.js';
import type { Transaction } from '../../session.js';
import { storable, storableJson } from '../storable.js';
import type { IndicatorFilter, NewScan, ScanFilter, ScanPosition, ScanRow, ScanTable, TenantId } from '../../store.js';

/** No query opens more partitions than this. */
const PARTITIONS_AT_ONCE = 10;

/** Verdicts of the pinned tenant. Every query names the days it needs: PostgreSQL plans and opens only their partitions. */
export function createScanTable(tx: Transaction, tenant: TenantId): ScanTable {
  /** The row of an id. The day in it is a hint for the planner, not a permission: the policies decide. */
  const byId = (id: string, day: string) =>
    and(eq(scans.tenantId, tenant), eq(scans.scanId, id), eq(scans.expiresOn, day));

  /**
   * Adds what was found to the scan that `from` names. Digests are made by the database, so that whoever asks for a value makes them
   * the same way.
   */
  const addIndicators = (from: SQL, found: NewScan['indicators']): SQL => sql`
    insert into ${indicators} (tenant_id, scan_id, expires_on, expires_at, owner_id, kind, digest, value)
    select scan.tenant_id, scan.scan_id, scan.expires_on, scan.expires_at, scan.owner_id, found.kind,
      substring(sha256(convert_to(found.value, 'UTF8')) for 16), found.value
    from ${from} scan, jsonb_to_recordset(${storableJson(found)}::jsonb) as found (kind text, value text)
    on conflict do nothing`;

  /** Scans of these days that have an indicator. Only comparisons that leak nothing, so that the index serves under the policies too. */
  const withIndicator = ({ kinds, values }: IndicatorFilter, days: readonly string[]) =>
    tx
      .select({ id: indicators.scanId })
      .from(indicators)
      .where(
        and(
          eq(indicators.tenantId, tenant),
          inArray(indicators.kind, [...kinds]),
          inArray(indicators.digest, values.map(digestOf)),
          inArray(indicators.expiresOn, [...days]),
        ),
      );

  /** The partitions that can hold what was created from `since` to `until`, newest first, in portions, as conditions. */
  async function* portions(newest: string | null, filter: ScanFilter): AsyncGenerator<SQL | undefined> {
    const { since, until, indicators: wanted = [] } = filter;
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
    // Indicators have partitions of their own, of the same days.
    const atOnce = wanted.length === 0 ? PARTITIONS_AT_ONCE : PARTITIONS_AT_ONCE / 2;
    for (let from = 0; from < days.length; from += atOnce) {
      const portion = days.slice(from, from + atOnce).map(({ day }) => day);
      yield and(
        eq(scans.tenantId, tenant),
        inArray(scans.expiresOn, portion),
        ...wanted.map((indicator) => inArray(scans.scanId, withIndicator(indicator, portion))),
      );
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

    async insert(id, expiresAt, { indicators: found, verdict, ...given }, sealed) {
      const scan = storable(given);
      const judgement = storableJson(verdict);
      const milliseconds = Math.round(scan.milliseconds);
      const [row] = await tx.execute<{ created_at: string }>(sql`
        select postern.add_scan(${tenant}, ${id}, ${expiresAt.toISOString()}, ${scan.ownerId}, ${scan.mailboxId}, ${scan.source},
          ${scan.sha256}, ${scan.size}, ${scan.subject}, ${scan.fromName}, ${scan.fromAddress}, ${scan.messageDate}, ${scan.label},
          ${scan.score}, ${milliseconds}, ${judgement}, ${storableJson(found)}, ${sealed ?? null}) as created_at`);
      if (row === undefined) throw new PosternError('internal', 'The scan was not stored.');
      const createdAt = new Date(row.created_at);
      const kept = JSON.parse(judgement) as unknown;
      const messageDate = scan.messageDate === null ? null : new Date(scan.messageDate).toISOString();
      return { ...scan, id, createdAt, expiresAt, rescannedAt: null, milliseconds, messageDate, verdict: kept };
    },

    insertAll: (entries) => insertScans(tx, tenant, entries),

    async get(id) {
      return await whereItIs(tx, tenant, id, async (day) => {
        const [row] = await tx.select().from(scans).where(byId(id, day));
        return row === undefined ? null : toRow(row);
      });
    },

    async list(filter, limit, after) {
      const found: (typeof scans.$inferSelect)[] = [];
      const newest = after === null ? null : dayOf(after);
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
      return await whereItIs(tx, tenant, id, async (day) => {
        const [row] = await tx
          .update(scans)
          .set({ ...storable(verdict), milliseconds: Math.round(milliseconds), rescannedAt: sql`now()` })
          .where(byId(id, day))
          .returning();
        if (row === undefined) return null;
        await tx
          .delete(indicators)
          .where(and(eq(indicators.tenantId, tenant), eq(indicators.scanId, id), eq(indicators.expiresOn, day)));
        await tx.execute(addIndicators(sql`(select * from ${scans} where ${byId(id, day)})`, found));
        return toRow(row);
      });
    },

    async delete(id) {
      // A trigger takes content, indicators and the message's identity along.
      const gone = await whereItIs(tx, tenant, id, async (day) => {
        const rows = await tx.delete(scans).where(byId(id, day)).returning({ id: scans.scanId });
        return rows.length > 0 ? true : null;
      });
      return gone !== null;
    },

    async moveRetention(most) {
      const [row] = await tx.execute<{ moved: number }>(sql`select postern.move_retention(${most}::int) as moved`);
      return row?.moved ?? 0;
    },

    async countFindings(since, most) {
      const byFinding = new Map<string, number>();
      let counted = 0;
      for await (const days of portions(null, { since })) {
        const newest = tx
          .select({ verdict: scans.verdict })
          .from(scans)
          .where(and(days, gte(scans.createdAt, since)))
          .orderBy(desc(scans.expiresOn), desc(scans.createdAt), desc(scans.scanId))
          .limit(most - counted)
          .as('newest');
        // A scan without findings counts too, under no name.
        const rows = await tx.execute<{ id: string | null; scans: number }>(sql`
          with newest as materialized (select row_number() over () as n, verdict from ${newest}),
          found as (select distinct n, finding ->> 'id' as id from newest, jsonb_array_elements(verdict -> 'findings') as finding)
          select null as id, count(*)::int as scans from newest union all select id, count(*)::int from found group by id`);
        for (const { id, scans: number } of rows) {
          if (id === null) counted += number;
          else byFinding.set(id, number + (byFinding.get(id) ?? 0));
        }
        if (counted >= most) break;
      }
      return { scans: counted, byFinding };
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

/** The id's day, unless the scan was moved since. */
function dayOf({ id, expiresAt }: ScanPosition): string | null {
  return expiresAt === undefined ? expiryDay(id) : isoDay(expiresAt);
}

function olderThan(after: ScanPosition | null): SQL | undefined {
  if (after === null) return undefined;
  const day = dayOf(after);
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

/** As `addIndicators` has the database make it. */
function digestOf(value: string): Uint8Array {
  return createHash('sha256').update(storable(value)).digest().subarray(0, 16);
}

function toRow(row: typeof scans.$inferSelect): ScanRow {
  const { tenantId: _tenant, scanId, expiresOn: _day, messageDate, ...rest } = row;
  return { ...rest, id: scanId, messageDate: messageDate?.toISOString() ?? null };
}
