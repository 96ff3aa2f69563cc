import type { Stratum } from '../corpus.js';
import { area, calibrationError, recallAt, wilson } from './figures.js';
import type { HeldOut } from './judge.js';

export interface HeldOutReport {
  readonly html: Separation;
  readonly modern: Separation;
  readonly old: Separation;
  readonly calibrationError: number;
  readonly flagged: Readonly<Record<string, Flagged>>;
}

interface Separation {
  readonly messages: number;
  readonly area: number;
  readonly recallAt1: number;
  readonly recallAt01: number;
}

interface Flagged {
  readonly messages: number;
  readonly flagged: number;
  readonly low: number;
  readonly high: number;
}

/** What the held-out scores show, by stratum, and how much of each stratum and larger source is flagged at a threshold (percent). */
export function reportHeldOut({ judged }: HeldOut, scores: Float64Array, threshold: number): HeldOutReport {
  const of = (...strata: Stratum[]): number[] =>
    judged.flatMap(({ sample }, index) => (strata.includes(sample.stratum) ? [scores[index] ?? 0] : []));
  const unwanted = of('phish');
  const against = (...strata: Stratum[]): Separation => {
    const wanted = of(...strata);
    return {
      messages: wanted.length,
      area: area(unwanted, wanted),
      recallAt1: recallAt(unwanted, wanted, 0.01),
      recallAt01: recallAt(unwanted, wanted, 0.001),
    };
  };
  const groups = new Map<string, number[]>();
  judged.forEach(({ sample }, index) => {
    for (const name of [
      sample.stratum,
      `${sample.stratum} ${sample.source}`,
      `${sample.stratum} ${sample.year ?? '?'}`,
    ]) {
      groups.set(name, [...(groups.get(name) ?? []), scores[index] ?? 0]);
    }
  });
  return {
    html: against('html'),
    modern: against('html', 'modern'),
    old: against('old'),
    calibrationError: calibrationError(
      judged.flatMap(({ sample }, index) =>
        ['phish', 'html', 'modern', 'old'].includes(sample.stratum)
          ? [{ score: probability(scores[index] ?? 0), unwanted: sample.target === 1 }]
          : [],
      ),
    ),
    flagged: Object.fromEntries(
      [...groups]
        .filter(([name, list]) => list.length >= 50 || !name.includes(' '))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, list]) => {
          const flagged = list.filter((score) => probability(score) * 100 >= threshold).length;
          return [name, { messages: list.length, flagged: flagged / list.length, ...wilson(flagged, list.length) }];
        }),
    ),
  };
}

export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

export function printHeldOut(report: HeldOutReport): void {
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  for (const [name, { messages, area: under, recallAt1, recallAt01 }] of [
    ['html mail', report.html],
    ['all modern mail', report.modern],
    ['mail before 2011', report.old],
  ] as const) {
    console.log(
      `${name.padEnd(18)} n ${String(messages).padStart(5)}  area ${under.toFixed(4)}  recall at 1 % ${percent(recallAt1)}  at 0.1 % ${percent(recallAt01)}`,
    );
  }
  console.log(`calibration error ${report.calibrationError.toFixed(4)}`);
  for (const [name, { messages, flagged, low, high }] of Object.entries(report.flagged)) {
    console.log(
      `  ${name.padEnd(34)} n ${String(messages).padStart(5)}  flagged ${percent(flagged)} (${percent(low)} to ${percent(high)})`,
    );
  }
}
