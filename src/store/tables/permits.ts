import { sql } from 'drizzle-orm';
import type { Transaction } from '../session.js';

export interface PermitRequest {
  /** A hash: the database sees no address and no account. */
  readonly key: Uint8Array;
  readonly limit: number;
  readonly windowMs: number;
  readonly wanted: number;
}

export interface Permits {
  readonly granted: number;
  /** Left for others in the window, besides those granted. */
  readonly remaining: number;
  /** Until it is worth asking again, where none were granted. */
  readonly waitMs: number;
  /** How long those granted may be used. */
  readonly lastsMs: number;
}

/** Sliding windows shared by all processes; for the purpose 'limits'. */
export interface PermitTable {
  take(request: PermitRequest): Promise<Permits>;
  forget(key: Uint8Array): Promise<void>;
  /** Removes windows that have ended. */
  forgetIdle(): Promise<number>;
}

export function createPermitTable(tx: Transaction): PermitTable {
  return {
    async take({ key, limit, windowMs, wanted }) {
      type Row = { granted: number; remaining: number; wait_ms: number; lasts_ms: number };
      const [row] = await tx.execute<Row>(
        sql`select * from postern.take_permits(${key}, ${limit}::int, ${windowMs}::int, ${wanted}::int)`,
      );
      return {
        granted: row?.granted ?? 0,
        remaining: row?.remaining ?? 0,
        waitMs: row?.wait_ms ?? windowMs,
        lastsMs: row?.lasts_ms ?? 0,
      };
    },
    async forget(key) {
      await tx.execute(sql`select postern.forget_permits(${key})`);
    },
    async forgetIdle() {
      const [row] = await tx.execute<{ gone: string }>(sql`select postern.forget_idle_windows() as gone`);
      return Number(row?.gone ?? 0);
    },
  };
}
