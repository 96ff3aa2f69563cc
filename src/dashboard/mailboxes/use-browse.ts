import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { browse } from '../api/mailboxes/mailboxes.js';
import { asApiError } from '../api/problem.js';
import type { BrowsePage } from '../api/types.js';

export type BrowsedMessage = BrowsePage['items'][number];

export interface Browsing {
  readonly items: readonly BrowsedMessage[];
  readonly state: 'loading' | 'more' | 'end' | 'failed';
  readonly error: string | null;
  readonly loadMore: () => void;
  /** Puts verdicts in place that have just been made. */
  readonly judge: (scans: ReadonlyMap<string, BrowsedMessage['scan']>) => void;
}

interface Pages {
  readonly items: readonly BrowsedMessage[];
  readonly state: Browsing['state'];
  readonly error: string | null;
  readonly cursor: string | null;
}

const EMPTY: Pages = { items: [], state: 'loading', error: null, cursor: null };

/** What is in a mailbox, page by page, as its provider answers. */
export function useBrowse(mailboxId: string, text: string): Browsing {
  const [pages, setPages] = useState<Pages>(EMPTY);
  const stop = useRef(new AbortController());
  const fetchPage = useCallback(
    async (before: Pages): Promise<void> => {
      const { signal } = stop.current;
      setPages({ ...before, state: 'loading', error: null });
      try {
        const page = await browse(mailboxId, text, before.cursor, signal);
        const state = page.next_cursor === null ? 'end' : 'more';
        setPages({ items: [...before.items, ...page.items], state, error: null, cursor: page.next_cursor });
      } catch (thrown) {
        if (!signal.aborted) setPages({ ...before, state: 'failed', error: asApiError(thrown).message });
      }
    },
    [mailboxId, text],
  );
  useEffect(() => {
    stop.current = new AbortController();
    void fetchPage(EMPTY);
    return () => stop.current.abort();
  }, [fetchPage]);
  return {
    ...{ items: pages.items, state: pages.state, error: pages.error },
    loadMore: () => void fetchPage(pages),
    judge: (scans) =>
      setPages((now) => ({
        ...now,
        items: now.items.map((item) => ({ ...item, scan: scans.get(item.message_id) ?? item.scan })),
      })),
  };
}
