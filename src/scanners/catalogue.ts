import { ATTACHMENTS_FINDINGS } from './attachments/findings.js';
import { CONTENT_FINDINGS } from './content/findings.js';
import { HEADERS_FINDINGS } from './headers/findings.js';
import { LLM_FINDINGS } from './llm/findings.js';
import { REPUTATION_FINDINGS } from './reputation/findings.js';
import { URLS_FINDINGS } from './urls/findings.js';
import type { Category } from './verdict.js';

/** What a finding means to a reader. */
export interface FindingEntry {
  /** A short sentence in plain words, no jargon. */
  readonly title: string;
  /** One or two sentences: what it means and why it matters. */
  readonly meaning: string;
  /** What to do. */
  readonly advice: string;
  /** The harm it points to; null for what only adds colour or speaks for the message. */
  readonly category: Category | null;
}

/** Every finding there is, one line each in its layer's folder. A typo in an id does not compile. */
export const FINDINGS = {
  ...HEADERS_FINDINGS,
  ...CONTENT_FINDINGS,
  ...URLS_FINDINGS,
  ...ATTACHMENTS_FINDINGS,
  ...REPUTATION_FINDINGS,
  ...LLM_FINDINGS,
} as const;

export type FindingId = keyof typeof FINDINGS;

/** The entry behind an id, with its category as wide as the type allows. */
export function findingEntry(id: FindingId): FindingEntry {
  return FINDINGS[id];
}
