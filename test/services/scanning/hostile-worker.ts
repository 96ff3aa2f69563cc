import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PosternError } from '../../../src/errors.js';
import type { Message } from '../../../src/mail/message.js';
import { runPipeline } from '../../../src/scanners/pipeline.js';
import type { Scanner } from '../../../src/scanners/scanner.js';
import type { ThreadSetting } from '../../../src/services/scanning/protocol.js';
import { serveScans } from '../../../src/services/scanning/serve-scans.js';
import { bareMessage } from './bare-message.js';

/** A scan thread that does to itself what the text of a message says. */
const obedient: Scanner = {
  layer: 'content',
  name: 'obedient',
  async scan(message, { lookup }) {
    const [order = '', argument = ''] = message.text.split(/\s+/);
    switch (order) {
      case 'spin':
        for (;;);
      case 'compute': {
        const end = performance.now() + Number(argument);
        while (performance.now() < end);
        return { findings: [] };
      }
      case 'fill':
        for (const hoard: number[][] = []; ;) hoard.push(new Array<number>(100_000).fill(hoard.length));
      case 'exit':
        return process.exit(7);
      case 'crash':
        setTimeout(() => {
          throw new Error('thrown where nobody catches');
        });
        return sleep(60_000, { findings: [] });
      case 'hang':
        return new Promise(() => undefined);
      case 'ask': {
        const reply = await lookup.dns(argument, 'TXT');
        return { findings: [], skipped: JSON.stringify(reply) };
      }
      default:
        return { findings: [] };
    }
  },
};

async function readMessage(raw: Uint8Array): Promise<Message> {
  const message = bareMessage(raw);
  if (message.text === '') throw new PosternError('message.empty', 'The message is empty.', { details: { size: 0 } });
  if (message.text === 'break') throw new TypeError('a fault of postern');
  return Promise.resolve(message);
}

if (parentPort === null) throw new Error('runs as a thread');
const thread = process.platform === 'linux' ? (readlinkSync('/proc/thread-self').split('/').at(-1) ?? null) : null;
serveScans(
  parentPort,
  { readMessage, runPipeline: (message, context) => runPipeline(message, context, [obedient]) },
  new Int32Array((workerData as ThreadSetting).begun),
  thread,
);
