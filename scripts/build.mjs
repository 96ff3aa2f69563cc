// Turns src, test and bench into dist, file by file, and bundles the dashboard. Types are checked by `npm run types`.
// Nothing is done when nothing changed since the last build, and only files that differ are written, each at once: commands that run
// while another builds never see half a file.
import { createHash } from 'node:crypto';
import { readdir, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, dirname, extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const quiet = process.argv.includes('--quiet');
const out = join(root, 'dist');
const dashboard = join(root, 'src', 'dashboard');
const stamp = join(out, '.built');

const files = await list(['src', 'test', 'bench']);
const current = await fingerprint([...files, join(root, 'package.json'), fileURLToPath(import.meta.url)]);
if ((await readFile(stamp, 'utf8').catch(() => null)) !== current) {
  await rm(stamp, { force: true });
  await buildServer(files.filter((path) => !path.startsWith(dashboard + sep)));
  await buildDashboard(files.filter((path) => path.startsWith(dashboard + sep)));
  await writeFile(stamp, current);
}

async function buildServer(inputs) {
  const sources = inputs.filter((path) => extname(path) === '.ts' && !path.endsWith('.d.ts'));
  const assets = inputs.filter((path) => path.startsWith(join(root, 'src')) && extname(path) !== '.ts');
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: sources,
    outdir: out,
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
    write: false,
  });
  const wanted = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  for (const path of assets) wanted.set(join(out, relative(root, path)), await readFile(path));
  for (const [path, contents] of wanted) await put(path, contents);
  await prune(wanted);
}

async function put(path, contents) {
  const present = await readFile(path).catch(() => null);
  if (present !== null && Buffer.compare(present, contents) === 0) return;
  const partial = `${path}.${process.pid}.partial`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(partial, contents);
  await rename(partial, path);
}

/** Removes what an earlier build left of sources that are gone, so that a deleted test cannot go on passing. */
async function prune(wanted) {
  for (const path of await list(['src', 'test', 'bench'], out)) {
    if (!wanted.has(path) && !path.endsWith('.partial')) await rm(path, { force: true });
  }
}

/** The bundle is rebuilt only when a file of the dashboard is newer than it. */
async function buildDashboard(inputs) {
  if (!inputs.includes(join(dashboard, 'vite.config.mjs'))) return;
  const built = await stat(join(out, 'dashboard', 'index.html')).catch(() => null);
  const times = await Promise.all(inputs.map(async (path) => (await stat(path)).mtimeMs));
  if (built !== null && times.every((time) => time <= built.mtimeMs)) return;
  const vite = await import('vite');
  await vite.build({ configFile: join(dashboard, 'vite.config.mjs'), logLevel: quiet ? 'warn' : 'info' });
}

async function list(folders, base = root) {
  const found = [];
  for (const folder of folders) {
    for (const entry of await readdir(join(base, folder), { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
    }
  }
  return found.sort();
}

/** Changes when a file is added, removed or written. */
async function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const { mtimeMs, size } = await stat(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}
