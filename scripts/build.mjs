// Turns src, test and bench into dist, file by file, and bundles the dashboard. Types are checked by `npm run types`.
import { readdir, mkdir, copyFile, rm, stat } from 'node:fs/promises';
import { join, dirname, extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const quiet = process.argv.includes('--quiet');
const out = join(root, 'dist');
const dashboard = join(root, 'src', 'dashboard');

const files = [];
for (const top of ['src', 'test', 'bench']) {
  for (const entry of await readdir(join(root, top), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !path.startsWith(dashboard)) files.push(path);
  }
}
const sources = files.filter((path) => extname(path) === '.ts' && !path.endsWith('.d.ts'));
const assets = files.filter((path) => path.startsWith(join(root, 'src')) && extname(path) !== '.ts');

await build({
  entryPoints: sources,
  outdir: out,
  outbase: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
for (const path of assets) {
  const target = join(out, relative(root, path));
  await mkdir(dirname(target), { recursive: true });
  await copyFile(path, target);
}
await prune();
if (await needsDashboard()) {
  const vite = await import('vite');
  await vite.build({ configFile: join(dashboard, 'vite.config.mjs'), logLevel: quiet ? 'warn' : 'info' });
}

/** Removes what an earlier build left of sources that are gone, so that a deleted test cannot go on passing. */
async function prune() {
  const wanted = new Set(
    [...sources.map((path) => path.replace(/\.ts$/, '.js')), ...assets].map((path) => join(out, relative(root, path))),
  );
  for (const top of ['src', 'test', 'bench']) {
    const entries = await readdir(join(out, top), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !wanted.has(path.replace(/\.map$/, ''))) await rm(path, { force: true });
    }
  }
}

/** The bundle is rebuilt only when a file of the dashboard is newer than it: `npm run postern` stays quick. */
async function needsDashboard() {
  const entries = await readdir(dashboard, { recursive: true, withFileTypes: true }).catch(() => []);
  if (!entries.some((entry) => entry.name === 'vite.config.mjs')) return false;
  const built = await stat(join(out, 'dashboard', 'index.html')).catch(() => null);
  if (built === null) return true;
  for (const entry of entries) {
    if (entry.isFile() && (await stat(join(entry.parentPath, entry.name))).mtimeMs > built.mtimeMs) return true;
  }
  return false;
}
