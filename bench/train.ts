import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpusSamples, madeSamples } from './training/collect.js';
import { fitModel } from './training/fit-model.js';
import { evidenceOf, fitSpam, fitThreat, FULL, logOddsOf, type Judged } from './training/fit-weights.js';
import { measure } from './evaluation/measure.js';
import { printMeasurement } from './evaluation/print.js';
import { heldOutOutcomes, percentOf } from './training/held-out-outcomes.js';
import { judgeHeldOut, scoreHeldOut } from './training/judge.js';
import { modelFile } from './training/model-file.js';

/** Flagged at most, of mail nobody trained on, by stratum. */
const ALLOWED = { html: 0.008, modern: 0.004, old: 0.01 } as const;
/** The same for what only the spam probability flags. */
const ALLOWED_AS_SPAM = { html: 0.002, modern: 0.001, old: 0.001 } as const;
/** Not below, whatever the corpus allows: company mail of a collection nothing was learnt from is flagged a third more often at 70. */
const LOWEST_THRESHOLD = 75;
/** The same for spam, learnt from archives before 2011: a small company's mail by way of a web host looks like it today. */
const LOWEST_SPAM_THRESHOLD = 98;
const ROOT = join(import.meta.dirname, '..', '..');

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, 'dry-run': { type: 'boolean', default: false } },
});

const corpus = await corpusSamples((done, all) => {
  if (done % 1000 === 0 || done === all) console.error(`read ${done} of ${all} messages`);
});
if (corpus === null) process.exit(2);
const made = await madeSamples(Number(values.seed));
console.error(`made ${made.length} legitimate messages`);
const samples = [...corpus, ...made];

const heldOut = judgeHeldOut(samples, (fold) => console.error(`judged fold ${fold}`));
const scores = scoreHeldOut(heldOut, FULL);
const threat = fitThreat(heldOut.judged, FULL);
const spam = fitSpam(heldOut.judged, FULL);
const thresholds = chooseThresholds();
const measured = measure(heldOutOutcomes(heldOut, scores, FULL, { threat, spam }, thresholds));
printMeasurement('held out: source, template or campaign unknown to model and weights', measured);

const model = modelFile(fitModel(samples), FULL);
const weights = { version: `${new Date().toISOString().slice(0, 10)}-${model.version}`, threat, spam, thresholds };
console.log(`thresholds ${JSON.stringify(thresholds)}, model ${model.version}, ${JSON.stringify(model).length} bytes`);
if (!values['dry-run']) {
  await writeFile(join(ROOT, 'src/scanners/model/model.json'), `${JSON.stringify(model)}\n`);
  await writeFile(join(ROOT, 'src/scanners/weights.json'), `${JSON.stringify(weights, null, 2)}\n`);
  await mkdir(join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(
    join(ROOT, 'bench/results/held-out.json'),
    `${JSON.stringify({ model: model.version, measured }, null, 2)}\n`,
  );
}

/**
 * The lowest thresholds that keep every stratum of legitimate mail within what is allowed: first that of the score, then that of the
 * spam probability for what the score lets pass.
 */
function chooseThresholds(): { suspicious: number; phishing: number; spam: number } {
  const strata = Object.keys(ALLOWED).map((stratum) =>
    heldOut.judged.flatMap((one, index) =>
      one.sample.stratum === stratum ? [{ score: percentOf(scores[index] ?? 0), spam: spamPercent(one) }] : [],
    ),
  );
  const within = (
    allowed: Readonly<Record<string, number>>,
    flagged: (one: { score: number; spam: number }) => boolean,
  ): boolean =>
    Object.values(allowed).every((share, index) => {
      const list = strata[index] ?? [];
      return list.filter(flagged).length <= share * list.length;
    });
  const suspicious = lowest(LOWEST_THRESHOLD, (threshold) => within(ALLOWED, ({ score }) => score >= threshold));
  const bulk = lowest(LOWEST_SPAM_THRESHOLD, (threshold) =>
    within(ALLOWED_AS_SPAM, ({ score, spam: share }) => score < suspicious && share >= threshold),
  );
  return { suspicious, phishing: Math.max(85, suspicious + 10), spam: bulk };
}

function spamPercent(one: Judged): number {
  return percentOf(logOddsOf(evidenceOf(one, FULL), spam));
}

function lowest(from: number, fits: (threshold: number) => boolean): number {
  // By quarters: towards the end of the scale a whole percent is a large part of the odds.
  for (let threshold = from; threshold < 99; threshold += 0.25) if (fits(threshold)) return threshold;
  return 99;
}
