import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MODEL_VERSION } from '../src/scanners/model/model.js';
import { WEIGHTS } from '../src/scanners/weights.js';
import { loadCorpus, type CorpusEntry, type Stratum } from './corpus.js';
import { judgeFile } from './evaluation/judge-files.js';
import { measure, type Measurement } from './evaluation/measure.js';
import type { Outcome } from './evaluation/outcome.js';
import { printMeasurement } from './evaluation/print.js';

/**
 * Runs the product's own pipeline over the corpus, or over a folder with `phish`, `ham`, `html`, `old` and `spam` in it, and prints
 * what it catches. On the corpus the figures that count are those of the folds, which `npm run train` recorded: the shipped model has
 * seen these messages.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});

/** In quick mode one message in so many. */
const QUICK = 8;
const [folder] = positionals;

const entries = folder === undefined ? await loadCorpus() : await readFolder(folder);
if (entries === null) process.exit(2);
const chosen = values.quick ? entries.filter((_, index) => index % QUICK === 0) : entries;
const outcomes: Outcome[] = [];
const started = performance.now();
for (const [index, entry] of chosen.entries()) {
  const verdict = await judgeFile(entry.path);
  if (verdict === null) continue;
  const { sha256, stratum, source, year, language } = entry;
  const { score, label, categories } = verdict;
  const flagged = label !== 'safe';
  outcomes.push({ id: sha256, stratum, source, year, language, harm: categories[0] ?? 'none', score, flagged });
  if ((index + 1) % 1000 === 0) console.error(`judged ${index + 1} of ${chosen.length}`);
}
const milliseconds = (performance.now() - started) / Math.max(1, outcomes.length);
const measured = measure(outcomes, values.quick ? 50 : 200);
const heldOut = folder === undefined ? await recorded() : null;

if (values.json) {
  console.log(JSON.stringify({ weights: WEIGHTS.version, messages: outcomes.length, milliseconds, heldOut, measured }));
} else {
  if (heldOut !== null)
    printMeasurement('held out: source, template or campaign unknown to model and weights', heldOut);
  printMeasurement(folder === undefined ? 'shipped model on the corpus it was trained on' : folder, measured);
  console.log(`\nweights ${WEIGHTS.version}, ${outcomes.length} messages, ${milliseconds.toFixed(2)} ms a message`);
}

/** What training measured on its folds; null with a word where it belongs to another model. */
async function recorded(): Promise<Measurement | null> {
  const path = join(import.meta.dirname, '..', '..', 'bench', 'results', 'held-out.json');
  const file = await readFile(path, 'utf8').catch(() => null);
  const record = file === null ? null : (JSON.parse(file) as { model: string; measured: Measurement });
  if (record?.model === MODEL_VERSION) return record.measured;
  console.error('bench/results/held-out.json is of another model: run npm run train for held-out figures');
  return null;
}

const STRATA: Readonly<Record<string, Stratum>> = {
  phish: 'phish',
  ham: 'modern',
  html: 'html',
  modern: 'modern',
  old: 'old',
  spam: 'spam',
};

/** Folders named after strata, each with messages or with a folder a source. */
async function readFolder(path: string): Promise<readonly CorpusEntry[]> {
  const entries: CorpusEntry[] = [];
  for (const [name, stratum] of Object.entries(STRATA)) {
    const inside = await readdir(join(path, name), { recursive: true }).catch(() => []);
    for (const file of inside.sort()) {
      const full = join(path, name, file);
      if (!(await stat(full)).isFile()) continue;
      const source = file.includes('/') ? (file.split('/')[0] ?? name) : name;
      const label = stratum === 'phish' || stratum === 'spam' ? stratum : 'ham';
      entries.push({
        sha256: full,
        label,
        source,
        year: null,
        group: full,
        flags: [],
        category: '',
        language: '?',
        stratum,
        path: full,
      });
    }
  }
  return entries;
}
