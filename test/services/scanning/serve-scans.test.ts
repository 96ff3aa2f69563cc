import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import type { FromThread, ToThread } from '../../../src/services/scanning/protocol.js';
import { serveScans } from '../../../src/services/scanning/serve-scans.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import { bareMessage } from './bare-message.js';

describe('a scan thread', () => {
  it('begins with its orders one after the other, and with none that was taken back before', async () => {
    const { port1, port2 } = new MessageChannel();
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const read: string[] = [];
    serveScans(
      port1,
      {
        readMessage: (raw) => {
          const message = bareMessage(raw);
          read.push(message.text);
          // As the main thread takes the second one back while the first is at work.
          if (message.text === 'first') assert.equal(Atomics.compareExchange(begun, 0, 1, 2), 1);
          return Promise.resolve(message);
        },
        runPipeline: (message, context) => runPipeline(message, context, []),
      },
      begun,
      null,
    );
    const done = new Promise<number[]>((resolve) => {
      const jobs: number[] = [];
      port2.on('message', (message: FromThread) => {
        if (message.kind === 'ready') return;
        assert.equal(message.kind, 'done');
        if (jobs.push(message.job) === 2) resolve(jobs);
      });
    });
    const tenant = { domains: [], people: [], trustedAuthservIds: [], allow: [], block: [], weights: {} };
    const setting = {
      tenant,
      sender: { messages: null, firstSeen: null },
      online: false,
      llmOff: undefined,
      watched: false,
    };
    for (const [index, text] of ['first', 'second', 'third'].entries()) {
      const raw = new TextEncoder().encode(text);
      port2.postMessage({ kind: 'scan', job: index + 1, raw, envelope: null, setting } satisfies ToThread);
    }
    try {
      assert.deepEqual(await done, [1, 3]);
      assert.deepEqual(read, ['first', 'third']);
      assert.equal(begun[0], 3);
    } finally {
      port1.close();
    }
  });
});
