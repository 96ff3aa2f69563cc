import { open } from 'node:fs/promises';
import { PosternError } from '../../errors.js';
import { READ_LIMITS } from '../../mail/limits.js';
import { STDIN, unreadable } from './mail-files.js';
import type { MailFile, MailItem } from './mail-files.js';
import { isMbox, splitMbox, tooLarge } from './mbox.js';

/** What a scan would refuse is refused before it is read. */
const LARGEST_BYTES = READ_LIMITS.messageBytes;

/** Reads the messages one after the other; nothing is read ahead of the consumer. */
export async function* readMail(files: AsyncIterable<MailFile>): AsyncGenerator<MailItem> {
  for await (const file of files) {
    if ('error' in file) {
      yield file;
      continue;
    }
    try {
      if (file.path === STDIN) yield { path: STDIN, raw: await readAll(process.stdin) };
      else yield* readFile(file.path);
    } catch (error) {
      yield { path: file.path, error: error instanceof PosternError ? error : unreadable(file.path, error) };
    }
  }
}

async function* readFile(path: string): AsyncGenerator<MailItem> {
  const handle = await open(path);
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) {
      // A pipe can be read only once and has no size: it is taken for a single message.
      yield { path, raw: await readAll(handle.createReadStream({ autoClose: false })) };
      return;
    }
    const start = Buffer.alloc(5);
    await handle.read(start, 0, start.length, 0);
    if (isMbox(start)) {
      yield* splitMbox(path, handle.createReadStream({ autoClose: false, start: 0 }), LARGEST_BYTES);
      return;
    }
    if (facts.size > LARGEST_BYTES) throw tooLarge(LARGEST_BYTES);
    yield { path, raw: await handle.readFile() };
  } finally {
    await handle.close();
  }
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > LARGEST_BYTES) throw tooLarge(LARGEST_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
