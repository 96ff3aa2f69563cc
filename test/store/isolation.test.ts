import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { connect } from '../../src/store/connect.js';
import type { TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { openAttacker } from './attacker.js';
import type { Attacker, Pinned } from './attacker.js';
import { newScan } from './sample.js';

/** Raw SQL under the application's login: what a hole anywhere above the database could do. */
describe('row-level security', () => {
  let db: TestDatabase;
  let attacker: Attacker;
  let a: TenantId;
  let b: TenantId;
  let alice: UserId;
  let bob: UserId;
  let mallory: UserId;
  let scanId: string;

  before(async () => {
    db = await createTestDatabase();
    attacker = openAttacker(db.appUrl);
    [a, b] = [await db.addTenant({ name: 'A' }), await db.addTenant({ name: 'B' })];
    [alice, bob, mallory] = [await db.addUser(), await db.addUser(), await db.addUser()];
    await db.addMember(a, alice, 'org_member');
    await db.addMember(a, bob, 'org_member');
    await db.addMember(b, mallory, 'org_owner');
    const mailbox = randomUUID();
    await db.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${a}, ${mailbox}, ${alice}, 'imap', 'alice@a.test')`;
    scanId = await db.store.withTenant(
      a,
      { kind: 'user', userId: alice, role: 'org_member' },
      async ({ scans, contents, audit }) => {
        const { id, expiresAt } = await scans.reserveId();
        await scans.insert(id, expiresAt, newScan({ ownerId: alice, subject: 'for alice only' }));
        await contents.put(id, new Uint8Array([1]));
        await audit.append({ action: 'scan.created', target: id, outcome: 'succeeded', details: {} });
        return id;
      },
    );
    await db.admin`insert into postern.messages (tenant_id, mailbox_id, provider_message_id, scan_id, expires_at, owner_id)
      values (${a}, ${mailbox}, 'm1', ${scanId}, now() + interval '7 days', ${alice})`;
    await db.admin`insert into postern.set_aside_messages (tenant_id, mailbox_id, provider_message_id, owner_id, folder, reason)
      values (${a}, ${mailbox}, 'm2', ${alice}, 'INBOX', 'too large')`;
    await db.admin`insert into postern.mailbox_consents (tenant_id, state_hash, owner_id, session_id, provider, sealed, expires_at)
      values (${a}, decode(repeat('ab', 32), 'hex'), ${alice}, ${randomUUID()}, 'gmail', 'x', now() + interval '10 minutes')`;
    await db.admin`insert into postern.mailbox_revocations (tenant_id, mailbox_id, owner_id, credentials)
      values (${a}, ${mailbox}, ${alice}, 'x')`;
    const directory = randomUUID();
    await db.admin`insert into postern.directories (tenant_id, directory_id, provider, settings, credentials, access)
      values (${a}, ${directory}, 'gmail', '{}', 'x', 'read')`;
    await db.admin`insert into postern.directory_choices (tenant_id, directory_id, person_id)
      values (${a}, ${directory}, 'p1')`;
    const [group, report] = [randomUUID(), randomUUID()];
    await db.admin`insert into postern.report_groups
      (tenant_id, group_id, subject, from_name, from_address, label, score, expires_at)
      values (${a}, ${group}, 'x', '', '', 'phishing', 90, now() + interval '7 days')`;
    await db.admin`insert into postern.report_marks (tenant_id, kind, digest, group_id)
      values (${a}, 'text', decode(repeat('ab', 16), 'hex'), ${group})`;
    await db.admin`insert into postern.reports
      (tenant_id, report_id, mailbox_id, provider_message_id, owner_id, status, received_at, expires_at)
      values (${a}, ${report}, ${mailbox}, 'm3', ${alice}, 'done', now(), now() + interval '7 days')`;
    await db.admin`insert into postern.reported_messages (tenant_id, report_id, position, group_id, kind, scan_id)
      values (${a}, ${report}, 0, ${group}, 'attached', ${scanId})`;
  });
  after(() => attacker.close());

  const as: Attacker['as'] = (who, work) => attacker.as(who, work);

  /** Tables of one tenant each, with the partitions, as the catalogue has them: a new table is attacked without being listed here. */
  async function tenantTables(): Promise<readonly { name: string; partition: boolean }[]> {
    return db.admin<{ name: string; partition: boolean }[]>`
      select c.relname as name, c.relispartition as partition from pg_class c
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
      where c.relnamespace = 'postern'::regnamespace and c.relkind in ('r', 'p') order by 1`;
  }

  const count = async (sql: TransactionSql, table: string): Promise<number> => {
    const [row] = await sql.unsafe<{ n: number }[]>(`select count(*)::int as n from postern.${table}`);
    return row!.n;
  };

  const strangers: Record<string, () => Pinned> = {
    'the owner of another tenant': () => ({ tenant: b, user: mallory, role: 'org_owner' }),
    'a worker of another tenant': () => ({ tenant: b, role: 'worker' }),
    'nobody at all': () => ({}),
    'somebody without a tenant': () => ({ user: alice, role: 'org_owner' }),
  };
  for (const [name, who] of Object.entries(strangers)) {
    it(`${name} sees no row of the tenant in any table`, async () => {
      const tables = (await tenantTables()).filter(({ partition }) => !partition);
      assert.ok(tables.length >= 8, `only ${tables.length} tables`);
      for (const { name: table } of tables) {
        const rows = await as(who(), async (sql) => {
          const readable = await sql`select has_table_privilege(${`postern.${table}`}, 'select') as yes`;
          if (readable[0]?.['yes'] !== true) return [];
          return sql.unsafe(`select * from postern.${table} where tenant_id = '${a}'`);
        });
        assert.equal(rows.length, 0, table);
      }
    });

    it(`${name} changes and deletes nothing of the tenant in any table`, async () => {
      for (const { name: table, partition } of await tenantTables()) {
        if (partition) continue;
        for (const statement of [
          `update postern.${table} set tenant_id = tenant_id`,
          `delete from postern.${table}`,
          `truncate postern.${table}`,
        ]) {
          const changed = await as(who(), async (sql) => (await sql.unsafe(statement)).count).catch(
            (error: unknown) => (error as { code: string }).code,
          );
          const harmless = changed === '42501' || (changed === 0 && !statement.startsWith('truncate'));
          assert.ok(harmless, `${statement}: ${String(changed)}`);
        }
      }
      const [left] = await db.admin`select count(*)::int as n from postern.scans where tenant_id = ${a}`;
      assert.equal(left?.['n'], 1);
    });
  }

  it('another member of the same tenant sees and changes nothing that is not theirs', async () => {
    for (const table of [
      'scans',
      'message_contents',
      'indicators',
      'messages',
      'mailboxes',
      'set_aside_messages',
      'mailbox_consents',
    ]) {
      assert.equal(await as({ tenant: a, user: bob, role: 'org_member' }, (sql) => count(sql, table)), 0, table);
      assert.ok((await as({ tenant: a, user: alice, role: 'org_member' }, (sql) => count(sql, table))) > 0, table);
    }
    const changes = [
      `update postern.scans set label = 'safe'`,
      `delete from postern.scans`,
      `delete from postern.indicators`,
      `update postern.message_contents set sealed = ''`,
      `update postern.mailboxes set status = 'disconnected'`,
      `update postern.mailboxes set credentials = null, paused = true, cursor = null`,
      `delete from postern.mailboxes`,
      `delete from postern.set_aside_messages`,
      `delete from postern.mailbox_consents`,
    ];
    for (const statement of changes) {
      const result = await as({ tenant: a, user: bob, role: 'org_member' }, (sql) => sql.unsafe(statement));
      assert.equal(result.count, 0, statement);
    }
  });

  it('what opens the mailboxes of the organisation is for administrators', async () => {
    for (const table of ['directories', 'directory_choices']) {
      assert.equal(await as({ tenant: a, user: alice, role: 'org_member' }, (sql) => count(sql, table)), 0, table);
      assert.equal(await as({ tenant: a, user: bob, role: 'org_admin' }, (sql) => count(sql, table)), 1, table);
    }
    const taken = await as({ tenant: a, user: alice, role: 'org_member' }, (sql) =>
      sql.unsafe('delete from postern.directories'),
    );
    assert.equal(taken.count, 0);
  });

  it('what was reported is for administrators, and only workers take reports in', async () => {
    const tables = ['report_groups', 'report_marks', 'reports', 'reported_messages'];
    for (const table of tables) {
      // Not even the member who reported: who else did is not theirs to know.
      assert.equal(await as({ tenant: a, user: alice, role: 'org_member' }, (sql) => count(sql, table)), 0, table);
      assert.equal(await as({ tenant: a, user: bob, role: 'org_admin' }, (sql) => count(sql, table)), 1, table);
    }
    const add = (sql: TransactionSql) => sql`insert into postern.reports
      (tenant_id, report_id, mailbox_id, provider_message_id, received_at, expires_at)
      values (${a}, ${randomUUID()}, ${randomUUID()}, 'm4', now(), now() + interval '7 days')`;
    await assert.doesNotReject(as({ tenant: a, role: 'worker' }, add));
    await assert.rejects(as({ tenant: a, user: bob, role: 'org_owner' }, add), /row-level security/);
    await assert.rejects(as({ tenant: b, user: mallory, role: 'org_owner' }, add), /row-level security/);
  });

  it('a consent that is being given is nobody else’s business, not even of an owner or a worker', async () => {
    for (const who of [
      { tenant: a, user: bob, role: 'org_owner', reason: 'curious' },
      { tenant: a, role: 'worker' },
    ]) {
      assert.equal(await as(who, (sql) => count(sql, 'mailbox_consents')), 0);
      assert.equal((await as(who, (sql) => sql`delete from postern.mailbox_consents`)).count, 0);
    }
  });

  it('an admin sees the verdicts of the tenant, and content of others only with a stated reason', async () => {
    const admin = { tenant: a, user: bob, role: 'org_admin' };
    assert.equal(await as(admin, (sql) => count(sql, 'scans')), 1);
    assert.equal(await as(admin, (sql) => count(sql, 'message_contents')), 0);
    assert.equal(await as({ ...admin, reason: 'reported by Alice' }, (sql) => count(sql, 'message_contents')), 1);
    assert.equal(
      await as({ ...admin, role: 'org_member', reason: 'curious' }, (sql) => count(sql, 'message_contents')),
      0,
    );
  });

  it('nobody stores a scan for another person or another tenant', async () => {
    const insert = (sql: TransactionSql, tenant: string, owner: string) => sql`
      insert into postern.scans (tenant_id, scan_id, expires_on, expires_at, owner_id, source, sha256, size, subject, from_name,
        from_address, label, score, milliseconds, verdict)
      select ${tenant}, 'x', expires_on, expires_at, ${owner}, source, sha256, size, subject, from_name, from_address, label, score,
        milliseconds, verdict from (select (now() + interval '7 days') as expires_at,
        ((now() + interval '7 days') at time zone 'UTC')::date as expires_on, 'upload' as source, '' as sha256, 1 as size,
        '' as subject, '' as from_name, '' as from_address, 'safe' as label, 1 as score, 1 as milliseconds, '{}'::jsonb as verdict) s`;
    const member = { tenant: a, user: bob, role: 'org_member' };
    await assert.doesNotReject(as(member, (sql) => insert(sql, a, bob)));
    await assert.rejects(
      as(member, (sql) => insert(sql, a, alice)),
      /row-level security/,
    );
    await assert.rejects(
      as(member, (sql) => insert(sql, b, bob)),
      /row-level security/,
    );
    await assert.rejects(
      as({ ...member, role: 'org_owner' }, (sql) => insert(sql, a, alice)),
      /row-level security/,
    );
  });

  it('only its owner and workers say that a message of a mailbox was scanned: otherwise it would never be', async () => {
    const [mailbox] = await db.admin<{ id: string }[]>`select mailbox_id as id from postern.mailboxes`;
    const claim = (sql: TransactionSql, owner: string | null) => sql`
      insert into postern.messages (tenant_id, mailbox_id, provider_message_id, scan_id, expires_at, owner_id)
      values (${a}, ${mailbox!.id}, 'm2', 'x', now() + interval '7 days', ${owner})`;
    await assert.doesNotReject(as({ tenant: a, user: alice, role: 'org_member' }, (sql) => claim(sql, alice)));
    await assert.doesNotReject(as({ tenant: a, role: 'worker' }, (sql) => claim(sql, alice)));
    for (const role of ['org_member', 'org_owner']) {
      await assert.rejects(
        as({ tenant: a, user: bob, role }, (sql) => claim(sql, bob)),
        /row-level security/,
      );
    }
    await assert.rejects(
      as({ tenant: b, user: mallory, role: 'org_owner' }, (sql) => claim(sql, mallory)),
      /row-level security/,
    );
  });

  it('only administrators change what detection is told, nobody in another name, and a personal account not in an organisation', async () => {
    const tune = (sql: TransactionSql) =>
      sql`update postern.tenants set profile = '{"block":["x"]}', profile_version = 1`;
    const record = (sql: TransactionSql, by: string) => sql`
      insert into postern.detection_profiles (tenant_id, version, profile, changes, changed_by, changed_by_name)
      values (${a}, 1, '{}', '[]', ${by}, 'Bob')`;
    for (const role of ['user', 'org_member', 'worker', '']) {
      const who = { tenant: a, user: bob, role };
      assert.equal((await as(who, tune)).count, 0, role);
      await assert.rejects(
        as(who, (sql) => record(sql, bob)),
        /row-level security/,
        role,
      );
    }
    const admin = { tenant: a, user: bob, role: 'org_admin' };
    assert.equal((await as(admin, tune)).count, 1);
    await assert.doesNotReject(as(admin, (sql) => record(sql, bob)));
    await assert.rejects(
      as(admin, (sql) => record(sql, alice)),
      /row-level security/,
    );
    await assert.rejects(
      as(admin, (sql) => sql`update postern.tenants set tier = 'unlimited'`),
      { code: '42501' },
    );
  });

  it('the identity of a stored scan cannot be changed, not even by its owner', async () => {
    for (const column of ['tenant_id', 'owner_id', 'scan_id', 'expires_at', 'created_at', 'sha256']) {
      await assert.rejects(
        as({ tenant: a, user: alice, role: 'org_owner' }, (sql) =>
          sql.unsafe(`update postern.scans set ${column} = ${column}`),
        ),
        { code: '42501' },
        column,
      );
    }
  });

  it('what has expired is invisible before its partition is dropped', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await db.admin`select postern.create_day(${yesterday.slice(0, 10)}::date)`;
    await db.admin`insert into postern.scans (tenant_id, scan_id, expires_on, expires_at, owner_id, source, sha256, size, subject,
      from_name, from_address, label, score, milliseconds, verdict) values (${a}, 'old', ${yesterday.slice(0, 10)}, ${yesterday},
      ${alice}, 'upload', '', 1, '', '', '', 'safe', 1, 1, '{}')`;
    const seen = await as({ tenant: a, role: 'worker' }, (sql) => sql`select scan_id from postern.scans`);
    assert.deepEqual(
      seen.map(({ scan_id: id }) => id as string),
      [scanId],
    );
  });

  it('no partition can be reached directly, by any verb', async () => {
    const partitions = (await tenantTables()).filter(({ partition }) => partition);
    assert.ok(partitions.length >= 3);
    for (const { name } of partitions) {
      for (const statement of [
        `select * from postern.${name}`,
        `update postern.${name} set owner_id = null`,
        `delete from postern.${name}`,
        `truncate postern.${name}`,
        `insert into postern.${name} (tenant_id) values ('${a}')`,
        `drop table postern.${name}`,
      ]) {
        await assert.rejects(
          as({ tenant: a, user: alice, role: 'org_owner' }, (sql) => sql.unsafe(statement)),
          { code: '42501' },
          statement,
        );
      }
    }
  });

  it('default privileges that the operator has set do not open a partition', async () => {
    await db.admin.unsafe(
      `alter default privileges for role postern_owner in schema postern grant select on tables to postern_app, public`,
    );
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await attacker.app`select postern.ensure_day(${day}::date)`;
    await assert.rejects(attacker.app.unsafe(`select * from postern.scans_${day.replaceAll('-', '')}`), {
      code: '42501',
    });
  });

  it('the audit log is append-only and signed by the actor, for the owner of the database too', async () => {
    const owner = connect(db.ownerUrl, { max: 1, applicationName: 'attack' });
    try {
      for (const statement of [
        'update postern.audit_events set action = action',
        'delete from postern.audit_events',
        'truncate postern.audit_events',
        'delete from postern.system_events',
      ]) {
        await assert.rejects(owner.unsafe(statement), /append-only|row-level/, statement);
        await assert.rejects(db.admin.unsafe(statement), /append-only/, statement);
        await assert.rejects(
          as({ tenant: a, role: 'worker' }, (sql) => sql.unsafe(statement)),
          { code: '42501' },
        );
      }
    } finally {
      await owner.end();
    }
    const write = (who: Pinned, actor: string) =>
      as(
        who,
        (sql) =>
          sql`insert into postern.audit_events (tenant_id, actor, action, outcome) values (${a}, ${actor}, 'x', 'succeeded')`,
      );
    const bobs = { tenant: a, user: bob, role: 'org_member' };
    await assert.doesNotReject(write(bobs, `user:${bob}`));
    await assert.rejects(write(bobs, `user:${alice}`), /row-level security/);
  });
});
