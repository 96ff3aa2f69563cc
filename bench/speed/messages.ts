import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCorpus } from '../corpus.js';

export interface Sample {
  /** What it was drawn from, for the heading. */
  readonly source: string;
  readonly messages: readonly Uint8Array[];
}

/** Evenly spread messages of the corpus, or the fixtures of the tests where there is none; the same ones every time. */
export async function sampleMessages(count: number): Promise<Sample> {
  const corpus = await loadCorpus();
  const source = corpus === null ? 'test/fixtures' : 'the corpus';
  const paths = corpus === null ? await fixtures() : corpus.map(({ path }) => path);
  paths.sort();
  const step = Math.max(paths.length / count, 1);
  const chosen = Array.from({ length: Math.min(count, paths.length) }, (_, n) => paths[Math.floor(n * step)] ?? '');
  return { source, messages: await Promise.all(chosen.map((path) => readFile(path))) };
}

async function fixtures(): Promise<string[]> {
  const folder = join(process.cwd(), 'test', 'fixtures');
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith('.eml')).map((name) => join(folder, name));
}
