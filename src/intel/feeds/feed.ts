import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readFeed } from './read-feed.js';
import type { FeedContent } from './read-feed.js';

/** What became of a feed file when it was last looked at. */
export type FeedEvent =
  | { readonly kind: 'loaded'; readonly name: string; readonly entries: number; readonly unknownLines: number }
  | { readonly kind: 'unreadable'; readonly name: string; readonly reason: string };

export interface Feed {
  /** The file's name, as users read it. */
  readonly name: string;
  /** Null until the file could be read once. */
  readonly content: FeedContent | null;
  /** Reads the file again where it changed since, and keeps what it had where that fails. Never rejects. */
  refresh(): Promise<void>;
}

/** A feed file of the operator's, which another program may replace at any time. */
export function createFeed(path: string, tell: (event: FeedEvent) => void): Feed {
  const name = basename(path);
  let content: FeedContent | null = null;
  let seen = '';
  let running: Promise<void> | null = null;

  async function refresh(): Promise<void> {
    try {
      // Taken before reading: a file that changes meanwhile is read once more.
      const { mtimeMs, size, ino } = await stat(path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === seen) return;
      content = await readFeed(path);
      seen = state;
      tell({ kind: 'loaded', name, entries: content.entries.size, unknownLines: content.unknownLines });
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      if (seen !== reason) tell({ kind: 'unreadable', name, reason });
      seen = reason;
    }
  }

  return {
    name,
    get content() {
      return content;
    },
    refresh() {
      running ??= refresh().finally(() => (running = null));
      return running;
    },
  };
}
