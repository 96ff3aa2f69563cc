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
  const byKernel: CpuClock = () => Number.parseInt(readFileSync(path, 'latin1'), 10) / 1e6;
  try {
    return Number.isFinite(byKernel()) ? byKernel : byLoop;
  } catch {
    return byLoop;
  }
}
