import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

/** Milliseconds of processor time a thread has used so far; can be read while the thread is stuck. */
export type CpuClock = () => number;

/**
 * Linux counts for each thread the nanoseconds it had a processor: a busy machine does not make a message look slow.
 * Elsewhere the time the thread's event loop was not idle is the nearest there is.
 */
export function createCpuClock(worker: Worker, osThread: string | null): CpuClock {
  const byLoop: CpuClock = () => worker.performance.eventLoopUtilization().active;
  if (osThread === null) return byLoop;
  const path = `/proc/self/task/${osThread}/schedstat`;
  const first = readMilliseconds(path);
  if (first === null) return byLoop;
  let last = first;
  // A thread that died is gone from /proc before its worker says so: its clock stands still.
  return () => (last = readMilliseconds(path) ?? last);
}

function readMilliseconds(path: string): number | null {
  try {
    const nanoseconds = Number.parseInt(readFileSync(path, 'latin1'), 10);
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : null;
  } catch {
    return null;
  }
}
