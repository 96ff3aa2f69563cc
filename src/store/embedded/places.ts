import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
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
  // Only the data folder itself is private: a closed folder above it would shut the server's account out.
  await mkdir(dirname(base), { recursive: true });
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
  await letPass(FALLBACK, account);
  await writeFile(pointer, `${elsewhere}\n`, { mode: 0o600 });
  return elsewhere;
}

async function createFolder(path: string, mode: number, account: Account | null): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  const [own, wanted] = [process.getuid?.(), account?.uid ?? process.getuid?.()];
  // Not followed: in /tmp anyone may have put a link there first.
  const found = await lstat(path);
  if (found.isDirectory() && found.uid === own && own !== wanted && account !== null && (await isOurs(dirname(path)))) {
    await chown(path, account.uid, account.gid);
  } else if (!found.isDirectory() || found.uid !== wanted) {
    throw new PosternError(
      'database.unavailable',
      `The folder ${path} belongs to another user (uid ${found.uid}). Start postern as that user, or choose another POSTERN_DATA_DIR.`,
    );
  }
  await chmod(path, mode);
}

/** Whether nobody else can have made what lies in the folder; or, in /tmp, whether its owner alone can replace it. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder);
  return found.uid === process.getuid?.() && ((found.mode & 0o002) === 0 || (found.mode & 0o1000) !== 0);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
