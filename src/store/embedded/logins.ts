import type { Sql } from 'postgres';
import { connect } from '../connect.js';
import type { Passwords } from './cluster.js';

const OWNER = 'postern_owner';
const APP = 'postern_app';
const DATABASE = 'postern';

/** Arbitrary: every postern on this server holds it shared; who can hold it alone is the last. */
const IN_USE = 7_067_001;
const PREPARING = 7_067_002;

export interface Logins {
  readonly administratorUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
}

export function logins(run: string, passwords: Passwords): Logins {
  const url = (user: string, password: string, database: string) =>
    `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(run)}`;
  return {
    administratorUrl: url('postgres', passwords.administrator, 'postgres'),
    ownerUrl: url(OWNER, passwords.owner, DATABASE),
    appUrl: url(APP, passwords.app, DATABASE),
  };
}

/** One postern's claim on the server, kept by a session: it ends with the process, however that ends. */
export interface Hold {
  readonly sql: Sql;
  /** Gives the claim up and says whether nobody else has one. */
  isLast(): Promise<boolean>;
  release(): Promise<void>;
}

export async function hold(administratorUrl: string): Promise<Hold> {
  const sql = connect(administratorUrl, { max: 1, applicationName: 'postern hold', steady: true, fetchTypes: false });
  try {
    await sql`select pg_advisory_lock_shared(${IN_USE})`;
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
  return {
    sql,
    async isLast() {
      await sql`select pg_advisory_unlock_shared(${IN_USE})`;
      const [row] = await sql<{ alone: boolean }[]>`select pg_try_advisory_lock(${IN_USE}) as alone`;
      return row?.alone === true;
    },
    release: () => sql.end({ timeout: 1 }),
  };
}

/**
 * Creates owner, application role and database where they are missing. The owner is no superuser, so that the embedded
 * server keeps the same rules as a managed one.
 */
export async function prepareLogins({ sql }: Hold, passwords: Passwords): Promise<void> {
  const [found] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
  if (found !== undefined) return;
  await sql`select pg_advisory_lock(${PREPARING})`;
  try {
    await createRole(sql, OWNER, 'LOGIN CREATEROLE', passwords.owner);
    await createRole(sql, APP, 'LOGIN', passwords.app);
    // The owner must be able to administer a role it did not create itself.
    await sql.unsafe(`GRANT ${APP} TO ${OWNER} WITH ADMIN OPTION`);
    const [made] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (made === undefined) await sql.unsafe(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    await sql.unsafe(`REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`);
  } finally {
    await sql`select pg_advisory_unlock(${PREPARING})`;
  }
}

async function createRole(sql: Sql, role: string, attributes: string, password: string): Promise<void> {
  const [found] = await sql`select 1 from pg_roles where rolname = ${role}`;
  const verb = found === undefined ? 'CREATE' : 'ALTER';
  // Random base64url: nothing in it needs quoting.
  await sql.unsafe(`${verb} ROLE ${role} WITH ${attributes} PASSWORD '${password}'`);
}
