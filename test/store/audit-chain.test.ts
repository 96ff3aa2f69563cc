import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, connect } from '../../src/store/connect.js';
import type { TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const refusedByDatabase = (error: unknown): boolean => codeOf(error) === '42501';

describe('the chain of the audit log', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let other: TenantId;
  let admin: UserId;
  before(async () => {
    db = await createTestDatabase();
    [tenant, other] = [await db.addTenant(), await db.addTenant()];
    admin = await db.addUser();
  });

  const actor = () => ({ kind: 'user', userId: admin, role: 'org_owner' }) as const;
  const write = (target: string, to = tenant) =>
    db.store.withTenant(to, actor(), ({ audit }) =>
      audit.append({ action: 'scan.created', target, outcome: 'succeeded', details: { label: 'safe' } }),
    );
  const seal = () => db.store.withSystem('audit', ({ auditSeals }) => auditSeals.seal(1000));
  /** Seals all that is final: once to draw the horizon, once behind it. */
  const settle = async () => {
    const lines = [...(await seal())];
    await sleep(1100);
    lines.push(...(await seal()));
    return lines;
  };
  const verify = (of = tenant) => db.store.withTenant(of, actor(), ({ audit }) => audit.verify());
  /** What somebody with all rights in the database can do. */
  const tamper = async (statement: string) => {
    await db.admin.unsafe('alter table postern.audit_events disable trigger all');
    await db.admin.unsafe(statement);
    await db.admin.unsafe('alter table postern.audit_events enable trigger all');
  };

  it('events of all tenants are sealed in their order, and handed out once', async () => {
    for (const name of ['a', 'b', 'c']) await write(name);
    await write('x', other);
    const lines = await settle();
    assert.deepEqual(
      lines.map(({ tenantId, target }) => [tenantId, target]),
      [
        [tenant, 'a'],
        [tenant, 'b'],
        [tenant, 'c'],
        [other, 'x'],
      ],
    );
    assert.deepEqual(await settle(), []);
    const proof = await verify();
    assert.deepEqual([proof.fault, proof.events, proof.unsealed, proof.seals], [null, 3, 0, 1]);
    assert.equal((await verify(other)).events, 1);
    assert.match(proof.digest, /^[\da-f]{64}$/);
  });

  it('waits for a transaction that has its number and is not done, and stops nobody meanwhile', async () => {
    const slow = connect(db.appUrl, { max: 1, applicationName: 'slow' });
    let [finish, begun] = [(): void => undefined, (): void => undefined];
    const pause = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const written = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const work = slow.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', ${tenant}, true), set_config('app.user_id', ${admin}, true),
        set_config('app.role', 'org_owner', true)`;
      await sql`insert into postern.audit_events (tenant_id, actor, action, target, outcome)
        values (${tenant}, ${`user:${admin}`}, 'scan.created', 'slow', 'succeeded')`;
      begun();
      await pause;
    });
    await written;
    await write('quick');
    assert.deepEqual(await settle(), [], 'nothing is sealed past a gap that may still be filled');
    finish();
    await work;
    assert.deepEqual(
      (await settle()).map(({ target }) => target),
      ['slow', 'quick'],
    );
    assert.equal((await verify()).fault, null);
    await slow.end();
  });

  const attacks: Record<string, readonly [statement: () => string, fault: RegExp]> = {
    'a changed target': [() => `update postern.audit_events set target = 'z' where target = 'b'`, /changed/],
    'a changed time': [
      () => `update postern.audit_events set at = at - interval '1 day' where target = 'b'`,
      /changed/,
    ],
    'a changed actor with a commitment that fits': [
      () => `update postern.audit_events set actor = 'user:x', commitment =
        postern.audit_commitment(salt, 'user:x', target, details, ip) where target = 'b'`,
      /changed/,
    ],
    'a missing row': [() => `delete from postern.audit_events where target = 'b'`, /missing/],
    'a row that was slipped in': [
      () => `insert into postern.audit_events (tenant_id, event_id, actor, action, outcome, salt, commitment)
        overriding system value select tenant_id, 0, actor, action, outcome, salt, commitment from postern.audit_events
        where target = 'b'`,
      /added/,
    ],
    'a missing seal': [
      () => `alter table postern.audit_seals disable trigger all;
        delete from postern.audit_seals where seal_no = 1 and tenant_id = '${tenant}'`,
      /seal/,
    ],
  };
  for (const [name, [statement, fault]] of Object.entries(attacks)) {
    it(`${name} shows`, async () => {
      await db.admin.unsafe(`create table kept_events as table postern.audit_events;
        create table kept_seals as table postern.audit_seals`);
      await tamper(statement());
      assert.match((await verify()).fault ?? 'nothing', fault);
      assert.equal((await verify(other)).fault, null, 'the other tenant is not concerned');
      await db.admin.unsafe(`
        alter table postern.audit_events disable trigger all;
        alter table postern.audit_seals disable trigger all;
        delete from postern.audit_events;
        delete from postern.audit_seals;
        insert into postern.audit_events overriding system value select * from kept_events;
        insert into postern.audit_seals select * from kept_seals;
        drop table kept_events, kept_seals;
        alter table postern.audit_events enable trigger all;
        alter table postern.audit_seals enable trigger all`);
    });
  }

  it('members cannot verify, and nobody seals without the purpose', async () => {
    const member = { kind: 'user', userId: admin, role: 'org_member' } as const;
    await assert.rejects(
      db.store.withTenant(tenant, member, ({ audit }) => audit.verify()),
      refusedByDatabase,
    );
    await assert.rejects(
      db.store.withSystem('sign-in', ({ auditSeals }) => auditSeals.seal(1)),
      refusedByDatabase,
    );
  });
});
