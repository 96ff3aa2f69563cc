import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PosternError } from '../errors.js';
import type { Log } from '../log.js';
import { codeOf, connect } from './connect.js';
import { startEmbeddedPostgres } from './embedded/start.js';
import { migrate } from './migrate.js';
import { APP_ROLE } from './roles.js';

export interface OpenDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Stops the embedded server; nothing where the database is somebody else's. */
  stop(): Promise<void>;
}

/**
 * A migrated database: the given one, or postern's own in `dataDir`. Where the owner's URL comes without the application's, a login
 * `postern_app` is created and its password kept in `<dataDir>/database-app-password`: good for one machine; several give the URL.
 */
export async function openDatabase(options: {
  readonly databaseUrl: string | null;
  readonly databaseAppUrl: string | null;
  readonly dataDir: string;
  readonly log: Log;
}): Promise<OpenDatabase> {
  const { databaseUrl, databaseAppUrl, dataDir, log } = options;
  const database =
    databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir, log })
      : {
          ownerUrl: databaseUrl,
          appUrl: databaseAppUrl ?? (await deriveAppUrl(databaseUrl, dataDir)),
          stop: () => Promise.resolve(),
        };
  try {
    const applied = await migrate(database.ownerUrl, database.appUrl);
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    if (databaseUrl !== null && databaseAppUrl === null) await checkKeptPassword(database.appUrl);
  } catch (error) {
    await database.stop();
    throw error;
  }
  return database;
}

async function deriveAppUrl(databaseUrl: string, dataDir: string): Promise<string> {
  const file = join(dataDir, 'database-app-password');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  const url = new URL(databaseUrl);
  url.username = APP_ROLE;
  url.password = await readFile(file, 'utf8');
  return url.href;
}

/** Another data folder may have created the login: then only its password is right, and changing it would lock that postern out. */
async function checkKeptPassword(appUrl: string): Promise<void> {
  const app = connect(appUrl, { max: 1, applicationName: 'postern' });
  try {
    await app`select 1`;
  } catch (cause) {
    if (!codeOf(cause).startsWith('28')) throw cause;
    throw new PosternError(
      'config.invalid',
      `The login ${APP_ROLE} has another password than this data folder keeps: another postern created it. Set DATABASE_APP_URL, or POSTERN_DATA_DIR to the folder it was created with.`,
      { cause },
    );
  } finally {
    await app.end({ timeout: 1 });
  }
}
