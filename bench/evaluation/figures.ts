/** Area under the ROC curve: how often an unwanted message scores above a wanted one, ties counting half. */
export function area(unwanted: readonly number[], wanted: readonly number[]): number {
  const all = [...unwanted.map((score) => ({ score, hit: 1 })), ...wanted.map((score) => ({ score, hit: 0 }))];
  all.sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let i = 0; i < all.length;) {
    let j = i;
    while (j < all.length && all[j]?.score === all[i]?.score) j += 1;
    const middle = (i + j + 1) / 2;
    for (let k = i; k < j; k++) if (all[k]?.hit === 1) ranks += middle;
    i = j;
  }
  return (ranks - (unwanted.length * (unwanted.length + 1)) / 2) / (unwanted.length * wanted.length);
}

/** The score that at most the given share of wanted mail exceeds. */
function thresholdAt(wanted: readonly number[], share: number): number {
  const sorted = [...wanted].sort((a, b) => b - a);
  return sorted[Math.floor(share * sorted.length)] ?? Infinity;
}

export function recallAt(unwanted: readonly number[], wanted: readonly number[], share: number): number {
  const threshold = thresholdAt(wanted, share);
  return unwanted.filter((score) => score > threshold).length / unwanted.length;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's 95 % interval of a proportion. */
export function wilson(hits: number, all: number): Interval {
  if (all === 0) return { low: 0, high: 1 };
  const z = 1.96;
  const p = hits / all;
  const centre = p + (z * z) / (2 * all);
  const spread = z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all));
  const base = 1 + (z * z) / all;
  return { low: Math.max(0, (centre - spread) / base), high: Math.min(1, (centre + spread) / base) };
}

/** 95 % interval of any figure of two samples, by drawing both anew; seeded. */
export function bootstrap(
  unwanted: readonly number[],
  wanted: readonly number[],
  figure: (unwanted: readonly number[], wanted: readonly number[]) => number,
  next: () => number,
  rounds = 200,
): Interval {
  const draw = (scores: readonly number[]): number[] =>
    scores.map(() => scores[Math.floor(next() * scores.length)] ?? 0);
  const values = Array.from({ length: rounds }, () => figure(draw(unwanted), draw(wanted))).sort((a, b) => a - b);
  return { low: values[Math.floor(rounds * 0.025)] ?? 0, high: values[Math.floor(rounds * 0.975)] ?? 1 };
}

/** Expected calibration error over ten bins of equal width; scores in 0..1. */
export function calibrationError(scored: readonly { readonly score: number; readonly unwanted: boolean }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, score: 0, unwanted: 0 }));
  for (const { score, unwanted } of scored) {
    const bin = bins[Math.min(9, Math.floor(score * 10))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.score += score;
    if (unwanted) bin.unwanted += 1;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.score - bin.unwanted), 0) / Math.max(1, scored.length);
}
