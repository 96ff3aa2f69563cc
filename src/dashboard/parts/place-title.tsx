import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let first = true;

/** The heading of a place. It takes the focus when one arrives, so that a screen reader says where one is. */
export function PlaceTitle({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Home' ? 'postern' : `${title} · postern`;
  }, [title]);
  useEffect(() => {
    // The browser itself announces the first page; taking the focus there would skip the skip link.
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class="place-title">
      {children ?? title}
    </h1>
  );
}
