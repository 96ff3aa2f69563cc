import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { listScans } from '../api/scans/scans.js';
import { session } from '../api/session.js';
import type { ScanSummary } from '../api/types.js';
import { untilOnline } from '../state/online.js';
import { returning } from '../state/router.js';
import { parseQuery } from './query.js';

export interface History {
  readonly items: readonly ScanSummary[];
  readonly state: 'loading' | 'more' | 'end' | 'failed';
  readonly error: string | null;
  readonly loadMore: () => void;
}

const PAGE = 50;
const EMPTY = { items: [], state: 'loading', error: null, cursor: null } as const;

interface Pages {
  readonly items: readonly ScanSummary[];
  readonly state: History['state'];
  readonly error: string | null;
  readonly cursor: string | null;
}

// What was listed last, for whoever comes back from a message.
let kept: { readonly query: string; readonly pages: Pages } | null = null;
session.subscribe(() => {
  if (session.get().state === 'out') kept = null;
});

/** The pages of one search, fetched one after another. A new search drops what the old one still waits for. */
export function useHistory(query: string): History {
  const remembered = returning.now && kept?.query === query ? kept.pages : null;
  const [pages, setPages] = useState<Pages>(remembered ?? EMPTY);
  useEffect(() => {
    kept = { query, pages };
  }, [query, pages]);
  const stop = useRef(new AbortController());
  const fetchPage = useCallback(async (text: string, before: Pages): Promise<void> => {
    const { signal } = stop.current;
    const dropped = (): boolean => signal.aborted;
    setPages({ ...before, state: 'loading', error: null });
    try {
      const page = await listScans(parseQuery(text), before.cursor, PAGE, signal);
      setPages({
        items: [...before.items, ...page.items],
        state: page.next_cursor === null ? 'end' : 'more',
        error: null,
        cursor: page.next_cursor,
      });
    } catch (thrown) {
      if (dropped()) return;
      const { code, message } = asApiError(thrown);
      setPages({ ...before, state: 'failed', error: message });
      if (code !== 'offline') return;
      await untilOnline();
      if (!dropped()) await fetchPage(text, before);
    }
  }, []);
  useEffect(() => {
    stop.current = new AbortController();
    if (remembered === null || remembered.state === 'loading') void fetchPage(query, EMPTY);
    else setPages(remembered);
    return () => stop.current.abort();
  }, [query, fetchPage]);
  return {
    items: pages.items,
    state: pages.state,
    error: pages.error,
    loadMore: () => {
      if (pages.state === 'more' || pages.state === 'failed') void fetchPage(query, pages);
    },
  };
}
