import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PosternError } from '../../errors.js';
import { canReach, letPass } from './account.js';
import type { Account } from './account.js';

/** Where the parts of the embedded server live. */
export interface Places {
  /** Everything of the server; belongs to this process. */
  readonly home: string;
  /** PostgreSQL's data folder with the passwords beside it; appears complete or not at all. */
  readonly cluster: string;
  /** Holds the Unix socket; belongs to the server's account, closed to everyone else. */
  readonly run: string;
  readonly log: string;
}

/** Kernel limit of a socket address, less the file name PostgreSQL appends. */
const LONGEST_SOCKET_FOLDER = 107 - '/.s.PGSQL.5432'.length;

/** Where the server goes when root starts postern with a data folder that `nobody` cannot reach, such as one under /root. */
const FALLBACK = '/var/lib/postern';

/**
 * Chooses and creates the folders. Normally everything lies in `<dataDir>/postgres`; where the server's account cannot get
 * there, in `/var/lib/postern/<hash of dataDir>`, and `<dataDir>/postgres.location` says so.
 */
export async function choosePlaces(dataDir: string, account: Account | null): Promise<Places> {
  const base = resolve(dataDir);
  await mkdir(base, { recursive: true, mode: 0o700 });
  const home = await chooseHome(base, account);
  await createFolder(home, 0o711, null);
  const inside = join(home, 'run');
  const run = Buffer.byteLength(inside) <= LONGEST_SOCKET_FOLDER ? inside : `/tmp/postern-${shortHash(home)}`;
  await createFolder(run, 0o700, account);
  return { home, cluster: join(home, 'cluster'), run, log: join(home, 'server.log') };
}

async function chooseHome(base: string, account: Account | null): Promise<string> {
  const pointer = join(base, 'postgres.location');
  const known = await readFile(pointer, 'utf8').catch(() => null);
  if (known !== null) return known.trim();
  if (await canReach(dirname(base), account)) {
    await letPass(base, account);
    return join(base, 'postgres');
  }
  const elsewhere = join(FALLBACK, shortHash(base));
  await mkdir(FALLBACK, { recursive: true, mode: 0o711 });
  await writeFile(pointer, `${elsewhere}\n`, { mode: 0o600 });
  return elsewhere;
}

async function createFolder(path: string, mode: number, account: Account | null): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  const wanted = account?.uid ?? process.getuid?.() ?? null;
  const found = await stat(path);
  if (found.uid === wanted || wanted === null) {
    if (wanted === process.getuid?.()) await chmod(path, mode);
    return;
  }
  if (account === null || found.uid !== process.getuid?.()) {
    throw new PosternError(
      'database.unavailable',
      `The folder ${path} belongs to another user (uid ${found.uid}). Start postern as that user, or choose another POSTERN_DATA_DIR.`,
    );
  }
  await chown(path, account.uid, account.gid);
  await chmod(path, mode);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
