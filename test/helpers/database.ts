import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Sql } from 'postgres';
import { createLog } from '../../src/log.js';
import { connect } from '../../src/store/connect.js';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.js';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import type { Store, TenantId, TenantRole, UserId } from '../../src/store/store.js';
import { createRunFolder, sweepLeftovers } from './leftovers.js';

/**
 * A migrated database of a test file's own, on a real PostgreSQL that is started once a run, on first use. With
 * POSTERN_TEST_DATABASE_URL (a superuser) that server is used instead.
 */
export interface TestDatabase extends EmptyDatabase {
  /** The store as the product opens it; closed with the run. */
  readonly store: Store;
  addTenant(options?: { readonly retentionDays?: number; readonly name?: string }): Promise<TenantId>;
  /** A person with a password nobody knows; `passwordHash` gives them one. */
  addUser(options?: { readonly email?: string; readonly passwordHash?: string }): Promise<UserId>;
  addMember(tenant: TenantId, user: UserId, role: TenantRole): Promise<void>;
}

export interface EmptyDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly adminUrl: string;
  /** Superuser session: sees past row-level security, to look at what is really there. */
  readonly admin: Sql;
}

interface Server {
  /** The superuser's URL of any database. */
  adminUrl(database: string): string;
  ownerUrl(database: string): string;
  appUrl(database: string): string;
  /** Null where the whole server goes with the run: dropping each database first would only take time. */
  readonly drop: ((database: string) => Promise<void>) | null;
  stop(): Promise<void>;
}

const TEMPLATE = `postern_test_${process.pid}`;
const closing: (() => Promise<unknown>)[] = [];
let server: Promise<Server> | null = null;

/** A migrated database; call it in a `before` hook. It takes about 50 ms, the first one of a run two seconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const database = await create(`TEMPLATE ${TEMPLATE}`);
  const store = await openStore({ appUrl: database.appUrl });
  closing.push(() => store.close());
  const { admin } = database;
  return {
    ...database,
    store,
    async addTenant({ retentionDays = 7, name: tenantName = 'Test' } = {}) {
      const tenant = randomUUID();
      await admin`insert into postern.tenants (tenant_id, name, kind, retention_days)
        values (${tenant}, ${tenantName}, 'organisation', ${retentionDays})`;
      return tenant;
    },
    async addUser({ email = `${randomUUID()}@example.test`, passwordHash } = {}) {
      const user = randomUUID();
      await admin`insert into postern.users (user_id, email, display_name, password_hash)
        values (${user}, ${email}, 'Test', ${passwordHash ?? null})`;
      return user;
    },
    async addMember(tenant, user, role) {
      await admin`insert into postern.memberships (tenant_id, user_id, role) values (${tenant}, ${user}, ${role})`;
    },
  };
}

/** A database with nothing in it, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<EmptyDatabase> {
  return create('');
}

async function create(options: string): Promise<EmptyDatabase> {
  const running = await (server ??= prepareServer());
  const name = `${TEMPLATE}_${randomBytes(6).toString('hex')}`;
  const root = connect(running.adminUrl('postgres'), { max: 1, applicationName: 'postern test' });
  await root.unsafe(`CREATE DATABASE ${name} ${options} OWNER postern_owner`);
  await root.unsafe(`GRANT CONNECT ON DATABASE ${name} TO postern_app`);
  await root.end({ timeout: 1 });
  const [adminUrl, ownerUrl, appUrl] = [running.adminUrl(name), running.ownerUrl(name), running.appUrl(name)];
  const admin = connect(adminUrl, { max: 2, applicationName: 'postern test' });
  closing.push(async () => {
    await admin.end({ timeout: 1 });
    await running.drop?.(name);
  });
  return { adminUrl, ownerUrl, appUrl, admin };
}

async function prepareServer(): Promise<Server> {
  const running = await startServer();
  const admin = connect(running.adminUrl('postgres'), { max: 1, applicationName: 'postern test' });
  await admin.unsafe(`CREATE DATABASE ${TEMPLATE} OWNER postern_owner`);
  await admin.end({ timeout: 1 });
  closing.push(async () => running.drop?.(TEMPLATE));
  await migrate(running.ownerUrl(TEMPLATE), running.appUrl(TEMPLATE));
  return running;
}

async function startServer(): Promise<Server> {
  const external = process.env['POSTERN_TEST_DATABASE_URL'];
  if (external !== undefined && external !== '') return useExternal(external);
  sweepLeftovers();
  const dataDir = createRunFolder();
  const embedded = await startEmbeddedPostgres({ dataDir, log: createLog('silent'), durable: false });
  const removeFolder = () => rmSync(dataDir, { recursive: true, force: true });
  process.once('exit', removeFolder);
  // By default a signal ends Node.js without 'exit', and the server would stay.
  process.once('SIGTERM', () => process.exit(143));
  return {
    adminUrl: (database) => onDatabase(embedded.administratorUrl, database),
    ownerUrl: (database) => onDatabase(embedded.ownerUrl, database),
    appUrl: (database) => onDatabase(embedded.appUrl, database),
    drop: null,
    stop: async () => {
      await embedded.stop();
      removeFolder();
    },
  };
}

async function useExternal(url: string): Promise<Server> {
  const password = randomBytes(12).toString('hex');
  const admin = connect(url, { max: 1, applicationName: 'postern test' });
  for (const [role, attributes] of [
    ['postern_owner', 'LOGIN CREATEROLE'],
    ['postern_app', 'LOGIN'],
  ] as const) {
    const [found] = await admin`select 1 from pg_roles where rolname = ${role}`;
    await admin.unsafe(
      `${found === undefined ? 'CREATE' : 'ALTER'} ROLE ${role} WITH ${attributes} PASSWORD '${password}'`,
    );
  }
  await admin.unsafe('GRANT postern_app TO postern_owner WITH ADMIN OPTION');
  await admin.end({ timeout: 1 });
  const as = (user: string, database: string) => {
    const own = new URL(onDatabase(url, database));
    own.username = user;
    own.password = password;
    return own.href;
  };
  return {
    adminUrl: (database) => onDatabase(url, database),
    ownerUrl: (database) => as('postern_owner', database),
    appUrl: (database) => as('postern_app', database),
    async drop(database) {
      const root = connect(url, { max: 1, applicationName: 'postern test' });
      await root.unsafe(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await root.end({ timeout: 1 });
    },
    stop: () => Promise.resolve(),
  };
}

function onDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

// At the root of the run: whichever file asked first, the server goes when all are done.
after(async function () {
  // A server that is not the run's own keeps its promises: each database dropped there waits for the disk.
  this.timeout(300_000);
  for (const close of closing.reverse()) await close();
  if (server !== null) await (await server).stop();
});
