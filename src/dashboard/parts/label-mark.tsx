import type { JSX } from 'preact';
import type { Label } from '../api/types.js';
import { LABEL_WORDS } from './labels.js';

/** Each label has a shape of its own, so that it is told apart without colour: see the outline before the glyph. */
const SHAPES: Readonly<Record<Label, () => JSX.Element>> = {
  safe: () => (
    <>
      <circle cx="10" cy="10" r="8" class="shape" />
      <path d="m6.4 10.3 2.5 2.5 4.8-5.2" class="glyph" />
    </>
  ),
  suspicious: () => (
    <>
      <path d="M10 1.8 18.8 17.4H1.2z" class="shape" />
      <path d="M8.2 9a1.9 1.9 0 1 1 2.6 1.8q-.8.4-.8 1.3M10 14.6v.1" class="glyph" />
    </>
  ),
  spam: () => (
    <>
      <rect x="2.2" y="3.2" width="15.6" height="13.6" rx="1.5" class="shape" />
      <path d="M5.6 7.4h8.8M5.6 10h8.8M5.6 12.6h5" class="glyph" />
    </>
  ),
  phishing: () => (
    <>
      <path d="M10 1.4 18.6 10 10 18.6 1.4 10z" class="shape" />
      <path d="M11.4 5.6v5.8a2.2 2.2 0 1 1-4.3-.4M7.1 11l1.7.9" class="glyph" />
    </>
  ),
  malware: () => (
    <>
      <path d="M6 1.8h8l4.2 4.2v8L14 18.2H6L1.8 14V6z" class="shape" />
      <path d="m6.8 6.8 6.4 6.4M13.2 6.8l-6.4 6.4" class="glyph" />
    </>
  ),
  incomplete: () => (
    <>
      <circle cx="10" cy="10" r="8" class="shape dashed" />
      <path d="M6.4 12.2 12.2 6.4M7.8 14.2l6.4-6.4" class="glyph" />
    </>
  ),
};

export function LabelShape({ label, size = 20 }: { readonly label: Label; readonly size?: number }) {
  return (
    <svg
      class="label-shape"
      data-label={label}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[label]()}
    </svg>
  );
}

/** A verdict in shape, colour and word. */
export function LabelMark({ label, size = 18 }: { readonly label: Label; readonly size?: number }) {
  return (
    <span class="label-mark" data-label={label}>
      <LabelShape label={label} size={size} />
      <span>{LABEL_WORDS[label].name}</span>
    </span>
  );
}
