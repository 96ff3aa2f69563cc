import type { AuthenticationResult, Finding, Layer } from './scanner.js';

export const LABELS = ['safe', 'suspicious', 'spam', 'phishing', 'malware', 'incomplete'] as const;
export type Label = (typeof LABELS)[number];

export const CATEGORIES = [
  'credential-phishing',
  'payment-fraud',
  'callback',
  'extortion',
  'malware-delivery',
  'impersonation',
  'advance-fee',
  'spam',
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Verdict {
  readonly label: Label;
  /** 0..100 with two decimals: calibrated probability of phishing, fraud or malware. Spam is judged apart. */
  readonly score: number;
  /** 0..1: share of the relevant evidence that could be examined. */
  readonly confidence: number;
  readonly categories: readonly Category[];
  readonly authentication: AuthenticationResult;
  readonly layers: readonly LayerReport[];
  /** Largest contribution first. */
  readonly findings: readonly ScoredFinding[];
  /** Found, but without effect beside a dangerous file: an allowed sender, words like those of ordinary mail. */
  readonly setAside: readonly (Finding & { readonly layer: Layer })[];
  readonly recommendations: readonly string[];
  readonly engine: { readonly catalogue: string; readonly weights: string };
}

export interface LayerReport {
  readonly layer: Layer;
  readonly status: 'ran' | 'reused' | 'skipped' | 'failed';
  /** 0..100: what the score would be from this layer's findings alone; null when it did not run. */
  readonly score: number | null;
  readonly milliseconds: number;
  /** Why it was skipped, failed or reused (with the date it ran); null when it ran. */
  readonly reason: string | null;
}

export interface ScoredFinding extends Finding {
  readonly layer: Layer;
  readonly title: string;
  readonly advice: string;
  /** Points of the score this finding is answerable for; negative for what speaks in the message's favour. They sum to score minus the prior's score. */
  readonly points: number;
}
