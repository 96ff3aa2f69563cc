import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One message's words, with `{slots}` to fill in. */
export interface HamText {
  /** Where the words are from. */
  readonly source: string;
  readonly language: string;
  readonly kind: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** '' where there is nothing to click. */
  readonly button: string;
}

type Row = readonly [kind: string, subject: string, body: string, button: string];
interface Package {
  readonly languages: Readonly<Record<string, readonly Row[]>>;
}

/** bench/ is compiled to dist/bench, its data stays where it is. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'bench', 'ham', 'texts');

/** Texts written for this purpose, and translations of open products (their files name source and licence). */
export function loadTexts(): readonly HamText[] {
  const texts: HamText[] = [];
  for (const source of ['written', 'notices', 'letters']) {
    for (const file of readdirSync(join(FOLDER, source)).sort()) {
      add(source, file.replace('.json', ''), read(join(source, file)) as readonly Row[]);
    }
  }
  for (const source of ['ghost', 'payload', 'keycloak']) {
    for (const [language, rows] of Object.entries((read(`${source}.json`) as Package).languages))
      add(source, language, rows);
  }
  return texts;

  function add(source: string, language: string, rows: readonly Row[]): void {
    for (const [kind, subject, body, button] of rows) {
      texts.push({ source, language, kind, subject, paragraphs: body.split('|'), button });
    }
  }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}
