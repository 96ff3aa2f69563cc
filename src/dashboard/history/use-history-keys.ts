import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Moves through the rows inside the returned element by key. Silent while somebody types. */
export function useHistoryKeys(toggleHelp: () => void): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const help = useRef(toggleHelp);
  help.current = toggleHelp;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const typing = target.matches('input:not([type=radio]), textarea, select');
      if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>('.row-link') ?? [])];
      const at = links.indexOf(document.activeElement as HTMLElement);
      if (event.key === 'j') links[Math.min(at + 1, links.length - 1)]?.focus();
      else if (event.key === 'k') links[Math.max(at - 1, 0)]?.focus();
      else if (event.key === '?') help.current();
      else if (event.key === '/') document.querySelector<HTMLElement>('.search input')?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return list;
}
