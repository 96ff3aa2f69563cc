import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until it holds, asking again and again; fails after a minute, which is for machines that are busy with other tests. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > 60_000) assert.fail('it did not happen within a minute');
    await sleep(20);
  }
}
