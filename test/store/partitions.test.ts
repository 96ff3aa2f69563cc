import assert from 'node:assert/strict';
import { drizzle } from 'drizzle-orm/postgres-js';
import { connect } from '../../src/store/connect.js';
import { createContentTable } from '../../src/store/tables/scans/contents.js';
import { createScanId, expiryDay, isoDay } from '../../src/store/tables/scans/scan-id.js';
import { createScanTable } from '../../src/store/tables/scans/scans.js';
import { actorPin } from '../../src/store/session.js';
import type { TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { newScan } from './sample.js';

const today = () => isoDay(new Date());
const addDays = (day: string, days: number) => isoDay(new Date(Date.parse(day) + days * 86_400_000));

describe('partitions by expiry day', () => {
  let db: TestDatabase;
  beforeEach(async () => (db = await createTestDatabase()));

  const days = async (table: string): Promise<readonly string[]> => {
    const found = await db.admin<{ day: string }[]>`
      select to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day from pg_inherits i
      join pg_class c on c.oid = i.inhrelid where i.inhparent = ${`postern.${table}`}::regclass order by 1`;
    return found.map(({ day }) => day);
  };
  const maintain = () => db.store.withSystem('partitions', (system) => system.maintainPartitions());

  it('the job creates the days that the retentions in use need next, and a second run finds nothing to do', async () => {
    await db.addTenant({ retentionDays: 7 });
    await db.addTenant({ retentionDays: 90 });
    assert.deepEqual(await maintain(), { created: 18, dropped: 0 });
    const wanted = [7, 8, 9, 90, 91, 92].map((ahead) => addDays(today(), ahead));
    for (const table of ['scans', 'message_contents', 'indicators']) assert.deepEqual(await days(table), wanted);
    assert.deepEqual(await maintain(), { created: 0, dropped: 0 });
  });

  it('the job drops what has expired with all its rows, and nothing that has not', async () => {
    const tenant = await db.addTenant();
    const old = addDays(today(), -1);
    for (const day of [old, today()]) {
      await db.admin`select postern.create_day(${day}::date)`;
      await db.admin`insert into postern.scan_days values (${tenant}, ${day}, ${day}) on conflict do nothing`;
      await db.admin`insert into postern.message_contents (tenant_id, scan_id, expires_on, expires_at, sealed)
        values (${tenant}, 'x', ${day}, ${`${day} 23:59:59Z`}, '')`;
    }
    await db.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${tenant}, ${tenant}, ${await db.addUser()}, 'imap', 'x')`;
    await db.admin`insert into postern.messages (tenant_id, mailbox_id, provider_message_id, scan_id, expires_at) values
      (${tenant}, ${tenant}, 'old', 'x', now() - interval '1 second'), (${tenant}, ${tenant}, 'new', 'y', now() + interval '1 hour')`;
    assert.equal((await maintain()).dropped, 3);
    assert.ok(!(await days('scans')).includes(old));
    assert.equal((await db.admin`select 1 from postern.scan_days where expires_on = ${old}`).length, 0);
    const kept = await db.admin`select expires_on::text as day from postern.message_contents`;
    assert.deepEqual(
      kept.map(({ day }) => day as string),
      [today()],
    );
    const known = await db.admin`select provider_message_id as id from postern.messages`;
    assert.deepEqual(
      known.map(({ id }) => id as string),
      ['new'],
    );
    const [event] = await db.admin`select action, details from postern.system_events order by event_id desc limit 1`;
    assert.equal(event?.['action'], 'partitions.maintained');
  });

  it('many jobs at once do it once', async () => {
    await db.addTenant();
    const done = await Promise.all(Array.from({ length: 6 }, maintain));
    assert.equal(
      done.reduce((sum, { created }) => sum + created, 0),
      9,
    );
  });

  it('a scan whose day nobody has prepared is stored all the same, by ten writers at once', async () => {
    const tenant = await db.addTenant({ retentionDays: 33 });
    await Promise.all(
      Array.from({ length: 10 }, () =>
        db.store.withTenant(tenant, { kind: 'worker', job: 'test' }, async ({ scans }) => {
          const { id, expiresAt } = await scans.reserveId();
          await scans.insert(id, expiresAt, newScan());
        }),
      ),
    );
    assert.deepEqual(await days('scans'), [addDays(today(), 33)]);
  });

  it('the application cannot fill the database with partitions nobody needs', async () => {
    const app = connect(db.appUrl, { max: 1, applicationName: 'attack' });
    try {
      for (const day of ['2020-01-01', '2999-01-01', addDays(today(), 368)]) {
        await assert.rejects(app`select postern.ensure_day(${day}::date)`, /outside of every retention/);
      }
      await assert.rejects(app`select postern.create_day(${today()}::date)`, { code: '42501' });
    } finally {
      await app.end();
    }
  });

  it('dropping waits for no reader longer than three seconds, and tells so by doing it later', async () => {
    const tenant = await db.addTenant();
    const old = addDays(today(), -1);
    await db.admin`select postern.create_day(${old}::date)`;
    await db.admin.begin(async (sql) => {
      await sql`select * from postern.scans where tenant_id = ${tenant}`;
      assert.equal((await maintain()).dropped, 0);
    });
    assert.equal((await maintain()).dropped, 3);
  });
});

describe('queries over 367 partitions', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let user: UserId;
  before(async function () {
    this.timeout(60_000);
    db = await createTestDatabase();
    tenant = await db.addTenant({ retentionDays: 365 });
    user = await db.addUser();
    await db.admin`select postern.create_day((now() at time zone 'UTC')::date + ahead) from generate_series(0, 366) ahead`;
    // As if the tenant had scans on every one of them.
    await db.admin`insert into postern.scan_days select ${tenant}, (now() at time zone 'UTC')::date + ahead, now()::date
      from generate_series(0, 366) ahead`;
  });

  /** Runs the work, then explains every statement it sent, under the same policies: the partitions that each would read. */
  async function partitionsRead(
    work: (tables: {
      scans: ReturnType<typeof createScanTable>;
      contents: ReturnType<typeof createContentTable>;
    }) => Promise<unknown>,
  ): Promise<readonly { query: string; partitions: number }[]> {
    const pool = connect(db.appUrl, { max: 1, applicationName: 'test' });
    const sent: { query: string; params: unknown[] }[] = [];
    const database = drizzle(pool, { logger: { logQuery: (query, params) => sent.push({ query, params }) } });
    try {
      return await database.transaction(async (tx) => {
        const client = (tx as unknown as { session: { client: typeof pool } }).session.client;
        const pin = actorPin(tenant, { kind: 'user', userId: user, role: 'org_admin' });
        await client.unsafe(pin.query, [...pin.values]);
        await work({ scans: createScanTable(tx, tenant), contents: createContentTable(tx, tenant) });
        const explained: { query: string; partitions: number }[] = [];
        for (const { query, params } of [...sent]) {
          const plan = await client.unsafe(`explain (format json) ${query}`, params as never[]);
          const relations = new Set(
            JSON.stringify(plan)
              .match(/\b[a-z_]+_\d{8}\b/g)
              ?.filter((name) => !/_(pkey|idx|key)/.test(name)),
          );
          explained.push({ query, partitions: relations.size });
        }
        return explained;
      });
    } finally {
      await pool.end();
    }
  }

  const operations: Record<string, [most: number, work: Parameters<typeof partitionsRead>[0]]> = {
    'a lookup by id': [1, ({ scans }) => scans.get(createScanId(new Date(Date.now() + 100 * 86_400_000)))],
    'reading content': [1, ({ contents }) => contents.get(createScanId(new Date(Date.now() + 100 * 86_400_000)))],
    'storing a scan with content': [
      1,
      async ({ scans, contents }) => {
        const { id, expiresAt } = await scans.reserveId();
        await scans.insert(id, expiresAt, newScan({ ownerId: user }));
        await contents.put(id, new Uint8Array([1]));
      },
    ],
    'a rescan': [
      1,
      async ({ scans }) => {
        const { id, expiresAt } = await scans.reserveId();
        await scans.insert(id, expiresAt, newScan({ ownerId: user }));
        await scans.replaceVerdict(id, { label: 'safe', score: 1, verdict: {}, milliseconds: 1, indicators: [] });
      },
    ],
    'deleting a scan': [1, ({ scans }) => scans.delete(createScanId(new Date(Date.now() + 100 * 86_400_000)))],
    'a page of the history': [10, ({ scans }) => scans.list({}, 50, null)],
    'a page after a cursor': [
      10,
      ({ scans }) => {
        const id = createScanId(new Date(Date.now() + 100 * 86_400_000));
        return scans.list({}, 50, { id, createdAt: new Date() });
      },
    ],
    'a search': [
      10,
      ({ scans }) => scans.list({ sender: 'x', subject: 'y', labels: ['safe'], since: new Date(0) }, 50, null),
    ],
    'a search for an indicator': [
      10,
      ({ scans }) => scans.list({ indicators: [{ kinds: ['domain', 'ip'], values: ['a.example'] }] }, 50, null),
    ],
    'how often findings were reported': [10, ({ scans }) => scans.countFindings(new Date(0), 5000)],
    'the overview': [10, ({ scans }) => scans.countsByDay(new Date(0))],
  };
  for (const [name, [most, work]] of Object.entries(operations)) {
    it(`${name} opens at most ${most} at a time`, async () => {
      const statements = await partitionsRead(work);
      assert.ok(statements.length > 0);
      for (const { query, partitions } of statements)
        assert.ok(partitions <= most, `${partitions} partitions: ${query}`);
      assert.ok(
        statements.some(({ partitions }) => partitions > 0),
        'no statement reads a partition: the count is wrong',
      );
    });
  }
});

describe('ids of scans', () => {
  it('carry the UTC day of the expiry and never repeat', () => {
    const expiresAt = new Date('2027-03-04T23:59:59.999Z');
    const ids = Array.from({ length: 1000 }, () => createScanId(expiresAt));
    assert.equal(new Set(ids).size, 1000);
    for (const id of ids) {
      assert.match(id, /^[0-9a-z]{3}-[0-9A-Za-z]{22}$/);
      assert.equal(expiryDay(id), '2027-03-04');
    }
  });

  it('that nobody made name no day', () => {
    for (const made of [
      '',
      'fr0',
      'fr0-short',
      `fr0-${'a'.repeat(23)}`,
      `FR0-${'a'.repeat(22)}`,
      `fr0-${'a'.repeat(21)}!`,
    ]) {
      assert.equal(expiryDay(made), null);
    }
  });
});
