import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from '../../../src/store/connect.js';
import { IntakeRefusal } from '../../../src/store/intake/scan-intake.js';
import type { FinishedScan, IntakeQuestion } from '../../../src/store/intake/scan-intake.js';
import { openStore } from '../../../src/store/open-store.js';
import type { Actor, TenantId, UserId } from '../../../src/store/store.js';
import { createTestDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';

describe('the two statements of a scan', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let foreign: TenantId;
  let alice: UserId;
  let bob: UserId;
  const QUESTION: IntakeQuestion = { profileVersion: null, requests: [], sender: null, metered: true };

  before(async () => {
    db = await createTestDatabase();
    [tenant, foreign] = [await db.addTenant({ retentionDays: 7 }), await db.addTenant()];
    [alice, bob] = [await db.addUser(), await db.addUser()];
    for (const user of [alice, bob]) await db.addMember(tenant, user, 'org_member');
  });

  const member = (userId: UserId): Actor => ({ kind: 'user', userId, role: 'org_member' });
  const open = (question: Partial<IntakeQuestion> = {}) =>
    db.store.intake.open(tenant, member(alice), { ...QUESTION, ...question });
  async function finished(more: Partial<FinishedScan> = {}): Promise<FinishedScan> {
    const { id, expiresAt } = await open();
    return {
      ...{ id, expiresAt, ownerId: alice, source: 'upload', sha256: 'a'.repeat(64), size: 10, subject: 'Hello' },
      ...{
        fromName: 'A',
        fromAddress: 'a@example.test',
        messageDate: null,
        label: 'safe',
        score: 1.5,
        milliseconds: 2.4,
      },
      ...{
        verdict: '{"label":"safe"}',
        indicators: '[{"kind":"domain","value":"example.test"}]',
        sealed: randomBytes(40),
      },
      ...{ audited: { source: 'upload' }, sender: null, idempotency: null },
      ...more,
    };
  }
  const store = (scan: FinishedScan, actor = member(alice), where = tenant) =>
    db.store.intake.store(where, actor, scan);
  const rowsOf = async (id: string): Promise<Record<string, number>> => {
    const [row] = await db.admin<Record<string, number>[]>`select
      (select count(*)::int from postern.scans where scan_id = ${id}) as scans,
      (select count(*)::int from postern.message_contents where scan_id = ${id}) as contents,
      (select count(*)::int from postern.indicators where scan_id = ${id}) as indicators,
      (select count(*)::int from postern.audit_events where target = ${id}) as audited`;
    return { ...row };
  };
  const NOTHING = { scans: 0, contents: 0, indicators: 0, audited: 0 };

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

  describe('a scan that began before the database was asked', () => {
    const window = { limit: 3, windowMs: 60_000, slices: 30, wanted: 1 };
    const version = async (): Promise<number> => (await open()).profileVersion;
    const outdated = (error: unknown): boolean => error instanceof IntakeRefusal && error.reason === 'outdated';
    const onTrust = async (
      scan: FinishedScan,
      profileVersion: number,
      requests: IntakeQuestion['requests'] = [],
      underWay = 1,
    ) => db.store.intake.storeOnTrust(tenant, member(alice), scan, { profileVersion, requests, underWay });

    it('is counted with the storing, and stored only within its limits', async () => {
      const requests = [
        { ...window, key: randomBytes(16), limit: 100 },
        { ...window, key: randomBytes(16) },
      ];
      const profileVersion = await version();
      const scans = await Promise.all(Array.from({ length: 9 }, () => finished()));
      const results = await Promise.allSettled(scans.map((scan) => onTrust(scan, profileVersion, requests)));
      const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.permits] : []));
      assert.deepEqual(
        taken.map((permits) => permits.map(({ remaining }) => remaining)),
        [
          [99, 2],
          [98, 1],
          [97, 0],
        ],
      );
      for (const [n, result] of results.entries()) {
        const fits = result.status === 'fulfilled';
        assert.equal((await rowsOf(scans[n]?.id ?? '')).scans, fits ? 1 : 0);
        if (fits) continue;
        assert.ok(result.reason instanceof IntakeRefusal && result.reason.reason === 'over-limit');
        assert.deepEqual(
          result.reason.permits.map(({ granted, remaining }) => [granted, remaining]),
          [
            [0, 97],
            [0, 0],
          ],
        );
      }
    });

    it('goes into one transaction with others that end about then, each with what is its own', async () => {
      const profileVersion = await version();
      const scans = await Promise.all(
        Array.from({ length: 6 }, (_, n) =>
          finished({
            ...{ subject: `Number “${n}”`, verdict: `{"label":"safe","n":${n}}`, audited: { n } },
            ...{
              indicators: JSON.stringify([{ kind: 'domain', value: `host-${n}.test` }]),
              sealed: randomBytes(30 + n),
            },
            messageDate: n === 3 ? null : '2026-01-02T03:04:05.000Z',
          }),
        ),
      );
      await Promise.all(scans.map((scan) => onTrust(scan, profileVersion, [], 12)));
      const rows = await db.admin<Record<string, unknown>[]>`
        select s.scan_id, s.subject, s.verdict, s.message_date is not null as dated, c.sealed, i.value, a.details, s.xmin::text as within,
          s.created_at = a.at::timestamptz(3) as told
        from postern.scans s join postern.message_contents c using (scan_id) join postern.indicators i using (scan_id)
          join postern.audit_events a on a.target = s.scan_id
        where scan_id = any(${scans.map(({ id }) => id)}) order by s.subject`;
      const [first] = rows;
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        scans.map(({ id, subject, sealed }, n) => ({
          ...{ scan_id: id, subject, verdict: { label: 'safe', n }, dated: n !== 3, sealed: Buffer.from(sealed) },
          ...{ value: `host-${n}.test`, details: { n }, within: first?.['within'], told: true },
        })),
      );
    });

    it('waits for company no longer than a moment', async () => {
      const scan = await finished();
      await onTrust(scan, await version(), [], 16);
      assert.equal((await rowsOf(scan.id)).scans, 1);
    });

    it('that the database refuses keeps no other from being stored', async () => {
      const profileVersion = await version();
      const scans = await Promise.all(Array.from({ length: 5 }, () => finished()));
      const [twice, ...others] = scans;
      assert.ok(twice !== undefined);
      await onTrust(twice, profileVersion);
      const results = await Promise.allSettled(scans.map((scan) => onTrust(scan, profileVersion, [], 10)));
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', ...others.map(() => 'fulfilled')],
      );
      for (const { id } of scans) assert.equal((await rowsOf(id)).scans, 1);
    });

    it('takes of the plan what is left in it, and of the bonus, and no more', async () => {
      const profileVersion = await version();
      const [plan] = await db.admin<
        { left: number }[]
      >`select q.monthly_scans - coalesce((select sum(u.scans) from postern.usage_months u
        where u.tenant_id = t.tenant_id and u.month = postern.this_month()), 0)::int as left
        from postern.tenants t join postern.tiers q using (tier) where t.tenant_id = ${tenant}`;
      assert.ok(plan !== undefined && plan.left > 2);
      const take = (scans: number) => db.admin`update postern.usage_months set scans = scans + ${scans}
        where tenant_id = ${tenant} and month = postern.this_month() and shard = 0`;
      await take(plan.left - 2);
      await db.admin`insert into postern.bonus_scans (tenant_id, granted) values (${tenant}, 1)`;
      try {
        const scans = await Promise.all(Array.from({ length: 5 }, async () => ({ ...(await finished()) })));
        const results = await Promise.allSettled(scans.map((scan) => onTrust(scan, profileVersion, [], 10)));
        const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        assert.equal(refused.length, 2);
        for (const reason of refused) assert.ok(reason instanceof IntakeRefusal && reason.reason === 'used-up');
        const stored = await Promise.all(scans.map(async ({ id }) => (await rowsOf(id)).scans ?? 0));
        assert.equal(
          stored.reduce((sum, there) => sum + there, 0),
          3,
        );
        const [bonus] = await db.admin`select used from postern.bonus_scans where tenant_id = ${tenant}`;
        assert.equal(bonus?.['used'], 1);
      } finally {
        await take(2 - plan.left - 2);
        await db.admin`delete from postern.bonus_scans where tenant_id = ${tenant}`;
      }
    });

    it('is not stored where the profile changed meanwhile', async () => {
      const [scan, before] = [await finished(), await version()];
      await db.admin`update postern.tenants set profile = '{"domains":["newer.test"]}' where tenant_id = ${tenant}`;
      await assert.rejects(onTrust(scan, before), outdated);
      assert.deepEqual(await rowsOf(scan.id), NOTHING);
      await onTrust(scan, await version());
      assert.equal((await rowsOf(scan.id)).scans, 1);
    });

    it('is not stored where it would be kept longer, or shorter, than the tenant keeps scans', async () => {
      const scan = await finished();
      await db.admin`update postern.tenants set retention_days = 8 where tenant_id = ${tenant}`;
      try {
        await assert.rejects(onTrust(scan, await version()), outdated);
        assert.deepEqual(await rowsOf(scan.id), NOTHING);
      } finally {
        await db.admin`update postern.tenants set retention_days = 7 where tenant_id = ${tenant}`;
      }
    });

    it('is not stored where a language model should have read it', async () => {
      const scan = await finished();
      await db.admin`insert into postern.llm_settings (tenant_id, enabled, by_default, connection) values (${tenant}, true, true, '{}')`;
      try {
        await assert.rejects(onTrust(scan, await version()), outdated);
        assert.deepEqual(await rowsOf(scan.id), NOTHING);
      } finally {
        await db.admin`delete from postern.llm_settings where tenant_id = ${tenant}`;
      }
    });

    it('is stored in no other tenant, and in no other member’s name', async () => {
      const scan = await finished();
      const terms = { profileVersion: await version(), requests: [], underWay: 1 };
      await assert.rejects(db.store.intake.storeOnTrust(tenant, member(bob), scan, terms), /row-level security/);
      await assert.rejects(db.store.intake.storeOnTrust(foreign, member(bob), scan, terms), outdated);
      assert.deepEqual(await rowsOf(scan.id), NOTHING);
    });
  });
});
