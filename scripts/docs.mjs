// Writes the generated parts of the documentation and the dashboard's types from the code that defines them. Build first.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { settingsTable } = await import(join(root, 'dist/src/config.js'));

await fill('docs/configuration.md', 'settings', settingsTable());

/** Replaces what stands between `<!-- generated: name …-->` and `<!-- end of generated -->`. */
async function fill(file, name, text) {
  const path = join(root, file);
  const page = await readFile(path, 'utf8');
  const pattern = new RegExp(`(<!-- generated: ${name}[^]*?-->\n)[^]*?(<!-- end of generated -->)`);
  if (!pattern.test(page)) throw new Error(`${file} has no place for ${name}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    page.replace(pattern, (_all, open, close) => `${open}\n<!-- prettier-ignore-start -->\n${text}<!-- prettier-ignore-end -->\n\n${close}`),
  );
}
