import { useEffect, useRef } from 'preact/hooks';

/** Calls `more` shortly before the place of the element is reached; `shown` tells that the list has grown. */
export function useNearEnd(active: boolean, shown: number, more: () => void) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    const element = end.current;
    if (element === null || !active) return undefined;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: '600px' },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [active, shown]);
  return end;
}
