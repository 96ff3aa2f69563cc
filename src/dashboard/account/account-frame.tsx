import type { ComponentChildren } from 'preact';
import { Wordmark } from '../shell/wordmark.js';

/** The page of someone who is not signed in: a form, and beside it what the product is about. */
export function AccountFrame({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="door">
      <main class="door-form" id="content">
        <Wordmark />
        {children}
      </main>
      <aside class="door-side" aria-hidden="true">
        <Arches />
        <p>
          Every verdict comes
          <br />
          with its reasons.
        </p>
      </aside>
    </div>
  );
}

function Arches() {
  const rings = [0, 1, 2, 3, 4, 5, 6];
  return (
    <svg class="arches" viewBox="0 0 400 420" focusable="false">
      {rings.map((ring) => {
        const inset = ring * 24;
        const radius = 180 - inset;
        return <path key={ring} d={`M${20 + inset} 420V200a${radius} ${radius} 0 0 1 ${radius * 2} 0V420`} />;
      })}
      <path class="arch-door" d="M164 420V200a36 36 0 0 1 72 0V420z" />
      <path class="arch-mail" d="M178 262h44v30h-44zM178 262l22 17 22-17" />
    </svg>
  );
}
