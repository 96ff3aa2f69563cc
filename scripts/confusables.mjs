// Writes the compact table of characters that look like ASCII letters and digits, from Unicode's confusables.txt (UTS 39).
// Usage: node scripts/confusables.mjs path/to/confusables.txt
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [source = '../shared/suites/confusables/confusables.txt'] = process.argv.slice(2);
const target = join(dirname(fileURLToPath(import.meta.url)), '../src/scanners/brands/confusables.json');

const lines = (await readFile(source, 'utf8')).split('\n');
const version = lines
  .find((line) => line.startsWith('# Version:'))
  ?.slice('# Version:'.length)
  .trim();
const lookalikes = new Map();
for (const line of lines) {
  const [from, to] = line.split('#', 1)[0].split(';');
  if (to === undefined) continue;
  const character = characters(from);
  const latin = characters(to).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  // ASCII sources (0 and O, 1 and l, rn and m) depend on where they stand; brands/skeleton.ts treats them itself.
  if (!/^[a-z0-9]{1,3}$/.test(latin) || /^[\x00-\x7f]+$/.test(character)) continue;
  // What NFKD already turns into the same letters needs no entry.
  if (character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase() === latin) continue;
  lookalikes.set(latin, (lookalikes.get(latin) ?? '') + character);
}
const table = Object.fromEntries([...lookalikes].sort(([a], [b]) => (a < b ? -1 : 1)));
const body = Object.entries(table).map(([latin, like]) => `    ${JSON.stringify(latin)}: ${JSON.stringify(like)}`);
await writeFile(
  target,
  `{\n  "source": "Unicode confusables.txt ${version} (UTS 39), written by scripts/confusables.mjs",\n  "table": {\n${body.join(',\n')}\n  }\n}\n`,
);

function characters(codes) {
  return String.fromCodePoint(
    ...codes
      .trim()
      .split(/\s+/)
      .map((code) => Number.parseInt(code, 16)),
  );
}
