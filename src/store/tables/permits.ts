import { sql } from 'drizzle-orm';
import type { Transaction } from '../session.js';

export interface PermitRequest {
  /** 16 bytes, a keyed hash: whoever counts sees no address and no account. */
  readonly key: Uint8Array;
  readonly limit: number;
  /** A multiple of `slices`. */
  readonly windowMs: number;
  /** Into how many parts the window is divided; permits come back that much later at most. */
  readonly slices: number;
  readonly wanted: number;
  /** Permits of an earlier answer that were not used. */
  readonly unused?: { readonly count: number; readonly slice: number };
}

export interface Permits {
  readonly granted: number;
  /** Left for others in the window, besides those granted. */
  readonly remaining: number;
  /** Until the oldest permits of the window come back. */
  readonly freesMs: number;
  /** How long those granted may be used. */
  readonly lastsMs: number;
  /** The slice they were counted in. */
  readonly slice: number;
}

/** Sliding windows that all processes share; for the purpose 'limits'. */
export interface PermitTable {
  /**
   * Asks for permits of several windows at once: at least one of each is granted, or none of any. No window, wherever it begins, ever
   * holds more than its limit. The answers are in the order of the requests.
   */
  take(requests: readonly PermitRequest[]): Promise<readonly Permits[]>;
  forget(key: Uint8Array): Promise<void>;
  /** Removes windows that have ended. */
  forgetIdle(): Promise<number>;
}

/**
 * The same in the transaction of a tenant, under keys of its own that nothing else counts in. Windows are held until the transaction
 * ends: ask last. What is rolled back was not counted.
 */
export type TenantPermitTable = Pick<PermitTable, 'take'>;

export function createPermitTable(tx: Transaction): PermitTable {
  return {
    async take(requests) {
      // In one order everywhere, so that two who ask for the same do not wait for each other in a circle.
      const order = requests.map((_, index) => index).sort((a, b) => compare(requests[a], requests[b]));
      const asked = order.flatMap((index) => requests[index] ?? []);
      const each = (value: (request: PermitRequest) => number | string): string => `{${asked.map(value).join(',')}}`;
      type Row = Record<'granted' | 'remaining' | 'frees_ms' | 'lasts_ms', number[]> & { slice: string[] };
      const [row] = await tx.execute<Row>(sql`select * from postern.take_permits(
        ${each(({ key }) => String.raw`"\\x${Buffer.from(key).toString('hex')}"`)}::bytea[],
        ${each(({ limit }) => limit)}::int[], ${each(({ windowMs }) => windowMs)}::int[],
        ${each(({ slices }) => slices)}::int[], ${each(({ wanted }) => wanted)}::int[],
        ${each(({ unused }) => unused?.count ?? 0)}::int[], ${each(({ unused }) => unused?.slice ?? 0)}::bigint[])`);
      return requests.map((_, index) => {
        const place = order.indexOf(index);
        return {
          granted: row?.granted[place] ?? 0,
          remaining: row?.remaining[place] ?? 0,
          freesMs: row?.frees_ms[place] ?? 0,
          lastsMs: row?.lasts_ms[place] ?? 0,
          slice: Number(row?.slice[place] ?? 0),
        };
      });
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

function compare(a: PermitRequest | undefined, b: PermitRequest | undefined): number {
  return Buffer.compare(a?.key ?? new Uint8Array(), b?.key ?? new Uint8Array());
}
