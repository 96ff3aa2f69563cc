import { createRequire } from 'node:module';

/** Log-odds per finding, fitted and calibrated by `npm run train`. */
export interface Odds {
  /** Log-odds of a message with no finding at all. */
  readonly prior: number;
  /** Finding id -> log-odds added at strength 1. */
  readonly findings: Readonly<Record<string, number>>;
}

export interface Weights {
  readonly version: string;
  /** Phishing, fraud and malware: gives the score. */
  readonly threat: Odds;
  /** Unwanted bulk mail: gives only the label. */
  readonly spam: Odds;
  /** Percent. At or above: the label of that name. `suspicious` and `phishing` read the score, `spam` the spam probability. */
  readonly thresholds: { readonly suspicious: number; readonly phishing: number; readonly spam: number };
}

/** The weights shipped with the product. Required, not imported: importing JSON still warns on Node.js 20. */
export const WEIGHTS = createRequire(import.meta.url)('./weights.json') as Weights;
