import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WEIGHTS } from '../src/scanners/weights.js';
import { loadCorpus } from './corpus.js';
import { area, recallAt } from './evaluation/figures.js';
import { corpusSamples, madeSamples } from './training/collect.js';
import { fitModel } from './training/fit-model.js';
import { evidenceOf, fitThreat, FULL, logOddsOf, type FindingWeights, type Judged } from './training/fit-weights.js';
import { percentOf } from './training/held-out-outcomes.js';
import { judge, judgeHeldOut, scoreHeldOut, weightsHeldOut, type HeldOut } from './training/judge.js';
import { sampleOf, type Sample } from './training/sample.js';
import { TAMPERINGS } from './training/tampering.js';

/**
 * What the figures lean on: every layer left out in turn, headers stripped or made up, the newest phishing and whole collections
 * unknown. All on folds; takes about ten minutes.
 */
interface Row {
  readonly html: string;
  readonly modern: string;
  readonly flagged: string;
}

const rows: Record<string, Row> = {};
const corpus = await corpusSamples(() => undefined);
if (corpus === null) process.exit(2);
const samples = [...corpus, ...(await madeSamples(1))];
const heldOut = judgeHeldOut(samples, (fold) => console.error(`judged fold ${fold}`));
const weights = weightsHeldOut(heldOut, FULL);
report('as measured', heldOut.judged, scoreHeldOut(heldOut, FULL));

for (const left of ['headers.', 'urls.', 'attachments.', 'content.', 'content.reads-like', 'content.built-like']) {
  const kept = heldOut.judged.map((one) => without(one, left));
  const ablated: HeldOut = { ...heldOut, judged: kept };
  report(`without ${left}*`, kept, scoreHeldOut(ablated, FULL));
}
for (const [name, tamper] of Object.entries(TAMPERINGS)) {
  const judged = await judgeTampered(tamper);
  report(
    name,
    judged.map(({ one }) => one),
    Float64Array.from(judged, ({ score }) => score),
  );
}
report('newest quarter of phishing unknown', ...newestUnknown());
report('no html-ham in training', ...collectionUnknown((sample) => sample.stratum === 'html'));
report('no made mail in training', ...collectionUnknown((sample) => sample.stratum === 'made'));
await writeFile(
  join(import.meta.dirname, '..', '..', 'bench', 'results', 'robustness.json'),
  `${JSON.stringify(rows, null, 2)}\n`,
);

/** A sample without the findings of a layer; the model's opinions count as content. */
function without(one: Judged, prefix: string): Judged {
  return {
    words: hides(prefix, 'content.reads-like') ? 0 : one.words,
    structure: hides(prefix, 'content.built-like') ? 0 : one.structure,
    sample: { ...one.sample, findings: one.sample.findings.filter(({ id }) => !id.startsWith(prefix)) },
  };
}

function hides(prefix: string, opinion: string): boolean {
  return opinion.startsWith(prefix);
}

async function judgeTampered(tamper: (raw: Buffer, seed: number) => Buffer): Promise<{ one: Judged; score: number }[]> {
  const known = new Map(
    heldOut.judged.map(({ sample }, index) => [sample.id, { sample, fold: heldOut.fold[index] ?? 0 }]),
  );
  const result: { one: Judged; score: number }[] = [];
  let seed = 0;
  for (const entry of (await loadCorpus()) ?? []) {
    const before = known.get(entry.sha256);
    const model = heldOut.models[before?.fold ?? 0];
    const own = weights[before?.fold ?? 0];
    if (before === undefined || model === undefined || own === undefined || entry.stratum === 'spam') continue;
    seed += 1;
    const sample = await sampleOf(tamper(await readFile(entry.path), seed), before.sample);
    if (sample === null) continue;
    const one = judge(model, sample);
    result.push({ one, score: logOddsOf(evidenceOf(one, FULL), own) });
  }
  return result;
}

/** Trained without the last quarter of phishing by date; that quarter against legitimate mail of unseen sources. */
function newestUnknown(): [readonly Judged[], Float64Array] {
  const dates = samples
    .filter(({ stratum }) => stratum === 'phish')
    .map(({ date }) => date ?? '')
    .sort();
  const border = dates[Math.floor(dates.length * 0.75)] ?? '';
  const isNew = ({ stratum, date }: Sample): boolean => stratum === 'phish' && (date ?? '') >= border;
  const older = samples.filter((sample) => !isNew(sample));
  const inner = judgeHeldOut(older, () => undefined);
  const final = fitModel(older);
  const all = fitThreat(inner.judged, FULL);
  const scores = scoreHeldOut(inner, FULL);
  const wanted = inner.judged.map((one, index) => ({ one, score: scores[index] ?? 0 }));
  const newest = samples.filter(isNew).map((sample) => {
    const one = judge(final, sample);
    return { one, score: scoreOf(one, all) };
  });
  const judged = [...wanted.filter(({ one }) => one.sample.stratum !== 'phish'), ...newest];
  return [judged.map(({ one }) => one), Float64Array.from(judged, ({ score }) => score)];
}

/** Trained without a collection, which is then judged; everything else as before. */
function collectionUnknown(isIt: (sample: Sample) => boolean): [readonly Judged[], Float64Array] {
  const inner = judgeHeldOut(
    samples.filter((sample) => !isIt(sample)),
    () => undefined,
  );
  const all = fitThreat(inner.judged, FULL);
  const scores = [...scoreHeldOut(inner, FULL)];
  const model = fitModel(samples.filter((sample) => !isIt(sample)));
  const unknown = samples.filter(isIt).map((sample) => judge(model, sample));
  return [[...inner.judged, ...unknown], Float64Array.from([...scores, ...unknown.map((one) => scoreOf(one, all))])];
}

function scoreOf(one: Judged, own: FindingWeights): number {
  return logOddsOf(evidenceOf(one, FULL), own);
}

function report(name: string, judged: readonly Judged[], scores: Float64Array): void {
  const of = (...strata: string[]): number[] =>
    judged.flatMap(({ sample }, index) => (strata.includes(sample.stratum) ? [scores[index] ?? 0] : []));
  const unwanted = of('phish');
  const against = (wanted: number[]): string =>
    `${area(unwanted, wanted).toFixed(4)} ${share(recallAt(unwanted, wanted, 0.01))} ${share(recallAt(unwanted, wanted, 0.001))}`;
  const flagged = ['phish', 'html', 'modern', 'old', 'made'].map((stratum) => {
    const list = of(stratum);
    return `${stratum} ${share(list.filter((score) => percentOf(score) >= WEIGHTS.thresholds.suspicious).length / list.length)}`;
  });
  rows[name] = { html: against(of('html')), modern: against(of('html', 'modern')), flagged: flagged.join(', ') };
  const { html, modern, flagged: told } = rows[name];
  console.log(`${name.padEnd(42)} html ${html} | modern ${modern} | flagged ${told}`);
}

function share(value: number): string {
  return (value * 100).toFixed(1);
}
