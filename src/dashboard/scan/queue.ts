import { asApiError } from '../api/problem.js';
import { session } from '../api/session.js';
import { createStore } from '../state/store.js';
import type { LayerReport, PendingScan, ScanResult } from '../api/types.js';
import { follow } from './follow.js';

/** A message on its way to a verdict. Kept outside the page, so that it can be left and found again. */
export interface QueuedScan {
  readonly key: number;
  readonly name: string;
  readonly phase: 'waiting' | 'sending' | 'scanning' | 'done' | 'failed';
  /** The layers that have finished so far. */
  readonly layers: readonly LayerReport[];
  readonly result: ScanResult | null;
  readonly error: string | null;
}

export const scans = createStore<readonly QueuedScan[]>([]);

// Whoever signs in next on this page is not shown what somebody else scanned.
session.subscribe(() => {
  if (session.get().state === 'out') scans.set([]);
});

/** More at once gain nothing: the server scans as many as it has cores. */
const AT_ONCE = 3;
const BUSY_TRIES = 5;

interface Job {
  readonly key: number;
  readonly send: () => Promise<PendingScan>;
}

const waiting: Job[] = [];
let running = 0;
let lastKey = 0;

/** Queues a message; `send` hands it to the server. */
export function enqueue(name: string, send: () => Promise<PendingScan>): void {
  lastKey += 1;
  const key = lastKey;
  scans.set((now) => [{ key, name, phase: 'waiting', layers: [], result: null, error: null }, ...now]);
  waiting.push({ key, send });
  pump();
}

/** Takes finished ones off the list. */
export function clearFinished(): void {
  scans.set((now) => now.filter((scan) => scan.phase !== 'done' && scan.phase !== 'failed'));
}

function pump(): void {
  while (running < AT_ONCE) {
    const job = waiting.shift();
    if (job === undefined) return;
    running += 1;
    void work(job).finally(() => {
      running -= 1;
      pump();
    });
  }
}

async function work(job: Job): Promise<void> {
  const update = (change: Partial<QueuedScan>): void =>
    scans.set((now) => now.map((scan) => (scan.key === job.key ? { ...scan, ...change } : scan)));
  try {
    update({ phase: 'sending' });
    const pending = await sendPatiently(job.send);
    update({ phase: 'scanning' });
    const layers: LayerReport[] = [];
    const result = await follow(pending, (layer) => {
      layers.push(layer);
      update({ layers: [...layers] });
    });
    update({ phase: 'done', result, layers: result.layers });
  } catch (thrown) {
    update({ phase: 'failed', error: asApiError(thrown).message });
  }
}

/** A full server says so; it is asked again, less and less often. */
async function sendPatiently(send: () => Promise<PendingScan>): Promise<PendingScan> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (thrown) {
      if (asApiError(thrown).code !== 'scan.queue-full' || attempt === BUSY_TRIES) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
    }
  }
}
