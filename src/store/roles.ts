import type { Sql } from 'postgres';
import { PosternError } from '../errors.js';
import { codeOf } from './connect.js';

/** Owners of definer functions: nobody can log in as them, and each may do one thing. */
export const FUNCTION_OWNERS = [
  'postern_signin',
  'postern_setup',
  'postern_keeper',
  'postern_reputation',
  'postern_sync',
] as const;

/** Holds the grants of the application. The login that serves is this role or a member of it. */
export const APP_ROLE = 'postern_app';

/**
 * Creates what roles are missing. Roles belong to the whole server, not to one database, so this runs before every migration and
 * copes with others doing the same in another database.
 */
export async function prepareRoles(owner: Sql): Promise<void> {
  const present = await owner<{ name: string }[]>`
    select rolname as name from pg_roles where rolname in ${owner([APP_ROLE, ...FUNCTION_OWNERS])}`;
  const missing = [APP_ROLE, ...FUNCTION_OWNERS].filter((role) => !present.some(({ name }) => name === role));
  for (const role of missing) await createRole(owner, role);
  for (const role of FUNCTION_OWNERS) {
    // The owner must be a member to hand functions over; a superuser need not, and must not be listed as one.
    const [member] = await owner`select 1 where pg_has_role(current_user, ${role}, 'USAGE')`;
    if (member === undefined) await granted(owner, `GRANT ${role} TO CURRENT_USER`);
  }
}

async function createRole(owner: Sql, role: string): Promise<void> {
  try {
    await granted(owner, `CREATE ROLE ${role} NOLOGIN`);
  } catch (error) {
    // duplicate_object, or unique_violation when two create it in the same instant.
    if (!['42710', '23505'].includes(codeOf(error))) throw error;
  }
}

async function granted(owner: Sql, statement: string): Promise<void> {
  try {
    await owner.unsafe(statement);
  } catch (error) {
    if (codeOf(error) !== '42501') throw error;
    throw new PosternError(
      'config.invalid',
      `The owner in DATABASE_URL may not do this: ${statement}. Give it CREATEROLE, or let an administrator run it for the owner.`,
      { cause: error },
    );
  }
}

/**
 * Lets the login of `appUrl` serve: creates it with the password of the URL where it is missing, and gives it the
 * application's grants. Refuses a login that could pass row-level security by.
 */
export async function prepareAppLogin(owner: Sql, appUrl: string): Promise<void> {
  const url = new URL(appUrl);
  const name = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const [found] = await owner<{ unsafe: boolean; login: boolean }[]>`
    select rolcanlogin as login,
      rolsuper or rolbypassrls or pg_has_role(oid, current_user, 'USAGE') as unsafe
    from pg_roles where rolname = ${name}`;
  if (found?.unsafe === true) {
    throw new PosternError(
      'config.invalid',
      `DATABASE_APP_URL must be a login of its own: ${name} is a superuser, may bypass row-level security, or is the owner itself.`,
    );
  }
  if (found?.login !== true) {
    const [quoted] = await owner<{ name: string; password: string }[]>`
      select quote_ident(${name}) as name, quote_literal(${password}) as password`;
    const verb = found === undefined ? 'CREATE' : 'ALTER';
    await owner.unsafe(`${verb} ROLE ${quoted?.name ?? ''} LOGIN PASSWORD ${quoted?.password ?? ''}`);
  }
  const [database] = await owner<{ name: string; login: string }[]>`
    select quote_ident(current_database()) as name, quote_ident(${name}) as login`;
  await owner.unsafe(`GRANT CONNECT ON DATABASE ${database?.name ?? ''} TO ${database?.login ?? ''}`);
  if (name === APP_ROLE) return;
  const [member] = await owner`select 1 where pg_has_role(${name}, ${APP_ROLE}, 'USAGE')`;
  if (member === undefined) await owner.unsafe(`GRANT ${APP_ROLE} TO ${database?.login ?? ''}`);
}
