import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A technical word with its explanation one hover, one tap or one key press away. */
export function Term({ children, meaning }: { readonly children: ComponentChildren; readonly meaning: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLSpanElement>(null);
  // Before it is painted: a key may follow at once.
  useLayoutEffect(() => {
    if (!open) return undefined;
    const close = (event: Event): void => {
      const outside = event.type === 'pointerdown' && !root.current?.contains(event.target as Node);
      if (outside || (event instanceof KeyboardEvent && event.key === 'Escape')) setOpen(false);
    };
    addEventListener('pointerdown', close);
    addEventListener('keydown', close);
    return () => {
      removeEventListener('pointerdown', close);
      removeEventListener('keydown', close);
    };
  }, [open]);
  return (
    <span class="term" ref={root} onMouseEnter={() => setOpen(true)} onMouseLeave={() => setOpen(false)}>
      <button
        type="button"
        aria-describedby={open ? id : undefined}
        onClick={() => setOpen(true)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      >
        {children}
      </button>
      {open ? (
        <span role="tooltip" id={id} class="term-meaning">
          {meaning}
        </span>
      ) : null}
    </span>
  );
}
