import { BUCKETS } from '../../src/scanners/model/word-features.js';
import { fitLogistic, score, type Fit } from './logistic.js';
import type { Sample, TraitViews } from './sample.js';
import { shareWeights } from './shares.js';

export interface TraitFit {
  readonly columns: ReadonlyMap<string, number>;
  readonly fit: Fit;
}

export interface ModelFit {
  readonly words: Fit;
  readonly traits: TraitFit;
}

const WORD_RIDGE = 3e-6;
const TRAIT_RIDGE = 1.5e-3;
const RAREST_TRAIT = 4;
/** Phishing messages in a language, below which nothing is learnt of its words. */
const LEAST_PHISHING = 20;
/** As likely the one as the other. */
const UNDECIDED = 0.5;
/** What the corpus calls a message too short or too mixed to tell. */
const UNKNOWN_LANGUAGE = '?';
/** How often a message is shown as it is, and with less known of it: no single sort of header may carry the verdict. */
const VIEWS: readonly (readonly [keyof TraitViews, number])[] = [
  ['full', 0.5],
  ['unauthenticated', 0.2],
  ['unrouted', 0.15],
  ['bare', 0.15],
];

export function fitModel(samples: readonly Sample[]): ModelFit {
  return { words: fitWords(samples), traits: fitTraits(samples) };
}

/** Log-odds of wording and of structure. */
export function opinions(
  { words, traits }: ModelFit,
  sample: Sample,
  view: keyof TraitViews = 'full',
): [number, number] {
  return [
    score(words, sample.words, sample.wordValue),
    score(traits.fit, encode(sample.traits[view], traits.columns), 1),
  ];
}

function fitWords(samples: readonly Sample[]): Fit {
  const known = knownLanguages(samples);
  return fitLogistic(
    {
      columns: BUCKETS,
      active: samples.map(({ words }) => words),
      value: Float64Array.from(samples, ({ wordValue }) => wordValue),
      target: Float64Array.from(samples, ({ target, language }) => (known(language) ? target : UNDECIDED)),
      weight: shareWeights(samples),
      // A message of words that nobody knows says nothing.
      intercept: false,
    },
    WORD_RIDGE,
  );
}

/**
 * Whether there is phishing in a language to learn from. Of another the words would all be innocent, and would speak for whoever writes in it; so
 * its messages are shown as undecided: neither its words nor what they share a bucket with may say anything, and its mail is judged by the rest.
 */
function knownLanguages(samples: readonly Sample[]): (language: string) => boolean {
  const phishing = new Map<string, number>();
  for (const { stratum, language } of samples) {
    if (stratum === 'phish') phishing.set(family(language), (phishing.get(family(language)) ?? 0) + 1);
  }
  return (language) => language === UNKNOWN_LANGUAGE || (phishing.get(family(language)) ?? 0) >= LEAST_PHISHING;
}

/** `pt` of `pt-BR`. */
function family(language: string): string {
  return language.slice(0, 2);
}

function fitTraits(samples: readonly Sample[]): TraitFit {
  const columns = columnsOf(samples);
  const weights = shareWeights(samples);
  const rows = samples.flatMap((sample, index) =>
    VIEWS.map(([view, share]) => ({
      active: encode(sample.traits[view], columns),
      target: sample.target,
      weight: (weights[index] ?? 0) * share,
    })),
  );
  const fit = fitLogistic(
    {
      columns: columns.size,
      active: rows.map(({ active }) => active),
      value: new Float64Array(rows.length).fill(1),
      target: Float64Array.from(rows, ({ target }) => target),
      weight: Float64Array.from(rows, ({ weight }) => weight),
    },
    TRAIT_RIDGE,
    150,
  );
  return { columns, fit };
}

function columnsOf(samples: readonly Sample[]): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const { traits } of samples) {
    for (const trait of new Set([...traits.full, ...traits.bare])) count.set(trait, (count.get(trait) ?? 0) + 1);
  }
  const columns = new Map<string, number>();
  for (const [trait, times] of count) if (times >= RAREST_TRAIT) columns.set(trait, columns.size);
  return columns;
}

function encode(traits: readonly string[], columns: ReadonlyMap<string, number>): Int32Array {
  const found = new Set<number>();
  for (const trait of traits) {
    const column = columns.get(trait);
    if (column !== undefined) found.add(column);
  }
  return Int32Array.from(found);
}
