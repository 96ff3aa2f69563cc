import { createRequire } from 'node:module';
import type { Message } from '../../mail/message.js';
import { PairWeights, type Relation } from './pair-weights.js';
import { BUCKETS, eachFeature, NONE, valueOf, type WordTrace } from './word-features.js';

/** What `npm run train` writes to model.json. Both parts give log-odds; positive speaks for phishing. */
export interface ModelFile {
  readonly version: string;
  readonly words: {
    readonly bias: number;
    /** Multiplies the quantised weights. */
    readonly step: number;
    /** Log-odds at which wording counts in full. */
    readonly full: number;
    /** One signed byte a bucket, base64. */
    readonly weights: string;
  };
  readonly structure: {
    readonly bias: number;
    readonly full: number;
    /** Trait -> log-odds, traits that say next to nothing left out. */
    readonly traits: Readonly<Record<string, number>>;
  };
}

const file = createRequire(import.meta.url)('./model.json') as ModelFile;
const bytes = Buffer.from(file.words.weights, 'base64');
const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
const traits = new Map(Object.entries(file.structure.traits));
const pairs = new PairWeights(file.structure.traits);
if (weights.length !== BUCKETS) throw new Error(`model.json has ${weights.length} word weights, not ${BUCKETS}`);

export const MODEL_VERSION = file.version;

/** Log-odds over log-odds in full, between -1 and 1, with what it was made of. */
export function readsLike(message: Message): { readonly opinion: number; readonly trace: WordTrace } {
  let sum = 0;
  let features = 0;
  const trace = eachFeature(message, NONE, (bucket) => {
    sum += weights[bucket] ?? 0;
    features += 1;
  });
  const { bias, step, full } = file.words;
  return { opinion: wordsOpinion(bias + sum * step * valueOf(features), full), trace };
}

/** Log-odds of wording this near to zero are chance: words that the model never learnt share buckets with those that it did. */
const CHANCE = 0.4;

/** Log-odds of wording over log-odds in full, between -1 and 1; 0 where they may be chance. */
export function wordsOpinion(logOdds: number, full: number): number {
  return limit((Math.sign(logOdds) * Math.max(0, Math.abs(logOdds) - CHANCE)) / (full - CHANCE));
}

/** `relations` where the pairs of them are not in the list: the answer is the same to the last bit. */
export function builtLike(list: readonly string[], relations: readonly Relation[] = []): number {
  let sum = file.structure.bias;
  for (const trait of list) sum += traits.get(trait) ?? 0;
  return limit(pairs.addTo(sum, relations) / file.structure.full);
}

/** What one bucket or trait adds, for explanations. */
export function wordWeight(bucket: number): number {
  return weights[bucket] ?? 0;
}

export function traitWeight(trait: string): number {
  return traits.get(trait) ?? 0;
}

function limit(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
