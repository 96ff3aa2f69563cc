import { sql } from 'drizzle-orm';
import type { Transaction } from '../session.js';

/** Requests of the last minute, exact over all processes. Seconds are whole: none of the last 60 is ever left out. */
export interface RateWindowTable {
  /**
   * Counts one request in each bucket, in the order given, and holds them until the transaction ends: ask last. What is rolled back
   * was not counted.
   */
  count(buckets: readonly string[]): Promise<readonly RateCount[]>;
}

export interface RateCount {
  readonly bucket: string;
  /** With the request just counted. */
  readonly used: number;
  /** Seconds until the oldest of them no longer counts. */
  readonly freesIn: number;
}

export function createRateWindowTable(tx: Transaction): RateWindowTable {
  return {
    async count(buckets) {
      const rows = await tx.execute<{ bucket: string; used: number; frees_in: number }>(
        sql`select * from postern.count_request(${`{${buckets.map((bucket) => `"${bucket}"`).join(',')}}`}::text[])`,
      );
      return rows.map(({ bucket, used, frees_in: freesIn }) => ({ bucket, used, freesIn }));
    },
  };
}
