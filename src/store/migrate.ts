import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations } from 'graphile-worker';
import type { Sql, TransactionSql } from 'postgres';
import { PosternError } from '../errors.js';
import { connect, translated } from './connect.js';
import { FUNCTION_OWNERS, prepareAppLogin, prepareRoles } from './roles.js';

/** From dist/src/store to the root of the project. */
const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url));

/** Two migrators at once take turns; the second finds nothing left to do. */
const MIGRATING = 7_067_012;

/**
 * Brings roles and schema up to date and lets the login of `appUrl` serve. Forward only: an applied file that changed since
 * is an error. Returns the names of the files it applied. Throws PosternError `database.unavailable`, `database.too-old`,
 * `config.invalid`.
 */
export async function migrate(ownerUrl: string, appUrl: string): Promise<readonly string[]> {
  const owner = connect(ownerUrl, { max: 1, applicationName: 'postern migrate', steady: true });
  try {
    await checkVersion(owner);
    await owner`select pg_advisory_lock(${MIGRATING})`;
    await prepareRoles(owner);
    await prepareAppLogin(owner, appUrl);
    await migrateQueue(ownerUrl);
    return await applyFiles(owner);
  } catch (error) {
    throw translated(error);
  } finally {
    await owner.end({ timeout: 1 });
  }
}

async function checkVersion(owner: Sql): Promise<void> {
  const [row] = await owner<{ number: number; version: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  if (row !== undefined && row.number >= 150_000) return;
  throw new PosternError(
    'database.too-old',
    `postern needs PostgreSQL 15 or later; this is ${row?.version ?? 'unknown'}.`,
  );
}

/** The queue brings its own schema and migrations; they run as the owner too, under the same lock. */
async function migrateQueue(ownerUrl: string): Promise<void> {
  await runMigrations({ connectionString: ownerUrl, logger: new Logger(() => () => undefined) });
}

async function applyFiles(owner: Sql): Promise<readonly string[]> {
  await owner.unsafe(`
    CREATE SCHEMA IF NOT EXISTS postern;
    CREATE TABLE IF NOT EXISTS postern.migrations (
      name text PRIMARY KEY,
      sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
  `);
  const applied = new Map(
    (await owner<{ name: string; sha256: string }[]>`select name, sha256 from postern.migrations`).map((row) => [
      row.name,
      row.sha256,
    ]),
  );
  const fresh: string[] = [];
  for (const file of await readFiles()) {
    const before = applied.get(file.name);
    if (before === file.sha256) continue;
    if (before !== undefined) {
      throw new PosternError('config.invalid', `The migration ${file.name} was changed after it had been applied.`);
    }
    await owner.begin(async (sql) => {
      await grantCreation(sql, 'GRANT');
      await sql.unsafe(file.text);
      await grantCreation(sql, 'REVOKE');
      await sql`insert into postern.migrations (name, sha256) values (${file.name}, ${file.sha256})`;
    });
    fresh.push(file.name);
  }
  return fresh;
}

/** A role must be able to create in a schema at the moment it is given a function there; never otherwise. */
async function grantCreation(sql: TransactionSql, verb: 'GRANT' | 'REVOKE'): Promise<void> {
  await sql.unsafe(
    `${verb} CREATE ON SCHEMA postern ${verb === 'GRANT' ? 'TO' : 'FROM'} ${FUNCTION_OWNERS.join(', ')}`,
  );
}

async function readFiles(): Promise<readonly { name: string; text: string; sha256: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(FOLDER + name, 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
