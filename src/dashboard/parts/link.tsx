import type { ComponentChildren } from 'preact';
import { navigate } from '../state/router.js';

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A link within the dashboard: a real address, followed without loading the page again. */
export function Link({ to, children, class: name, current }: LinkProps) {
  return (
    <a
      href={to}
      class={name}
      aria-current={current === true ? 'page' : undefined}
      onClick={(event) => {
        // With a modifier the browser opens a tab or a window.
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
