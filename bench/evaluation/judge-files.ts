import { readFile } from 'node:fs/promises';
import { readMessage } from '../../src/mail/read-message.js';
import { runPipeline } from '../../src/scanners/pipeline.js';
import type { Verdict } from '../../src/scanners/verdict.js';
import { loadQrReader } from '../../src/services/scanning/qr-reader.js';
import { offlineContext } from '../training/offline-context.js';

/** One file through the product's own reading and pipeline; null where it is no message. */
export async function judgeFile(path: string): Promise<Verdict | null> {
  const message = await readMessage(await readFile(path), {}, { qr: loadQrReader }).catch(() => null);
  return message === null ? null : runPipeline(message, offlineContext());
}
