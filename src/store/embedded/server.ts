import { spawn } from 'node:child_process';
import { close as closeFile, openSync, statSync, truncateSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PosternError } from '../../errors.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import type { Places } from './places.js';
import { isAlive, readPostmaster } from './postmaster.js';

export interface ServerSettings {
  readonly places: Places;
  readonly binaries: Binaries;
  readonly account: Account | null;
  /** False only for throw-away databases. */
  readonly durable: boolean;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;
const LARGEST_LOG = 10 * 1024 * 1024;

/**
 * Returns the process id of a server that takes connections: the one that already runs (it outlives a killed Node.js), or a new
 * one. After a killed PostgreSQL the first attempt may still meet its dying children, so it is tried again.
 */
export async function ensureRunning(settings: ServerSettings): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let child: Child | null = null;
  while (Date.now() < deadline) {
    const running = await readPostmaster(dataFolder(settings));
    if (running?.ready === true) return running.pid;
    if (running === null && child?.failed !== false) {
      if (child !== null) await sleep(200);
      child = launch(settings);
    }
    await sleep(10);
  }
  throw new PosternError('database.unavailable', 'The embedded PostgreSQL did not start.', {
    cause: new Error(await lastLines(settings.places.log)),
    details: { log: settings.places.log },
  });
}

/** Stops the server: sessions are ended, everything is written, then it is gone. */
export async function stopServer(settings: ServerSettings, pid: number): Promise<void> {
  const data = dataFolder(settings);
  signal(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      // Nothing committed is lost: the next start replays the log.
      signal(pid, 'SIGQUIT');
      await sleep(1000);
      return;
    }
    await sleep(10);
  }
  if ((await readPostmaster(data)) === null) await rm(join(data, 'postmaster.pid'), { force: true });
}

/** For a process that is about to exit and cannot wait. */
export function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    if (isAlive(pid)) process.kill(pid, name);
  } catch {
    // Gone in between.
  }
}

interface Child {
  failed: boolean;
}

function launch({ places, binaries, account, durable }: ServerSettings): Child {
  if ((statSync(places.log, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) truncateSync(places.log);
  const log = openSync(places.log, 'a', 0o600);
  const options = {
    listen_addresses: '',
    unix_socket_directories: places.run,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '128MB',
    // A scan writes to four tables of one day; a drop touches many partitions at once.
    max_locks_per_transaction: '256',
    // Compiling costs more than these short queries take, and plans over partitions trigger it.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    log_checkpoints: 'off',
    // One throw-away server carries the databases of a whole test run, each with pools of its own.
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '400' }),
  };
  const child = spawn(
    join(binaries.root, 'bin', 'postgres'),
    [
      '-D',
      join(places.cluster, 'data'),
      ...Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', log, log],
      // Ctrl-C reaches the whole foreground group: PostgreSQL must outlive it until the last request is answered.
      detached: true,
      ...(account ?? {}),
    },
  );
  closeFile(log, () => undefined);
  const state: Child = { failed: false };
  child.on('exit', () => (state.failed = true));
  child.on('error', () => (state.failed = true));
  child.unref();
  return state;
}

function dataFolder(settings: ServerSettings): string {
  return join(settings.places.cluster, 'data');
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join('\n');
}
