import type { Stratum } from '../corpus.js';
import { createChance } from '../ham/random.js';
import { area, bootstrap, calibrationError, recallAt, wilson, type Interval } from './figures.js';
import { isMeasured, isUnwanted, type Outcome } from './outcome.js';

export interface Figure extends Interval {
  readonly value: number;
}

/** Unwanted mail of today against one sort of legitimate mail. */
export interface Separation {
  readonly unwanted: number;
  readonly wanted: number;
  readonly area: Figure;
  readonly recallAt1: Figure;
  readonly recallAt01: Figure;
}

export interface Share extends Figure {
  readonly messages: number;
}

export interface Measurement {
  readonly separation: Readonly<Record<'html' | 'modern' | 'old', Separation>>;
  readonly calibrationError: number;
  /** Flagged by the product's own verdict, by what was grouped. */
  readonly flagged: Readonly<
    Record<'stratum' | 'source' | 'year' | 'language' | 'harm', Readonly<Record<string, Share>>>
  >;
}

const ROUNDS = 200;
/** Smaller groups say nothing. */
const LEAST = 20;

export function measure(outcomes: readonly Outcome[], rounds = ROUNDS): Measurement {
  const unwanted = outcomes.filter(isUnwanted).map(({ score }) => score);
  const against = (...strata: Stratum[]): Separation =>
    separate(
      unwanted,
      outcomes.filter(({ stratum }) => strata.includes(stratum)).map(({ score }) => score),
      rounds,
    );
  return {
    separation: { html: against('html'), modern: against('html', 'modern'), old: against('old') },
    calibrationError: calibrationError(
      outcomes.filter(isMeasured).map((one) => ({ score: one.score / 100, unwanted: isUnwanted(one) })),
    ),
    flagged: {
      stratum: shares(outcomes, ({ stratum }) => stratum, 1),
      source: shares(outcomes, ({ stratum, source }) => `${stratum} ${source}`),
      year: shares(outcomes, ({ stratum, year }) => `${stratum} ${year ?? 'undated'}`),
      language: shares(outcomes, ({ stratum, language }) => `${stratum} ${language.slice(0, 2)}`),
      harm: shares(outcomes.filter(isUnwanted), ({ harm }) => harm, 5),
    },
  };
}

function separate(unwanted: readonly number[], wanted: readonly number[], rounds: number): Separation {
  const { next } = createChance(7);
  const figure = (of: (unwanted: readonly number[], wanted: readonly number[]) => number): Figure =>
    unwanted.length === 0 || wanted.length === 0
      ? { value: NaN, low: NaN, high: NaN }
      : { value: of(unwanted, wanted), ...bootstrap(unwanted, wanted, of, next, rounds) };
  return {
    unwanted: unwanted.length,
    wanted: wanted.length,
    area: figure(area),
    recallAt1: figure((a, b) => recallAt(a, b, 0.01)),
    recallAt01: figure((a, b) => recallAt(a, b, 0.001)),
  };
}

function shares(
  outcomes: readonly Outcome[],
  key: (outcome: Outcome) => string,
  least = LEAST,
): Readonly<Record<string, Share>> {
  const groups = new Map<string, { messages: number; flagged: number }>();
  for (const outcome of outcomes) {
    const group = groups.get(key(outcome)) ?? { messages: 0, flagged: 0 };
    group.messages += 1;
    if (outcome.flagged) group.flagged += 1;
    groups.set(key(outcome), group);
  }
  return Object.fromEntries(
    [...groups]
      .filter(([, { messages }]) => messages >= least)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { messages, flagged }]) => [
        name,
        { messages, value: flagged / messages, ...wilson(flagged, messages) },
      ]),
  );
}
