import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HashSet } from './hash-set.js';
import { LineReader } from './read-line.js';
import type { Listed } from './read-line.js';

export interface FeedContent {
  readonly entries: HashSet;
  /** Lines that were not understood. */
  readonly unknownLines: number;
}

/** Lines between which others get their turn: a feed of millions must not hold up the server. */
const LINES_A_TURN = 5000;

/** Reads a feed file of any of the formats, line by line. Rejects with the file system's error. */
export async function readFeed(path: string): Promise<FeedContent> {
  const entries = new HashSet();
  const reader = new LineReader();
  const input = createReadStream(path);
  let unknownLines = 0;
  let lines = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      lines += 1;
      const listed = reader.read(lines === 1 ? line.replace(/^\uFEFF/, '') : line);
      if (listed === 'unknown') unknownLines += 1;
      else if (listed !== 'nothing') for (const entry of listed) entries.add(keyOf(entry));
      if (lines % LINES_A_TURN === 0) await new Promise(setImmediate);
    }
  } finally {
    input.destroy();
  }
  entries.seal();
  return { entries, unknownLines };
}

export function keyOf({ kind, value }: Listed): string {
  return `${kind}:${value}`;
}
