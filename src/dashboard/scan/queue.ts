import { asApiError } from '../api/problem.js';
import { session } from '../api/session.js';
import { untilOnline } from '../state/online.js';
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
const TRIES = 6;

/** Hands the message to the server; called again with the same key when it is not known whether it got there. */
type Send = (key: string) => Promise<PendingScan>;

interface Job {
  readonly key: number;
  readonly send: Send;
}

const waiting: Job[] = [];
let running = 0;
let lastKey = 0;

/** Queues a message. */
export function enqueue(name: string, send: Send): void {
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

/** A full server is asked again, less and less often; one that does not answer, when it does again. */
async function sendPatiently(send: Send): Promise<PendingScan> {
  const key = randomKey();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(key);
    } catch (thrown) {
      const { code } = asApiError(thrown);
      if (attempt === TRIES || (code !== 'scan.queue-full' && code !== 'offline')) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** (attempt - 1)));
      await untilOnline();
    }
  }
}

// crypto.randomUUID is missing where postern is reached by plain http under another name than localhost.
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
