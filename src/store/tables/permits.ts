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
      const { order, keys, limits, windows, slices, wanted, unused, of } = arraysOf(requests);
      const [row] = await tx.execute<PermitRow>(sql`select * from postern.take_permits(
        ${keys}::bytea[], ${limits}::int[], ${windows}::int[], ${slices}::int[], ${wanted}::int[], ${unused}::int[], ${of}::bigint[])`);
      return row === undefined ? [] : inOrder(order, toPermits(row));
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

/** What take_permits answers: an array for each fact, in the order of its keys. */
export type PermitRow = Record<'granted' | 'remaining' | 'frees_ms' | 'lasts_ms', number[]> & {
  slice: (string | number)[];
};

/**
 * The arguments of take_permits, as texts of arrays, with the keys in one order everywhere, so that two who ask for the same do not wait
 * for each other in a circle. `order`: the place of each in the requests.
 */
export function arraysOf(requests: readonly PermitRequest[]) {
  const sorted = [...requests.entries()].sort(([, a], [, b]) => Buffer.compare(a.key, b.key));
  const each = (value: (request: PermitRequest) => number | string): string =>
    `{${sorted.map(([, request]) => value(request)).join(',')}}`;
  return {
    order: sorted.map(([place]) => place),
    keys: each(({ key }) => String.raw`"\\x${Buffer.from(key).toString('hex')}"`),
    limits: each(({ limit }) => limit),
    windows: each(({ windowMs }) => windowMs),
    slices: each(({ slices }) => slices),
    wanted: each(({ wanted }) => wanted),
    unused: each(({ unused }) => unused?.count ?? 0),
    of: each(({ unused }) => unused?.slice ?? 0),
  };
}

export function toPermits({ granted, remaining, frees_ms, lasts_ms, slice }: PermitRow): readonly Permits[] {
  return granted.map((count, place) => ({
    granted: count,
    remaining: remaining[place] ?? 0,
    freesMs: frees_ms[place] ?? 0,
    lastsMs: lasts_ms[place] ?? 0,
    slice: Number(slice[place] ?? 0),
  }));
}

/** Back to the order of the requests. */
export function inOrder(order: readonly number[], permits: readonly Permits[]): readonly Permits[] {
  return order.flatMap((_, place) => permits[order.indexOf(place)] ?? []);
}
