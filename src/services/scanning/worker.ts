import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createPictureMemory } from '../../mail/extract/image/picture-memory.js';
import { readMessage } from '../../mail/read-message.js';
import { runPipeline } from '../../scanners/pipeline.js';
import type { ThreadSetting } from './protocol.js';
import { loadQrReader } from './qr-reader.js';
import { serveScans } from './serve-scans.js';

/** Linux names the thread here ("<process>/task/<thread>"); elsewhere the CPU clock falls back on the event loop's. */
function osThread(): string | null {
  try {
    return readlinkSync('/proc/thread-self').split('/').at(-1) ?? null;
  } catch {
    return null;
  }
}

const pictures = createPictureMemory();
if (parentPort === null) throw new Error('worker.js runs as a thread of the scan pool');
serveScans(
  parentPort,
  {
    readMessage: (raw) => readMessage(raw, {}, { qr: loadQrReader, pictures }),
    runPipeline: (message, context) => runPipeline(message, context),
  },
  new Int32Array((workerData as ThreadSetting).begun),
  osThread(),
);
