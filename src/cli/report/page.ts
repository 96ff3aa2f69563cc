import type { Paint } from './paint.js';

/** What a report is drawn on. */
export interface Page {
  readonly paint: Paint;
  /** Columns of a line. */
  readonly width: number;
}

export const INDENT = '  ';

export function heading(title: string, note: string, { paint }: Page): string {
  return `${INDENT}${paint.bold(title)}${note === '' ? '' : `  ${paint.dim(note)}`}`;
}

/** One decimal everywhere, so that figures stand under each other; never a certainty. */
export function formatScore(score: number): string {
  return Math.min(99.9, score).toFixed(1);
}
