import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('the chain of the log of what belongs to no tenant', () => {
  let db: TestDatabase;
  let root: UserId;
  before(async () => {
    db = await createTestDatabase();
    root = await db.addUser();
    await db.admin`update postern.users set super_admin = true where user_id = ${root}`;
  });

  const write = (scans: number) =>
    db.store.withSystem('platform', ({ platform }) => platform.setQuota(root, 'community', scans));
  const seal = () => db.store.withSystem('audit', ({ auditSeals }) => auditSeals.sealSystem(1000));
  const settle = async () => {
    const lines = [...(await seal())];
    await sleep(1100);
    lines.push(...(await seal()));
    return lines;
  };
  const verify = (who = root) => db.store.withSystem('platform', ({ platform }) => platform.verifyLog(who));

  it('entries are sealed in their order, handed out once, and proved whole', async () => {
    for (const scans of [1, 2, 3]) await write(scans);
    const lines = (await settle()).filter(({ action }) => action === 'tier.changed');
    assert.deepEqual(
      lines.map(({ tenantId, actor, details }) => [tenantId, actor, details['monthly_scans']]),
      [1, 2, 3].map((scans) => [null, `user:${root}`, scans]),
    );
    assert.deepEqual(await settle(), []);
    await write(4);
    const proof = await verify();
    assert.deepEqual([proof.fault, proof.unsealed, proof.seals], [null, 1, 1]);
    assert.match(proof.digest, /^[\da-f]{64}$/);
    await settle();
  });

  it('only a super admin asks, and the application changes nothing in it', async () => {
    await assert.rejects(verify(await db.addUser()), { code: 'auth.forbidden' });
    for (const statement of [
      `update postern.system_events set action = 'x'`,
      'delete from postern.system_events',
      'delete from postern.system_seals',
    ]) {
      await assert.rejects(db.admin.unsafe(statement), /append-only/, `${statement}, by the owner of the database`);
    }
  });

  const second = `(select min(event_id) + 1 from postern.system_events where action = 'tier.changed')`;
  const attacks: Record<string, readonly [statement: string, fault: RegExp]> = {
    'a changed entry': [
      `update postern.system_events set details = '{"monthly_scans": 9}' where event_id = ${second}`,
      /changed/,
    ],
    'a changed time': [
      `update postern.system_events set at = at - interval '1 day' where event_id = ${second}`,
      /changed/,
    ],
    'a missing entry': [`delete from postern.system_events where event_id = ${second}`, /missing/],
    'an entry that was slipped in': [
      `insert into postern.system_events (event_id, actor, action, outcome, salt, commitment) overriding system value
        select -5, actor, action, outcome, salt, commitment from postern.system_events where event_id = ${second}`,
      /added/,
    ],
    'a missing seal': ['delete from postern.system_seals where seal_no = 1', /seal/],
  };
  for (const [name, [statement, fault]] of Object.entries(attacks)) {
    it(`${name} shows, and nothing does once it is put right`, async () => {
      const tables = ['system_events', 'system_seals'] as const;
      for (const table of tables) {
        await db.admin.unsafe(`create table kept_${table} as table postern.${table};
          alter table postern.${table} disable trigger all`);
      }
      await db.admin.unsafe(statement);
      assert.match((await verify()).fault ?? 'none', fault);
      for (const table of tables) {
        await db.admin.unsafe(`delete from postern.${table};
          insert into postern.${table} ${table === 'system_events' ? 'overriding system value' : ''} table kept_${table};
          alter table postern.${table} enable trigger all; drop table kept_${table}`);
      }
      assert.equal((await verify()).fault, null);
    });
  }
});
