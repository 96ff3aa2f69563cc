import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from '../../../src/store/connect.js';
import { IntakeRefusal } from '../../../src/store/intake/scan-intake.js';
import type { FinishedScan } from '../../../src/store/intake/scan-intake.js';
import { openStore } from '../../../src/store/open-store.js';
import type { TenantId, UserId } from '../../../src/store/store.js';
import type { TestDatabase } from '../../helpers/database.js';
import { createIntake, member, NOTHING, QUESTION } from './intake.js';
import type { Intake } from './intake.js';

describe('the two statements of a scan', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let foreign: TenantId;
  let alice: UserId;
  let bob: UserId;
  let open: Intake['open'];
  let finished: Intake['finished'];
  let rowsOf: Intake['rowsOf'];

  before(async () => {
    ({ db, tenant, foreign, alice, bob, open, finished, rowsOf } = await createIntake());
  });

  const store = (scan: FinishedScan, actor = member(alice), where = tenant) =>
    db.store.intake.store(where, actor, scan);

  it('store verdict, indicators, sealed message and audit line together, where an ordinary transaction finds them', async () => {
    const scan = await finished();
    await store(scan);
    assert.deepEqual(await rowsOf(scan.id), { scans: 1, contents: 1, indicators: 1, audited: 1 });
    const row = await db.store.withTenant(tenant, member(alice), ({ scans }) => scans.get(scan.id));
    assert.equal(row?.subject, 'Hello');
    assert.equal(row.expiresAt.getTime(), scan.expiresAt.getTime());
  });

  it('in another tenant, and in another member’s name, nothing is stored', async () => {
    const scan = await finished();
    await assert.rejects(store(scan, member(bob)), /row-level security/);
    // The owner is alice, whom the transaction of a foreign tenant does not act for.
    await assert.rejects(store(scan, member(bob), foreign), /row-level security/);
    assert.deepEqual(await rowsOf(scan.id), NOTHING);
    await assert.rejects(store(scan, member(alice), 'no-tenant'), { code: 'auth.forbidden' });
    const nowhere = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(db.store.intake.open(nowhere, member(alice), QUESTION), { code: 'auth.forbidden' });
  });

  it('leave nothing of the actor behind on the connection', async () => {
    const single = await openStore({ appUrl: db.appUrl, connections: 1 });
    const app = connect(db.appUrl, { max: 1, applicationName: 'after' });
    try {
      await single.intake.open(tenant, member(alice), QUESTION);
      await app`select postern.pin_actor(${tenant}, ${alice}, 'org_owner', '', '', '')`;
      const [left] = await app<{ tenant: string; rows: number }[]>`select
        coalesce(nullif(current_setting('app.tenant_id', true), ''), 'nobody') as tenant,
        (select count(*)::int from postern.scans) as rows`;
      assert.deepEqual({ ...left }, { tenant: 'nobody', rows: 0 });
    } finally {
      await Promise.all([single.close(), app.end({ timeout: 1 })]);
    }
  });

  it('count a request only where no limit is passed, however many ask at once', async () => {
    const window = { limit: 5, windowMs: 60_000, slices: 30, wanted: 1 };
    const requests = [
      { ...window, key: randomBytes(16) },
      { ...window, key: randomBytes(16), limit: 100 },
    ];
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => open({ requests })));
    const refused = asked.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    assert.equal(refused.length, 7);
    for (const reason of refused) {
      assert.ok(reason instanceof IntakeRefusal && reason.reason === 'over-limit');
      assert.deepEqual(
        reason.permits.map(({ granted, remaining }) => [granted, remaining]),
        [
          [0, 0],
          [0, 95],
        ],
      );
    }
  });

  it('store nothing where the month is used up, and say before that there is nothing left', async () => {
    const scan = await finished();
    await db.admin`update postern.tenants set tier = 'community' where tenant_id = ${tenant}`;
    await db.admin`insert into postern.usage_months (tenant_id, month, shard, scans) values (${tenant}, postern.this_month(), 0, 1000)
      on conflict (tenant_id, month, shard) do update set scans = 1000`;
    try {
      assert.equal((await open()).scansLeft, false);
      assert.equal((await open({ metered: false })).scansLeft, true);
      await assert.rejects(store(scan), (error) => error instanceof IntakeRefusal && error.reason === 'used-up');
      assert.deepEqual(await rowsOf(scan.id), NOTHING);
    } finally {
      await db.admin`delete from postern.usage_months where tenant_id = ${tenant}`;
    }
  });

  it('store nothing for a request that was quicker under the same key', async () => {
    const idempotency = { keyHash: randomBytes(32), requestHash: randomBytes(32) };
    const [first, second] = [await finished({ idempotency }), await finished({ idempotency })];
    await store(first);
    await assert.rejects(store(second), (error) => error instanceof IntakeRefusal && error.reason === 'repeated');
    assert.deepEqual(await rowsOf(second.id), NOTHING);
  });

  it('send a profile once for each of its versions, however it was changed', async () => {
    const { profile, profileVersion } = await open();
    assert.notEqual(profile, null);
    assert.equal((await open({ profileVersion })).profile, null);
    await db.admin`update postern.tenants set profile = '{"domains":["new.test"]}' where tenant_id = ${tenant}`;
    assert.deepEqual((await open({ profileVersion })).profile, { domains: ['new.test'] });
  });

  it('store many at once, each as if it were alone: what is refused takes no other with it', async () => {
    const key = (): FinishedScan['idempotency'] => ({ keyHash: randomBytes(32), requestHash: randomBytes(32) });
    const twice = key();
    const scans = await Promise.all(
      Array.from({ length: 20 }, (_, n) => finished({ idempotency: n % 10 === 4 ? twice : key() })),
    );
    const results = await Promise.allSettled(scans.map((scan) => store(scan)));
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    assert.equal(refused.length, 1);
    assert.ok(refused[0] instanceof IntakeRefusal && refused[0].reason === 'repeated');
    for (const [n, { id }] of scans.entries()) {
      const there = results[n]?.status === 'fulfilled' ? 1 : 0;
      assert.deepEqual(await rowsOf(id), { scans: there, contents: there, indicators: there, audited: there });
    }
  });

  it('two processes that store live mail of the same few senders do not wait for each other in a circle', async () => {
    const senders = Array.from({ length: 4 }, () => randomBytes(32));
    const scans = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        finished({ sender: { sender: senders[(n * 7) % 4] ?? randomBytes(32), message: randomBytes(16) } }),
      ),
    );
    const stores = [await openStore({ appUrl: db.appUrl }), await openStore({ appUrl: db.appUrl })];
    try {
      await Promise.all(
        stores.flatMap(({ intake }, which) =>
          scans.filter((_, n) => n % 2 === which).map((scan) => intake.store(tenant, member(alice), scan)),
        ),
      );
      const [row] = await db.admin<{ deadlocks: number }[]>`
        select deadlocks::int from pg_stat_database where datname = current_database()`;
      assert.equal(row?.deadlocks, 0);
    } finally {
      await Promise.all(stores.map((one) => one.close()));
    }
  });
});
