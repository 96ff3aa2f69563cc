import { availableParallelism } from 'node:os';
import { readMessage } from '../../src/mail/read-message.js';
import { createScanPool } from '../../src/services/scanning/pool.js';
import type { ScanPool } from '../../src/services/scanning/pool.js';
import { offlineContext } from '../training/offline-context.js';

export interface Rate {
  readonly what: string;
  readonly messages: number;
  readonly perSecond: number;
  /** Processor time of the whole process, all its threads, in milliseconds. */
  readonly cpuMs: number;
  /** Milliseconds from handing a message over to its result. */
  readonly median: number;
  readonly p99: number;
}

export interface Memory {
  readonly messages: number;
  /** Resident megabytes after a tenth of the messages, and after each further tenth. */
  readonly megabytes: readonly number[];
}

// Every measurement is of the second time: a service compiles its code once and then runs for weeks.

/** Bytes to Message alone: parsing and extraction, in this thread. */
export async function parseRate(messages: readonly Uint8Array[]): Promise<Rate> {
  for (const raw of messages) await readMessage(raw);
  return measure('parse and extract', messages, 1, (raw) => readMessage(raw));
}

/** Bytes to verdict through the pool. */
export async function scanRate(messages: readonly Uint8Array[], threads: number): Promise<Rate> {
  const pool = createScanPool({ threads });
  const what = threads === 1 ? 'scan, one thread' : `scan, ${threads} threads`;
  try {
    const work = (raw: Uint8Array): Promise<void> => scan(pool, raw);
    for (let round = 0; round < threads; round++) await measure(what, messages, threads + 1, work);
    return await measure(what, messages, threads + 1, work);
  } finally {
    await pool.close();
  }
}

/** Scans `count` messages, the sample over and over, and looks at the process's memory on the way. */
export async function memoryOver(messages: readonly Uint8Array[], count: number): Promise<Memory> {
  const threads = availableParallelism();
  const pool = createScanPool({ threads });
  const megabytes: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const raw = messages[next % messages.length];
      next += 1;
      if (next % Math.ceil(count / 10) === 0) megabytes.push(Math.round(process.memoryUsage.rss() / 1e6));
      if (raw !== undefined) await scan(pool, raw);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads * 2 }, lane));
  } finally {
    await pool.close();
  }
  return { messages: count, megabytes };
}

async function scan(pool: ScanPool, raw: Uint8Array): Promise<void> {
  const { tenant, sender } = offlineContext();
  await pool.scan({ raw, tenant, sender });
}

async function measure(
  what: string,
  messages: readonly Uint8Array[],
  lanes: number,
  work: (raw: Uint8Array) => Promise<unknown>,
): Promise<Rate> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let raw = messages[next++]; raw !== undefined; raw = messages[next++]) {
      const begun = performance.now();
      await work(raw);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const quantile = (share: number): number => round(times[Math.floor(times.length * share)] ?? 0);
  return {
    what,
    messages: times.length,
    perSecond: Math.round(times.length / seconds),
    cpuMs: round((user + system) / 1000 / times.length),
    median: quantile(0.5),
    p99: quantile(0.99),
  };
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
