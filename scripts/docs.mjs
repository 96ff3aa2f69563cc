// Writes what is generated from the code that defines it: tables of the documentation, and the dashboard's types. Build first.
// With --check nothing is written: it names what is stale and ends with 1.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { apiTypes } from './api-types.mjs';
import { findingsPages } from './findings-pages.mjs';
import { modelCard } from './model-card.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = (path) => import(join(root, 'dist/src', path));
const { settingsTable } = await built('config.js');
const { ERROR_CODES } = await built('errors.js');
const { FINDINGS } = await built('scanners/catalogue.js');
const { WEIGHTS } = await built('scanners/weights.js');
const { readMessage } = await built('mail/read-message.js');
const { runPipeline } = await built('scanners/pipeline.js');
const { loadQrReader } = await built('services/scanning/qr-reader.js');
const { describeAllRoutes } = await built('api/routes.js');
const description = describeAllRoutes('0');

const stale = [];
await fill('docs/configuration.md', 'settings', settingsTable());
await fill('docs/api.md', 'routes', routesTable());
await fill('docs/api.md', 'errors', errorsTable());
await fill('README.md', 'verdict', `\`\`\`\n${sampleVerdict()}\`\`\`\n`, withoutTimes);
await folder('docs/findings', await findingsPages({ findings: FINDINGS, weights: WEIGHTS, root, scan: evidenceOf }));
await put(join(root, 'docs/model-card.md'), await markdown(modelCard(await modelFacts())));
const types = join(root, 'src/api/generated/types.ts');
await put(types, await format(apiTypes(description), { ...(await resolveConfig(types)), parser: 'typescript' }));

if (stale.length > 0) {
  console.error(`stale: ${stale.join(', ')} (npm run docs)`);
  process.exit(1);
}

async function modelFacts() {
  const read = (path) => readFile(join(root, path), 'utf8');
  const model = await read('src/scanners/model/model.json');
  const [heldOut, robustness] = await Promise.all(
    ['held-out', 'robustness'].map(async (name) => JSON.parse(await read(`bench/results/${name}.json`))),
  );
  return { model: JSON.parse(model), modelBytes: Buffer.byteLength(model), weights: WEIGHTS, heldOut, robustness };
}

async function markdown(text) {
  return format(text, { ...(await resolveConfig(join(root, 'README.md'))), parser: 'markdown' });
}

/** The evidence of one finding in a message, offline, with what its fixture says is known beside the message. */
async function evidenceOf(id, raw, { tenant, history, reputation }) {
  const message = await readMessage(raw, {}, { qr: loadQrReader });
  const count = history?.[message.identity.from[0]?.address ?? ''] ?? 0;
  const unavailable = async () => ({ unavailable: 'offline', off: true });
  const lookup = {
    dns: unavailable,
    llm: unavailable,
    reputation: async ({ value }) =>
      reputation === undefined ? unavailable() : { answer: reputation[value] ?? { verdict: 'unknown', source: '' } },
  };
  const nothing = { domains: [], people: [], trustedAuthservIds: [], allow: [], block: [], weights: {} };
  const verdict = await runPipeline(message, {
    tenant: { ...nothing, ...tenant },
    sender: { messages: history === undefined ? null : count, firstSeen: null },
    now: new Date('2026-06-01T00:00:00Z'),
    signal: new AbortController().signal,
    ...{ raw, lookup },
  });
  return verdict.findings.find((finding) => finding.id === id)?.evidence;
}

function routesTable() {
  const rows = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const scope = operation['x-api-key-scope'];
      const token = scope === undefined ? 'bearer token' : `bearer token, or API key with \`${scope}\``;
      const open = operation.security.length === 0 ? 'anyone' : token;
      return `| \`${method.toUpperCase()} ${path}\` | ${operation.summary} | ${open} |`;
    }),
  );
  return ['| route | what it does | who |', '|---|---|---|', ...rows].join('\n') + '\n';
}

function errorsTable() {
  const rows = Object.entries(ERROR_CODES).map(([code, status]) => `| \`${code}\` | ${status} |`);
  return ['| code | status |', '|---|---|', ...rows].join('\n') + '\n';
}

function sampleVerdict() {
  const args = [join(root, 'dist/src/cli/main.js'), 'scan', 'test/fixtures/samples/parcel-fee.eml'];
  // The exit code tells of the verdict; only an error (2) leaves nothing to show.
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return stdout.replace(/^\n/, '');
}

/** Every run takes its own time: that alone makes no page stale. */
function withoutTimes(page) {
  return page.replace(/ *\d+(\.\d+)? ms/g, ' ms');
}

/** Replaces what stands between `<!-- generated: name …-->` and `<!-- end of generated -->`. `essence` is what makes it stale. */
async function fill(file, name, text, essence = (page) => page) {
  const path = join(root, file);
  const page = await readFile(path, 'utf8');
  const pattern = new RegExp(`(<!-- generated: ${name}[^]*?-->\n)[^]*?(<!-- end of generated -->)`);
  if (!pattern.test(page)) throw new Error(`${file} has no place for ${name}`);
  const ignored = `<!-- prettier-ignore-start -->\n${text}<!-- prettier-ignore-end -->`;
  await put(
    path,
    page.replace(pattern, (_all, open, close) => `${open}\n${ignored}\n\n${close}`),
    essence,
  );
}

/** Makes the folder hold these pages and nothing else. */
async function folder(name, pages) {
  await mkdir(join(root, name), { recursive: true });
  for (const [file, text] of pages) await put(join(root, name, file), text);
  for (const file of await readdir(join(root, name))) {
    if (pages.has(file)) continue;
    if (process.argv.includes('--check')) stale.push(`${name}/${file}`);
    else await rm(join(root, name, file));
  }
}

async function put(path, text, essence = (page) => page) {
  const now = await readFile(path, 'utf8').catch(() => '');
  if (essence(now) === essence(text)) return;
  if (process.argv.includes('--check')) stale.push(path.slice(root.length + 1));
  else await writeFile(path, text);
}
