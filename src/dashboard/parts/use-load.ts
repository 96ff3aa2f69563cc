import { useCallback, useEffect, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../api/problem.js';
import { untilOnline } from '../state/online.js';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ApiError };

export interface Loading<T> {
  readonly result: Loaded<T>;
  /** Asks again; what is shown stays until the answer is there. */
  readonly reload: () => void;
  /** Puts a newer value in place, for example after a rescan. */
  readonly replace: (value: T) => void;
}

/** Loads once per `key`. An answer that arrives after the key has changed is dropped. */
export function useLoad<T>(key: string, load: () => Promise<T>): Loading<T> {
  const [result, setResult] = useState<Loaded<T>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => {
        if (wanted) setResult({ state: 'ready', value });
      },
      (thrown: unknown) => {
        if (wanted) setResult({ state: 'failed', error: asApiError(thrown) });
      },
    );
    return () => {
      wanted = false;
    };
    // `load` is a new closure at each rendering; the key says when it means something else.
  }, [key, turn]);
  const unreachable = result.state === 'failed' && result.error.code === 'offline';
  useEffect(() => {
    if (!unreachable) return undefined;
    let wanted = true;
    void untilOnline().then(() => {
      if (wanted) setTurn((now) => now + 1);
    });
    return () => {
      wanted = false;
    };
  }, [unreachable]);
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  const replace = useCallback((value: T) => setResult({ state: 'ready', value }), []);
  return { result, reload, replace };
}
