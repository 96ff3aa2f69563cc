import { useRef, useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { say } from '../state/toasts.js';
import { useLoad, type Loading } from './use-load.js';

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** A list that grows by a page at a time. A page of another `key` that comes late is dropped. */
export function usePages<T>(
  key: string,
  fetchPage: (cursor: string | null) => Promise<Page<T>>,
): Loading<Page<T>> & { readonly busy: boolean; readonly more: () => void } {
  const loading = useLoad<Page<T>>(key, () => fetchPage(null));
  const [busy, setBusy] = useState(false);
  const current = useRef(key);
  current.current = key;
  const grow = async (page: Page<T>): Promise<void> => {
    setBusy(true);
    try {
      const next = await fetchPage(page.next_cursor);
      if (current.current !== key) return;
      loading.replace({ items: [...page.items, ...next.items], next_cursor: next.next_cursor });
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return {
    ...loading,
    busy,
    more: () => {
      const { result } = loading;
      if (!busy && result.state === 'ready' && result.value.next_cursor !== null) void grow(result.value);
    },
  };
}
