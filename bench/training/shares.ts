import type { Stratum } from '../corpus.js';
import type { Sample } from './sample.js';

/** How much of the model's attention each stratum gets, whatever its number of messages. */
const SHARE: Readonly<Record<Stratum, number>> = {
  phish: 1,
  html: 0.35,
  made: 0.45,
  modern: 0.25,
  old: 0.35,
  spam: 0.01,
};
/** Between counting every message and counting every source alike. */
const SOURCE_POWER = 0.6;

/** Row weights: classes balanced, and within a stratum the large sources held back. */
export function shareWeights(samples: readonly Sample[]): Float64Array {
  const count = new Map<string, number>();
  for (const sample of samples) count.set(sourceOf(sample), (count.get(sourceOf(sample)) ?? 0) + 1);
  const total = new Map<Stratum, number>();
  const seen = new Set<string>();
  for (const sample of samples) {
    const source = sourceOf(sample);
    if (seen.has(source)) continue;
    seen.add(source);
    total.set(sample.stratum, (total.get(sample.stratum) ?? 0) + emphasis(sample, count));
  }
  return Float64Array.from(samples, (sample) => {
    const share = SHARE[sample.stratum] / (total.get(sample.stratum) ?? 1);
    return (share * emphasis(sample, count)) / (count.get(sourceOf(sample)) ?? 1);
  });
}

function emphasis(sample: Sample, count: ReadonlyMap<string, number>): number {
  return (count.get(sourceOf(sample)) ?? 1) ** (sample.stratum === 'phish' ? 1 : SOURCE_POWER);
}

/** Made mail counts by language: no language may look like guilt for lack of innocent mail in it. */
function sourceOf({ stratum, source, language }: Sample): string {
  if (stratum === 'phish') return stratum;
  return stratum === 'made' ? `${stratum}|${source}|${language.slice(0, 2)}` : `${stratum}|${source}`;
}
