// `npm test`: builds, checks everything that can be checked without running it, then runs the tests. Independent checks run side by
// side. The last line is always "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed anywhere.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
/** Longest first, so that the last to finish is not the longest to run. */
const CHECKS = [
  ['lint', 'eslint', '.', '--max-warnings=0'],
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['types', 'tsc', '--noEmit'],
  ['types of the dashboard', 'tsc', '--noEmit', '-p', 'src/dashboard'],
  ['arrows', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src'],
  ['unused', 'knip'],
  ['documents', 'node', 'scripts/docs.mjs', '--check'],
];
/** A test run that has reported but does not end holds something open; that is a fault too. */
const LINGER_MS = 20_000;

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of children) child.kill('SIGTERM');
    process.exitCode = 1;
  });
}

const failed = [];
if (await check(['build', 'node', 'scripts/build.mjs', '--quiet'])) {
  const waiting = [...CHECKS];
  const lanes = Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await check(next);
  });
  await Promise.all(lanes);
}
const stats = failed.includes('build') ? null : await test();
if (failed.length > 0) say(`\nfailed: ${failed.join(', ')}`);
if (failed.length > 0 || stats === null || stats.failures > 0) process.exitCode = 1;
say(`${stats?.passes ?? 0} passed, ${stats?.failures ?? 0} failed, ${stats?.pending ?? 0} skipped`);

/** Runs one check quietly; its output is shown only when it fails. */
async function check([name, command, ...args]) {
  const started = performance.now();
  const { code, output } = await run(command, args, 'pipe');
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  say(`${code === 0 ? '✓' : '✗'} ${name.padEnd(24)} ${seconds} s`);
  if (code !== 0) {
    failed.push(name);
    say(output.trimEnd());
  }
  return code === 0;
}

/** Runs the tests in the open; null when mocha did not get as far as counting. */
async function test() {
  const folder = await mkdtemp(join(tmpdir(), 'postern-check-'));
  const report = join(folder, 'stats.json');
  try {
    const reporter = ['--reporter', 'scripts/mocha-reporter.cjs', '--reporter-option', `stats=${report}`];
    const { code, lingered } = await run('mocha', reporter, 'inherit', report);
    const counted = await readFile(report, 'utf8').then(JSON.parse, () => null);
    if (lingered) failed.push('tests (something kept the process open)');
    else if (code !== 0) failed.push('tests');
    return counted;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(command, args, stdio, report) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', stdio, stdio] });
    children.add(child);
    let output = '';
    let lingered = false;
    let reportedAt = 0;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    const watch = setInterval(async () => {
      if (report === undefined || (await readFile(report, 'utf8').catch(() => null)) === null) return;
      reportedAt ||= performance.now();
      if (performance.now() - reportedAt < LINGER_MS) return;
      lingered = true;
      child.kill('SIGKILL');
    }, 1000);
    const end = (code) => {
      clearInterval(watch);
      children.delete(child);
      resolve({ code, output, lingered });
    };
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', end);
  });
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
