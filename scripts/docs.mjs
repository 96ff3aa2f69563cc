// Writes the generated parts of the documentation from the code that defines them; with --check it only says what is out of date.
// Build first.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingsPages } from './findings-pages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const { settingsTable } = await import(join(root, 'dist/src/config.js'));
const { FINDINGS } = await import(join(root, 'dist/src/scanners/catalogue.js'));
const { WEIGHTS } = await import(join(root, 'dist/src/scanners/weights.js'));

/** Path from the root -> what belongs there; null for what must not be there. */
const wanted = new Map();
wanted.set('docs/configuration.md', await filled('docs/configuration.md', 'settings', settingsTable()));
await folder('docs/findings', findingsPages({ findings: FINDINGS, weights: WEIGHTS, root }));

const stale = [];
for (const [file, text] of wanted) {
  const path = join(root, file);
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present === text) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(dirname(path), { recursive: true });
  await (text === null ? rm(path) : writeFile(path, text));
}
if (check && stale.length > 0) {
  console.error(`out of date, run \`npm run docs\`: ${stale.join(', ')}`);
  process.exitCode = 1;
}

/** The page with the text between `<!-- generated: name …-->` and `<!-- end of generated -->` replaced. */
async function filled(file, name, text) {
  const page = await readFile(join(root, file), 'utf8');
  const pattern = new RegExp(`(<!-- generated: ${name}[^]*?-->\n)[^]*?(<!-- end of generated -->)`);
  if (!pattern.test(page)) throw new Error(`${file} has no place for ${name}`);
  const fenced = `\n<!-- prettier-ignore-start -->\n${text}<!-- prettier-ignore-end -->\n\n`;
  return page.replace(pattern, (_all, open, close) => `${open}${fenced}${close}`);
}

/** A folder that holds these pages and nothing else. */
async function folder(name, pages) {
  for (const present of await readdir(join(root, name)).catch(() => [])) wanted.set(`${name}/${present}`, null);
  for (const [file, text] of pages) wanted.set(`${name}/${file}`, text);
}
