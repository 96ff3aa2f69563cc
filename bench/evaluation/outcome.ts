import type { Stratum } from '../corpus.js';

/** One message as it was judged. */
export interface Outcome {
  readonly id: string;
  readonly stratum: Stratum;
  readonly source: string;
  readonly year: number | null;
  readonly language: string;
  /** The harm it points to, strongest first; 'none' where nothing named one. */
  readonly harm: string;
  /** 0..100. */
  readonly score: number;
  /** Any label but safe. */
  readonly flagged: boolean;
}

/** Unwanted or not; old spam is another question than phishing and stays out of the figures of both. */
export function isUnwanted({ stratum }: Pick<Outcome, 'stratum'>): boolean {
  return stratum === 'phish';
}

const JUDGED: ReadonlySet<Stratum> = new Set<Stratum>(['phish', 'html', 'modern', 'old']);

export function isMeasured({ stratum }: Pick<Outcome, 'stratum'>): boolean {
  return JUDGED.has(stratum);
}
