import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import { scanDays, scans } from '../../schema.js';
import type { Transaction } from '../../session.js';
import { isoDay } from './scan-id.js';
import type { TenantId } from '../../store.js';

export interface Tally {
  /** An address or a person's id. */
  readonly key: string;
  readonly total: number;
  /** Of them phishing, malware or suspicious. */
  readonly dangerous: number;
}

/** Counts over the scans of the pinned tenant that the actor may see. */
export interface InsightTable {
  /** Whose messages were dangerous most often. */
  senders(since: Date, limit: number): Promise<readonly Tally[]>;
  /** Whose scans were dangerous most often. */
  targets(since: Date, limit: number): Promise<readonly Tally[]>;
}

/** No query opens more partitions than this. */
const DAYS_AT_ONCE = 10;
/** Of a portion: enough that a sum over all of them misses nobody who matters. */
const OF_A_PORTION = 500;

export function createInsightTable(tx: Transaction, tenant: TenantId): InsightTable {
  const dangerous = sql<number>`(count(*) filter (where ${scans.label} in ('phishing', 'malware', 'suspicious')))::int`;

  async function most(
    column: typeof scans.fromAddress | typeof scans.ownerId,
    since: Date,
    limit: number,
  ): Promise<readonly Tally[]> {
    const days = await tx
      .selectDistinct({ day: scanDays.expiresOn })
      .from(scanDays)
      .where(and(eq(scanDays.tenantId, tenant), gte(scanDays.createdOn, isoDay(since))));
    const sums = new Map<string, Tally>();
    for (let from = 0; from < days.length; from += DAYS_AT_ONCE) {
      const portion = days.slice(from, from + DAYS_AT_ONCE).map(({ day }) => day);
      const rows = await tx
        .select({ key: sql<string | null>`${column}::text`, total: sql<number>`count(*)::int`, dangerous })
        .from(scans)
        .where(and(eq(scans.tenantId, tenant), inArray(scans.expiresOn, portion), gte(scans.createdAt, since)))
        .groupBy(column)
        .having(sql`${dangerous} > 0`)
        .orderBy(desc(dangerous))
        .limit(OF_A_PORTION);
      for (const row of rows) {
        if (row.key === null || row.key === '') continue;
        const before = sums.get(row.key) ?? { key: row.key, total: 0, dangerous: 0 };
        sums.set(row.key, {
          key: row.key,
          total: before.total + row.total,
          dangerous: before.dangerous + row.dangerous,
        });
      }
    }
    return [...sums.values()]
      .sort((a, b) => b.dangerous - a.dangerous || b.total - a.total || a.key.localeCompare(b.key))
      .slice(0, limit);
  }

  return {
    senders: (since, limit) => most(scans.fromAddress, since, limit),
    targets: (since, limit) => most(scans.ownerId, since, limit),
  };
}
