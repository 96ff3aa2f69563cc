import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../errors.js';
import { appendLines } from './append-lines.js';
import { readIfThere } from './key-file.js';

/** A scan that somebody deleted: ids alone. */
export interface DeletedScan {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * Single scans in the log of deletions, a file a month: they are many, and what a month names has expired in every copy of the database
 * some time after it. Then its file goes as a whole, so that none is ever written anew while others add to it.
 */
export interface ScanDeletions {
  /** On disk when it resolves. */
  append(scans: readonly DeletedScan[], at: Date): Promise<void>;
  /** What was added at that time or later. Throws `keys.damaged` where a line cannot be read. */
  readSince(since: Date): Promise<readonly DeletedScan[]>;
  /** Removes the months that ended before and name only what has `expired`. Returns how many. Throws as above. */
  forget(before: Date, expired: (id: string) => boolean): Promise<number>;
}

const NAME = /^deletions-(\d{4})-(\d{2})\.log$/;
const LINE = /^(\S+) scan ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([0-9a-z]{3,4}-[0-9A-Za-z]{22})$/;
/** Cut off while it was written: the beginning of a line, or room that was never filled. */
const TORN = /^[0-9TZ:.-]*( [a-z]*( [0-9a-f-]*( [0-9a-zA-Z-]*)?)?)?$/;

/** Files in `folder`, one line a scan: when, `scan`, its tenant, its id. */
export function openScanDeletions(folder: string): ScanDeletions {
  /** The months there are, with when each has ended. */
  async function months(): Promise<readonly { readonly name: string; readonly ended: Date }[]> {
    const names = await readdir(folder).catch(nothingThere);
    return names.flatMap((name) => {
      const [, year, month] = NAME.exec(name) ?? [];
      return year === undefined ? [] : [{ name, ended: new Date(Date.UTC(Number(year), Number(month))) }];
    });
  }

  async function linesOf(name: string): Promise<readonly (DeletedScan & { readonly at: Date })[]> {
    const where = join(folder, name);
    return ((await readIfThere(where)) ?? '').split('\n').flatMap((line) => {
      const [, at, tenantId, id] = LINE.exec(line) ?? [];
      if (at !== undefined && tenantId !== undefined && id !== undefined) return [{ at: new Date(at), tenantId, id }];
      if (TORN.test(line.replaceAll('\0', ''))) return [];
      throw new PosternError('keys.damaged', `The log of deletions in ${where} is damaged. Restore it from a backup.`);
    });
  }

  return {
    async append(scans, at) {
      const when = at.toISOString();
      const lines = scans.map(({ tenantId, id }) => `${when} scan ${tenantId} ${id}`);
      await appendLines(folder, `deletions-${when.slice(0, 7)}.log`, lines);
    },

    async readSince(since) {
      const found: DeletedScan[] = [];
      for (const { name, ended } of await months()) {
        if (ended <= since) continue;
        for (const { at, tenantId, id } of await linesOf(name)) if (at >= since) found.push({ tenantId, id });
      }
      return found;
    },

    async forget(before, expired) {
      let removed = 0;
      for (const { name, ended } of await months()) {
        if (ended > before || !(await linesOf(name)).every(({ id }) => expired(id))) continue;
        await rm(join(folder, name), { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

function nothingThere(error: unknown): readonly string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
