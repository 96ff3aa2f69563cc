import type { Finding } from './scanner.js';
import type { Odds } from './weights.js';

/** A tenant may silence a finding or make it count more, not turn it into a verdict of its own. */
const MAX_FACTOR = 5;

/** What each finding adds in log-odds: weight x strength x the tenant's factor. A finding without a weight adds nothing. */
export function logOdds(
  findings: readonly Finding[],
  odds: Odds,
  factors: Readonly<Record<string, number>>,
): readonly number[] {
  return findings.map((finding) => {
    const weight = weightOf(finding.id, odds);
    const factor = Math.min(Math.max(factors[finding.id] ?? 1, 0), MAX_FACTOR);
    return weight * Math.min(Math.max(finding.strength ?? 1, 0), 1) * factor;
  });
}

/** What a language model says can only add suspicion, whatever the weights file holds: mail could talk it into praise. */
function weightOf(id: string, odds: Odds): number {
  const weight = odds.findings[id] ?? 0;
  return id.startsWith('llm.') ? Math.max(0, weight) : weight;
}

/** Log-odds -> percent with two decimals. */
export function percent(odds: number): number {
  return Math.round(10_000 / (1 + Math.exp(-odds))) / 100;
}

export function total(prior: number, parts: readonly number[]): number {
  let sum = prior;
  for (const part of parts) sum += part;
  return sum;
}

/**
 * Splits score minus the prior's score over the findings, each by its share of the log-odds: the Aumann-Shapley value of the
 * logistic function, so that no order of the findings is preferred. Points have two decimals and sum up exactly.
 */
export function points(prior: number, parts: readonly number[]): readonly number[] {
  const target = Math.round((percent(total(prior, parts)) - percent(prior)) * 100);
  const slope = meanSlope(prior, total(0, parts));
  const exact = parts.map((part) => part * slope);
  const hundredths = exact.map((value) => Math.floor(value));
  let missing = target - total(0, hundredths);
  const order = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .filter(({ index }) => parts[index] !== 0)
    .sort((a, b) => b.remainder - a.remainder)
    .map(({ index }) => index);
  const step = Math.sign(missing);
  if (step < 0) order.reverse();
  for (let turn = 0; missing !== 0 && order.length > 0; turn++, missing -= step) {
    const index = order[turn % order.length] ?? 0;
    hundredths[index] = (hundredths[index] ?? 0) + step;
  }
  return hundredths.map((value) => value / 100);
}

/** Hundredths of a percent per unit of log-odds between the prior and the sum. */
function meanSlope(prior: number, sum: number): number {
  const at = (odds: number): number => 10_000 / (1 + Math.exp(-odds));
  if (Math.abs(sum) > 1e-6) return (at(prior + sum) - at(prior)) / sum;
  const share = at(prior) / 10_000;
  return 10_000 * share * (1 - share);
}
