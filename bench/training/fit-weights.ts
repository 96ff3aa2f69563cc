import { wordsOpinion } from '../../src/scanners/model/model.js';
import { rulesOf } from './beliefs.js';
import { fitConstrained, type SparseRow } from './constrained-fit.js';
import type { Sample } from './sample.js';

/** Log-odds of wording and structure at which they count in full. */
export interface Full {
  readonly words: number;
  readonly structure: number;
}

/** Beyond these more of the same adds nothing. */
export const FULL: Full = { words: 4, structure: 5 };

/** A sample with what models that never saw it think of it. */
export interface Judged {
  readonly sample: Sample;
  readonly words: number;
  readonly structure: number;
}

export interface FindingWeights {
  readonly prior: number;
  readonly findings: Readonly<Record<string, number>>;
}

/** Rows of evidence it takes to outweigh a belief. */
const BELIEF = 2;
/** How mail is mixed where the product is measured and, so nearly, where people look: two unwanted to three wanted. */
const MIX: Readonly<Record<string, number>> = { phish: 0.37, html: 0.15, made: 0.04, modern: 0.34, old: 0.1 };

/**
 * The share of unwanted mail the score assumes. Mailboxes hold less of it than the corpus, so a score of the corpus would be too sure;
 * at the corpus's own mix this costs about 0.012 of calibration error, which held-out.json records.
 */
const PREVALENCE = 0.15;

/** Everything found in a message, the local model's opinions among it, as strengths by finding id. */
export function evidenceOf({ sample, words, structure }: Judged, full: Full): Map<string, number> {
  const evidence = new Map<string, number>();
  const add = (id: string, strength: number): void => {
    evidence.set(id, (evidence.get(id) ?? 0) + strength);
  };
  for (const { id, strength } of sample.findings) add(id, strength);
  const reads = wordsOpinion(words, full.words);
  const built = Math.max(-1, Math.min(1, structure / full.structure));
  add(reads > 0 ? 'content.reads-like-phishing' : 'content.reads-like-ordinary-mail', Math.abs(reads));
  add(built > 0 ? 'content.built-like-phishing' : 'content.built-like-ordinary-mail', Math.abs(built));
  return evidence;
}

/** Weights of the findings for the score: bounded, near to what is believed where the corpus says little, and calibrated to the mix. */
export function fitThreat(judged: readonly Judged[], full: Full): FindingWeights {
  const rows = judged.filter(({ sample }) => sample.stratum in MIX);
  const count = new Map<string, number>();
  for (const { sample } of rows) count.set(sample.stratum, (count.get(sample.stratum) ?? 0) + 1);
  const { prior, findings } = fit(
    rows,
    full,
    'threat',
    ({ stratum }) => (MIX[stratum] ?? 0) / (count.get(stratum) ?? 1),
  );
  const mixed = MIX['phish'] ?? 0;
  return { prior: round(prior + logit(PREVALENCE) - logit(mixed)), findings };
}

/** Weights of the same findings for unwanted bulk mail: the old spam archives against legitimate mail. */
export function fitSpam(judged: readonly Judged[], full: Full): FindingWeights {
  const rows = judged.filter(({ sample }) => sample.stratum !== 'phish' && sample.stratum !== 'made');
  return fit(rows, full, 'spam', ({ stratum }) => (stratum === 'spam' ? 1 : 0.5));
}

export function logOddsOf(evidence: ReadonlyMap<string, number>, { prior, findings }: FindingWeights): number {
  let sum = prior;
  for (const [id, strength] of evidence) sum += (findings[id] ?? 0) * strength;
  return sum;
}

function fit(
  judged: readonly Judged[],
  full: Full,
  towards: 'threat' | 'spam',
  weight: (sample: Sample) => number,
): FindingWeights {
  const { ids, rules } = rulesOf(towards);
  const columns = new Map<string, number>(ids.map((id, column) => [id, column]));
  const rows = judged.map((one): SparseRow => {
    const entries = [...evidenceOf(one, full)].flatMap(([id, strength]) => {
      const column = columns.get(id);
      return column === undefined ? [] : [[column, strength] as const];
    });
    return {
      columns: entries.map(([column]) => column),
      values: entries.map(([, strength]) => strength),
      target: one.sample.target,
      weight: weight(one.sample),
    };
  });
  const { bias, weights } = fitConstrained(rows, rules, BELIEF);
  return {
    prior: round(bias),
    findings: Object.fromEntries(
      ids.map((id, column) => [id, round(weights[column] ?? 0)] as const).filter(([, w]) => w !== 0),
    ),
  };
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
