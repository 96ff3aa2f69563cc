import { createHash } from 'node:crypto';
import type { ModelFile } from '../../src/scanners/model/model.js';
import type { ModelFit } from './fit-model.js';
import type { Full } from './fit-weights.js';

/** Traits that say less than this are left out of the file. */
const FAINT = 0.02;
/** The few largest word weights are clipped, so that the many small ones keep their detail in one byte. */
const KEPT = 0.9995;

/** A fitted model as it is shipped: one byte a bucket, traits with three decimals. */
export function modelFile({ words, traits }: ModelFit, full: Full): ModelFile {
  const sizes = words.weights.map(Math.abs).sort();
  const step = (sizes[Math.floor(sizes.length * KEPT)] ?? 1) / 127;
  const bytes = Int8Array.from(words.weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / step))));
  const named = [...traits.columns]
    .map(([trait, column]) => [trait, round(traits.fit.weights[column] ?? 0)] as const)
    .filter(([, weight]) => Math.abs(weight) >= FAINT)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const content = {
    words: {
      bias: round(words.bias),
      step,
      full: full.words,
      weights: Buffer.from(bytes.buffer).toString('base64'),
    },
    structure: { bias: round(traits.fit.bias), full: full.structure, traits: Object.fromEntries(named) },
  };
  return { version: createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12), ...content };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
