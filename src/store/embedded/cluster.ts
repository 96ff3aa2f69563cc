import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PosternError } from '../../errors.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import type { Places } from './places.js';

const run = promisify(execFile);

/** The passwords of the three logins; only this process's user can read them. */
export interface Passwords {
  /** Creates roles and the database, nothing else. */
  readonly administrator: string;
  /** Owns the schema and migrates. */
  readonly owner: string;
  /** Serves. */
  readonly app: string;
}

/**
 * Creates the data folder once, with random passwords beside it. It is built under another name and renamed, so that a killed or
 * a concurrent start never leaves half a cluster.
 */
export async function createCluster(
  places: Places,
  binaries: Binaries,
  account: Account | null,
  durable: boolean,
): Promise<Passwords> {
  const passwordFile = join(places.cluster, 'passwords.json');
  if ((await stat(places.cluster).catch(() => null)) === null) await build(places, binaries, account, durable);
  await checkVersion(places, binaries);
  try {
    return JSON.parse(await readFile(passwordFile, 'utf8')) as Passwords;
  } catch (cause) {
    throw new PosternError(
      'database.unavailable',
      `The passwords of the database cannot be read from ${passwordFile}.`,
      {
        cause,
      },
    );
  }
}

async function build(places: Places, binaries: Binaries, account: Account | null, durable: boolean): Promise<void> {
  const fresh = `${places.cluster}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  // A restrictive umask must not close the way to what is inside.
  await chmod(fresh, 0o711);
  const data = join(fresh, 'data');
  await mkdir(data, { mode: 0o700 });
  const passwords: Passwords = { administrator: random(), owner: random(), app: random() };
  // initdb reads its password as the server's account; the file is gone before anyone can connect.
  const initial = join(data, '..', 'initial-password');
  await writeFile(initial, passwords.administrator, { mode: 0o600 });
  if (account !== null) {
    await chown(data, account.uid, account.gid);
    await chown(initial, account.uid, account.gid);
  }
  const options = [
    '--username=postgres',
    `--pwfile=${initial}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  try {
    await run(
      join(binaries.root, 'bin', 'initdb'),
      [`--pgdata=${data}`, ...options, ...(durable ? [] : ['--no-sync'])],
      {
        cwd: '/',
        env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
        ...(account ?? {}),
      },
    );
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    const detail = (cause as { stderr?: string }).stderr?.trim().split('\n').slice(-3).join(' ') ?? String(cause);
    throw new PosternError(
      'database.unavailable',
      `The embedded PostgreSQL could not create its data folder: ${detail}`,
      {
        cause,
      },
    );
  }
  await rm(initial);
  await writeFile(join(fresh, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600, flush: true });
  try {
    await rename(fresh, places.cluster);
  } catch {
    // Another process was faster: its cluster stands, with its passwords.
    await rm(fresh, { recursive: true, force: true });
  }
}

async function checkVersion(places: Places, binaries: Binaries): Promise<void> {
  const made = (await readFile(join(places.cluster, 'data', 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const brought = binaries.version.split('.')[0] ?? '';
  if (made !== brought) {
    throw new PosternError(
      'database.too-old',
      `The database in ${places.cluster} was made by PostgreSQL ${made || '(unknown)'}; this postern brings PostgreSQL ${brought}. Start the earlier postern and move the data with a backup.`,
    );
  }
}

function random(): string {
  return randomBytes(24).toString('base64url');
}
