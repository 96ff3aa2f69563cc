import type { Category } from './verdict.js';

/** What a finding means to a reader. Findings that speak for a message (its weight is negative) have no category. */
export interface FindingEntry {
  /** A short sentence in plain words, no jargon. */
  readonly title: string;
  /** One or two sentences: what it means and why it matters. */
  readonly meaning: string;
  /** What to do. */
  readonly advice: string;
  readonly category: Category | null;
}

export const FINDINGS = {} as const satisfies Record<string, FindingEntry>;
export type FindingId = keyof typeof FINDINGS;
