import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createCpuClock } from '../../../src/services/scanning/cpu-clock.js';

/** Says under which id Linux knows it, computes for a while, and waits to be ended. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  let name = null;
  try { name = require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1); } catch {}
  for (const end = Date.now() + 20; Date.now() < end;);
  parentPort.postMessage(name);
  setInterval(() => undefined, 1000);`;

describe('the clock of a scan thread', () => {
  it('stands still when the thread is gone', async () => {
    const worker = new Worker(THREAD, { eval: true });
    const [name] = (await once(worker, 'message')) as [string | null];
    const clock = createCpuClock(worker, name);
    const alive = clock();
    assert.ok(alive > 0, `${alive} ms`);
    await worker.terminate();
    const gone = clock();
    assert.ok(gone >= alive || name === null, `${gone} ms after ${alive} ms`);
    assert.equal(clock(), gone);
  });

  it('counts by the event loop where the system knows no such thread', async () => {
    const worker = new Worker(THREAD, { eval: true });
    await once(worker, 'message');
    try {
      assert.ok(createCpuClock(worker, 'none')() > 0);
      assert.ok(createCpuClock(worker, null)() > 0);
    } finally {
      await worker.terminate();
    }
  });
});
