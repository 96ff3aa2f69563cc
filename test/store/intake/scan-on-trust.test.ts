import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { countTogether } from '../../../src/services/limits/count-together.js';
import { permitsInPostgres } from '../../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../../src/services/limits/shared-window.js';
import { IntakeRefusal } from '../../../src/store/intake/scan-intake.js';
import type { FinishedScan, IntakeQuestion } from '../../../src/store/intake/scan-intake.js';
import { openStore } from '../../../src/store/open-store.js';
import type { TenantId, UserId } from '../../../src/store/store.js';
import { createScanId } from '../../../src/store/tables/scans/scan-id.js';
import type { TestDatabase } from '../../helpers/database.js';
import { createIntake, member, NOTHING } from './intake.js';
import type { Intake } from './intake.js';

describe('a scan that began before the database was asked', () => {
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

  const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 60 * 60_000);
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
    const [scan, profileVersion] = [await finished(), await version()];
    const begun = performance.now();
    await onTrust(scan, profileVersion, [], 16);
    assert.equal((await rowsOf(scan.id)).scans, 1);
    // A hang, not a speed: it waits for milliseconds.
    assert.ok(performance.now() - begun < 5000);
  });

  it('goes with none of another member, whose name it does not bear', async () => {
    const profileVersion = await version();
    const owners = [alice, bob, alice, bob];
    const scans = await Promise.all(owners.map((ownerId) => finished({ ownerId })));
    const terms = { profileVersion, requests: [], underWay: 4 };
    await Promise.all(scans.map((scan) => db.store.intake.storeOnTrust(tenant, member(scan.ownerId), scan, terms)));
    const rows = await db.admin<{ owner: string; actor: string; within: string }[]>`
      select s.owner_id as owner, a.actor, s.xmin::text as within from postern.scans s
        join postern.audit_events a on a.target = s.scan_id where scan_id = any(${scans.map(({ id }) => id)})`;
    assert.equal(rows.length, 4);
    for (const { owner, actor } of rows) assert.equal(actor, `user:${owner}`);
    assert.equal(new Set(rows.map(({ within }) => within)).size, 2);
  });

  it('is counted once each by a window that keeps what it is granted', async () => {
    const profileVersion = await version();
    const limit = 20;
    const parts = { permits: permitsInPostgres(db.store), secret: randomBytes(32) };
    const window = new SharedWindow(parts, 'scans', limit, 60_000, { inBatches: false });
    let stored = 0;
    let counted = 0;
    async function scan(): Promise<void> {
      const made = await finished();
      const states = await countTogether([{ window, key: tenant }], {
        take: async (requests) => {
          try {
            const answer = await onTrust(made, profileVersion, requests, 8);
            counted += 1;
            return answer.permits;
          } catch (error) {
            if (!(error instanceof IntakeRefusal)) throw error;
            return error.permits;
          }
        },
      });
      if (states.every(({ waitMs }) => waitMs === 0)) stored += 1;
    }
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 8 }, scan));
    assert.deepEqual({ stored, counted }, { stored: limit, counted: limit });
  });

  it('begun before retention changed is not stored between two that were begun after', async () => {
    const scans = await Promise.all(Array.from({ length: 3 }, () => finished()));
    const [first, middle, last] = scans;
    assert.ok(first !== undefined && middle !== undefined && last !== undefined);
    const { id, expiresAt } = { id: createScanId(inDays(9)), expiresAt: inDays(9) };
    await db.admin`select postern.create_day(${expiresAt.toISOString().slice(0, 10)}::date)`;
    const profileVersion = await version();
    const mixed = [first, { ...middle, id, expiresAt }, last];
    const results = await Promise.allSettled(mixed.map((scan) => onTrust(scan, profileVersion, [], 6)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await rowsOf(id), NOTHING);
  });

  it('two processes at the end of a month with a bonus do not wait for each other in a circle', async () => {
    const profileVersion = await version();
    const stores = [await openStore({ appUrl: db.appUrl }), await openStore({ appUrl: db.appUrl })];
    const terms = { profileVersion, requests: [], underWay: 1 };
    const deadlocks = async (): Promise<number> => {
      const [row] = await db.admin<{ deadlocks: number }[]>`
        select deadlocks::int from pg_stat_database where datname = current_database()`;
      return row?.deadlocks ?? NaN;
    };
    const before = await deadlocks();
    try {
      for (let round = 0; round < 12; round++) {
        const scans = await Promise.all(Array.from({ length: 12 }, () => finished()));
        await db.admin`update postern.usage_months set scans = 995 + ${round % 4} where tenant_id = ${tenant}
          and month = postern.this_month() and shard = 0`;
        await db.admin`insert into postern.bonus_scans (tenant_id, granted) values (${tenant}, 4)
          on conflict (tenant_id) do update set granted = 4, used = 0`;
        const results = await Promise.allSettled(
          scans.map((scan, n) => {
            const { intake } = stores[n % 2] ?? db.store;
            // A turn of its own for each: keyed scans go alone.
            const idempotency = n % 3 === 0 ? { keyHash: randomBytes(32), requestHash: randomBytes(32) } : null;
            return intake.storeOnTrust(tenant, member(alice), { ...scan, idempotency }, terms);
          }),
        );
        for (const result of results) {
          if (result.status === 'rejected') assert.ok(result.reason instanceof IntakeRefusal, String(result.reason));
        }
        const there = results.filter(({ status }) => status === 'fulfilled').length;
        assert.equal(there, 5 - (round % 4) + 4);
      }
      assert.equal(await deadlocks(), before);
    } finally {
      await Promise.all(stores.map((one) => one.close()));
      await db.admin`delete from postern.bonus_scans where tenant_id = ${tenant}`;
      await db.admin`update postern.usage_months set scans = 0 where tenant_id = ${tenant}`;
    }
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

  it('is stored with none of its turn where the session ends before the answer, and the next ones are', async () => {
    const profileVersion = await version();
    const scans = await Promise.all(Array.from({ length: 3 }, () => finished()));
    await onTrust(await finished(), profileVersion);
    await db.admin.begin(async (holder) => {
      await holder`select from postern.usage_months where tenant_id = ${tenant} for update`;
      const stored = Promise.allSettled(scans.map((scan) => onTrust(scan, profileVersion, [], 6)));
      const waits = () => holder<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database()
        and query like '%store_scans_on_trust%' and wait_event_type = 'Lock'`;
      let [waiting] = await waits();
      while (waiting === undefined) [waiting] = await waits();
      await holder`select pg_terminate_backend(${waiting.pid})`;
      for (const result of await stored) {
        assert.equal(result.status, 'rejected');
        assert.equal((result.reason as { code?: unknown }).code, 'database.unavailable');
      }
    });
    for (const { id } of scans) assert.deepEqual(await rowsOf(id), NOTHING);
    await Promise.all(scans.map((scan) => onTrust(scan, profileVersion, [], 6)));
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
