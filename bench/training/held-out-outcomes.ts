import { FINDINGS, type FindingId } from '../../src/scanners/catalogue.js';
import type { Outcome } from '../evaluation/outcome.js';
import { evidenceOf, logOddsOf, type FindingWeights, type Full, type Judged } from './fit-weights.js';
import type { HeldOut } from './judge.js';

/** Held-out scores as outcomes, flagged by the threshold of the score or by that of the spam probability (percent). */
export function heldOutOutcomes(
  { judged }: HeldOut,
  scores: Float64Array,
  full: Full,
  { threat, spam }: { readonly threat: FindingWeights; readonly spam: FindingWeights },
  thresholds: { readonly suspicious: number; readonly spam: number },
): readonly Outcome[] {
  return judged.map((one, index) => {
    const { id, stratum, source, year, language } = one.sample;
    const score = percentOf(scores[index] ?? 0);
    const spamScore = percentOf(logOddsOf(evidenceOf(one, full), spam));
    return {
      id,
      stratum,
      source,
      year,
      language,
      harm: harmOf(one, threat),
      score,
      flagged: score >= thresholds.suspicious || spamScore >= thresholds.spam,
    };
  });
}

export function percentOf(logOdds: number): number {
  return 100 / (1 + Math.exp(-logOdds));
}

/** The category that the findings of a message carry most weight for, the model's own opinion aside. */
function harmOf({ sample }: Judged, { findings }: FindingWeights): string {
  const sums = new Map<string, number>();
  for (const { id, strength } of sample.findings) {
    const { category } = FINDINGS[id as FindingId];
    if (category !== null) sums.set(category, (sums.get(category) ?? 0) + (findings[id] ?? 0) * strength);
  }
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'none';
}
