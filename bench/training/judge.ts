import { fitModel, opinions, type ModelFit } from './fit-model.js';
import { evidenceOf, fitThreat, logOddsOf, type FindingWeights, type Full, type Judged } from './fit-weights.js';
import { assignFolds, FOLDS } from './folds.js';
import type { Sample } from './sample.js';

export interface HeldOut {
  readonly fold: readonly number[];
  readonly judged: readonly Judged[];
  /** The model of each fold, which saw none of it. */
  readonly models: readonly ModelFit[];
}

/** Every sample judged by a model that saw neither its source nor its campaign. */
export function judgeHeldOut(samples: readonly Sample[], progress: (fold: number) => void): HeldOut {
  const fold = assignFolds(samples, FOLDS);
  const judged = new Array<Judged>(samples.length);
  const models: ModelFit[] = [];
  for (let held = 0; held < FOLDS; held++) {
    const model = fitModel(samples.filter((_, index) => fold[index] !== held));
    models.push(model);
    samples.forEach((sample, index) => {
      if (fold[index] === held) judged[index] = judge(model, sample);
    });
    progress(held + 1);
  }
  return { fold, judged, models };
}

export function judge(model: ModelFit, sample: Sample): Judged {
  const [words, structure] = opinions(model, sample);
  return { sample, words, structure };
}

/** Weights of each fold, fitted on the others. */
export function weightsHeldOut({ fold, judged }: HeldOut, full: Full): readonly FindingWeights[] {
  return Array.from({ length: FOLDS }, (_, held) =>
    fitThreat(
      judged.filter((_one, index) => fold[index] !== held),
      full,
    ),
  );
}

/** Log-odds of the whole score where model and weights both come from the other folds. */
export function scoreHeldOut(heldOut: HeldOut, full: Full): Float64Array {
  const weights = weightsHeldOut(heldOut, full);
  return Float64Array.from(heldOut.judged, (one, index) => {
    const own = weights[heldOut.fold[index] ?? 0];
    return own === undefined ? 0 : logOddsOf(evidenceOf(one, full), own);
  });
}
