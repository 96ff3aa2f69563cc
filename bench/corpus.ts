import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the pack is expected: beside the checkout, because its messages may not be passed on. */
const PACK = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');

export type CorpusLabel = 'phish' | 'ham' | 'spam';

/**
 * What a figure is reported for. `html` is legitimate transactional and marketing mail, which phishing imitates; `modern` other
 * legitimate mail since 2011; `old` legitimate mail before that; `made` what bench/ham makes, for training only.
 */
export type Stratum = 'phish' | 'html' | 'modern' | 'old' | 'spam' | 'made';

export interface CorpusEntry {
  readonly sha256: string;
  readonly label: CorpusLabel;
  readonly source: string;
  /** null where the Date field does not say. */
  readonly year: number | null;
  /** Messages of one campaign, or one template, share it: they are never on both sides of a fold. */
  readonly group: string;
  readonly flags: readonly string[];
  readonly category: string;
  /** As the pack's author guessed it; '?' where unknown. */
  readonly language: string;
  readonly stratum: Stratum;
  readonly path: string;
}

/** The entries of the pack, unpacked into a cache folder; null with a message on stderr where there is no pack. */
export async function loadCorpus(pack = PACK): Promise<readonly CorpusEntry[] | null> {
  const manifest = await readFile(join(pack, 'manifest.tsv'), 'utf8').catch(() => null);
  if (manifest === null) {
    console.error(`No corpus at ${pack}: nothing to measure on. See docs/model-card.md for what belongs there.`);
    return null;
  }
  const folder = await unpack(pack, manifest);
  return manifest
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => entryOf(line, folder));
}

async function unpack(pack: string, manifest: string): Promise<string> {
  const name = `postern-corpus-${createHash('sha256').update(manifest).digest('hex').slice(0, 12)}`;
  const folder = join(tmpdir(), name);
  if (await exists(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  const archives = (await readdir(pack)).filter((file) => file.endsWith('.tar.xz'));
  for (const archive of archives) await run('tar', ['xJf', join(pack, archive), '-C', partial]);
  await rename(partial, folder).catch(async () => rm(partial, { recursive: true, force: true }));
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function entryOf(line: string, folder: string): CorpusEntry {
  const [
    sha256 = '',
    label = '',
    source = '',
    year = '',
    ,
    path = '',
    group = '',
    flags = '',
    category = '',
    ,
    language = '',
  ] = line.split('\t');
  const known = /^\d{4}$/.test(year) ? Number(year) : null;
  return {
    sha256,
    label: label as CorpusLabel,
    source,
    year: known,
    group,
    flags: flags === '' ? [] : flags.split(','),
    category,
    language: language === '' ? '?' : language,
    stratum: stratumOf(label, source, known),
    path: join(folder, path),
  };
}

function stratumOf(label: string, source: string, year: number | null): Stratum {
  if (label === 'phish' || label === 'spam') return label;
  if (source.startsWith('html-')) return 'html';
  return year !== null && year < 2011 ? 'old' : 'modern';
}
