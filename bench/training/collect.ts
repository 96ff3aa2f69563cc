import { readFile } from 'node:fs/promises';
import { loadCorpus } from '../corpus.js';
import { madeSource, makeHam } from '../ham/make-ham.js';
import { loadTexts, type HamText } from '../ham/texts.js';
import { foldByGroup, FOLDS } from './folds.js';
import { sampleOf, type Sample } from './sample.js';

/** How many messages are made of every text: the written ones are the hard cases and get more. */
const COPIES: Readonly<Record<string, number>> = {
  written: 4,
  notices: 4,
  letters: 4,
  ghost: 2,
  payload: 2,
  keycloak: 2,
};

/** Every message of the corpus as a sample; null where there is no corpus. */
export async function corpusSamples(progress: (done: number, all: number) => void): Promise<readonly Sample[] | null> {
  const entries = await loadCorpus();
  if (entries === null) return null;
  const samples: Sample[] = [];
  for (const [index, entry] of entries.entries()) {
    const { sha256, source, group, stratum, year, language, category } = entry;
    const sample = await sampleOf(await readFile(entry.path), {
      id: sha256,
      source,
      group,
      stratum,
      year,
      language,
      category,
    });
    if (sample !== null) samples.push(sample);
    progress(index + 1, entries.length);
  }
  return samples;
}

/** Legitimate mail made of texts and templates, the same for the same seed. */
export async function madeSamples(seed: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let number = seed * 1_000_003;
  const texts = loadTexts().map((text, index) => {
    const group = `${text.source}-${text.kind}-${index}`;
    return { text, group, fold: foldByGroup({ source: madeSource(text), group }, FOLDS) };
  });
  for (const { text, group, fold } of texts) {
    // What fills a layout up must not bring a text of another fold into this one.
    const others = texts
      .filter((other) => other.fold === fold && other.text !== text && goesWith(other.text, text))
      .map((other) => other.text);
    for (let copy = 0; copy < (COPIES[text.source] ?? 1); copy++) {
      number += 1;
      const made = makeHam(text, number, others);
      const sample = await sampleOf(made.raw, {
        id: `made-${number}`,
        source: made.source,
        group,
        stratum: 'made',
        year: null,
        language: made.language,
        category: made.kind,
      });
      if (sample !== null) samples.push(sample);
    }
  }
  return samples;
}

function goesWith(other: HamText, text: HamText): boolean {
  return other.language.slice(0, 2) === text.language.slice(0, 2) && other.kind !== 'letter';
}
