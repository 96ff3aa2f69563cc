import { join } from 'node:path';
import { PosternError } from '../errors.js';
import { appendLines } from './append-lines.js';
import { readIfThere } from './key-file.js';
import { openScanDeletions } from './scan-deletions.js';
import type { ScanDeletions } from './scan-deletions.js';

/** What has been deleted for good: ids alone, which say nothing of whom they stood for. */
export interface Deletion {
  readonly what: 'account' | 'tenant' | 'key';
  readonly id: string;
}

/**
 * The log of deletions, beside the keys and never in the database: a database restored from an older copy is made to forget again what
 * it brings back. It is only added to.
 */
export interface DeletionLog {
  /** On disk when it resolves. */
  append(deletions: readonly Deletion[]): Promise<void>;
  /** Everything in it, the oldest first, each once. Throws `keys.damaged` where a line cannot be read. */
  read(): Promise<readonly Deletion[]>;
  readonly scans: ScanDeletions;
}

const FILE = 'deletions.log';
const LINE = /^\S+ (account|tenant|key) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A file in `folder`, one line a deletion: when, what, and its id. */
export function openDeletionLog(folder: string, now: () => Date = () => new Date()): DeletionLog {
  const path = join(folder, FILE);
  return {
    scans: openScanDeletions(folder),

    async append(deletions) {
      const at = now().toISOString();
      const lines = deletions.map(({ what, id }) => `${at} ${what} ${id}`);
      await appendLines(folder, FILE, lines);
    },

    async read() {
      const text = (await readIfThere(path)) ?? '';
      const found = new Map<string, Deletion>();
      for (const line of text.split('\n')) {
        const [, what, id] = LINE.exec(line) ?? [];
        if (what !== undefined && id !== undefined) found.set(`${what} ${id}`, { what: what as Deletion['what'], id });
        else if (!isTorn(line)) throw damaged(path);
      }
      return [...found.values()];
    },
  };
}

/** Cut off while it was written, so that its deletion had not been done: the beginning of a line, or room that was never filled. */
function isTorn(line: string): boolean {
  return /^[0-9TZ:.-]*( [a-z]*( [0-9a-f-]*)?)?$/.test(line.replaceAll('\0', ''));
}

function damaged(path: string): PosternError {
  return new PosternError('keys.damaged', `The log of deletions in ${path} is damaged. Restore it from a backup.`);
}
