import { fitModel, opinions, type ModelFit } from './fit-model.js';
import { evidenceOf, fitThreat, logOddsOf, type Full, type Judged } from './fit-weights.js';
import { assignFolds } from './folds.js';
import type { Sample } from './sample.js';

export const FOLDS = 6;

export interface HeldOut {
  readonly fold: readonly number[];
  readonly judged: readonly Judged[];
}

/** Every sample judged by a model that saw neither its source nor its campaign. */
export function judgeHeldOut(samples: readonly Sample[], progress: (fold: number) => void): HeldOut {
  const fold = assignFolds(samples, FOLDS);
  const judged = new Array<Judged>(samples.length);
  for (let held = 0; held < FOLDS; held++) {
    const model = fitModel(samples.filter((_, index) => fold[index] !== held));
    samples.forEach((sample, index) => {
      if (fold[index] === held) judged[index] = judge(model, sample);
    });
    progress(held + 1);
  }
  return { fold, judged };
}

export function judge(model: ModelFit, sample: Sample): Judged {
  const [words, structure] = opinions(model, sample);
  return { sample, words, structure };
}

/** Log-odds of the whole score where model and weights both come from the other folds. */
export function scoreHeldOut({ fold, judged }: HeldOut, full: Full): Float64Array {
  const scores = new Float64Array(judged.length);
  for (let held = 0; held < FOLDS; held++) {
    const weights = fitThreat(
      judged.filter((_, index) => fold[index] !== held),
      full,
    );
    judged.forEach((one, index) => {
      if (fold[index] === held) scores[index] = logOddsOf(evidenceOf(one, full), weights);
    });
  }
  return scores;
}
