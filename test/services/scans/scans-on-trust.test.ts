import assert from 'node:assert/strict';
import type { PosternError } from '../../../src/errors.js';
import { permitsInPostgres } from '../../../src/services/limits/permit-store.js';
import type { PermitStore } from '../../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../../src/services/limits/shared-window.js';
import type { WindowState } from '../../../src/services/limits/shared-window.js';
import type { MemberContext } from '../../../src/services/context.js';
import type { ScanPool } from '../../../src/services/scanning/pool.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import type { StoredScan } from '../../../src/services/scans/stored-scan.js';
import { createTestParts, phish } from '../parts.js';
import type { TestParts } from '../parts.js';

describe('scans that follow one another closely', () => {
  let test: TestParts;
  let ctx: MemberContext;
  /** What was asked of the database for scans, in order. */
  let asked: string[];

  before(async () => {
    test = await createTestParts();
  });
  after(() => test.close());
  beforeEach(async () => {
    const { intake } = test.parts.store;
    asked = [];
    const heard: typeof intake = {
      open: (...question) => (asked.push('open'), intake.open(...question)),
      store: (...scan) => (asked.push('store'), intake.store(...scan)),
      storeOnTrust: (...scan) => (asked.push('store on trust'), intake.storeOnTrust(...scan)),
    };
    const fresh = await test.context('org_owner');
    ctx = { ...fresh, parts: { ...fresh.parts, store: { ...fresh.parts.store, intake: heard } } };
  });

  const scan = (more: { readonly onLimits?: (states: readonly WindowState[]) => void } = {}): Promise<StoredScan> =>
    createScan({ ctx, input: { raw: phish(), source: 'upload', ...more } });
  const stored = async (): Promise<number> => {
    const [row] = await test.database.admin<{ n: number }[]>`
      select count(*)::int as n from postern.scans where tenant_id = ${ctx.identity.tenantId}`;
    return row?.n ?? 0;
  };

  it('the first asks the database twice, and those after it once', async () => {
    const [first, second] = [await scan(), await scan()];
    assert.deepEqual(asked, ['open', 'store', 'store on trust']);
    assert.deepEqual(second.findings, first.findings);
    assert.equal(await stored(), 2);
    const days = (one: StoredScan): number => Date.parse(one.expires_at) - Date.parse(one.created_at);
    assert.ok(Math.abs(days(first) - days(second)) < 60_000, 'they are kept equally long');
  });

  it('are judged by what counts when they are stored, also where another process changed it just before', async () => {
    const { tenantId } = ctx.identity;
    await scan();
    await test.database
      .admin`update postern.tenants set profile = '{"block":["paypa1-account.example"]}' where tenant_id = ${tenantId}`;
    const second = await scan();
    assert.ok(second.findings.some(({ id }) => id === 'headers.sender-blocked'));
    assert.deepEqual(asked, ['open', 'store', 'store on trust', 'open', 'store'], 'it was scanned once more');
    assert.equal(await stored(), 2);
  });

  it('over a limit the work is refused when it is stored, and the next before it begins', async () => {
    const window = new SharedWindow(
      { permits: permitsInPostgres(test.parts.store), secret: new Uint8Array(32) },
      'few scans',
      3,
      60_000,
    );
    ctx = { ...ctx, parts: { ...ctx.parts, scanLimits: { key: null, tenant: window } } };
    const told: number[] = [];
    const onLimits = ([state]: readonly WindowState[]): void => void told.push(state?.remaining ?? -1);
    await scan({ onLimits });
    // Another process takes what is left.
    const elsewhere = new SharedWindow(
      { permits: permitsInPostgres(test.parts.store), secret: new Uint8Array(32) },
      'few scans',
      3,
      60_000,
    );
    const other = { ...ctx, parts: { ...ctx.parts, scanLimits: { key: null, tenant: elsewhere } } };
    for (let n = 0; n < 2; n++) await createScan({ ctx: other, input: { raw: phish(), source: 'upload' } });
    asked.length = 0;
    await assert.rejects(scan({ onLimits }), { code: 'request.rate-limited' });
    await assert.rejects(scan({ onLimits }), { code: 'request.rate-limited' });
    assert.deepEqual(asked, ['store on trust'], 'the second was not even begun');
    assert.deepEqual(told, [2, 0, 0]);
    assert.equal(await stored(), 3);
  });

  it('a month that was used up elsewhere is noticed with the next scan, and nothing of it is kept', async () => {
    await scan();
    const { tenantId } = ctx.identity;
    await test.database.admin`update postern.tenants set tier = 'community' where tenant_id = ${tenantId}`;
    await test.database.admin`insert into postern.usage_months (tenant_id, month, shard, scans)
      values (${tenantId}, postern.this_month(), 0, 100000) on conflict (tenant_id, month, shard) do update set scans = 100000`;
    await assert.rejects(scan(), { code: 'quota.exceeded' });
    asked.length = 0;
    await assert.rejects(scan(), { code: 'quota.exceeded' });
    assert.deepEqual(asked, ['open'], 'the next is refused before it costs anything');
    assert.equal(await stored(), 1);
  });

  it('live mail, whose sender has a history, asks first', async () => {
    for (let n = 0; n < 2; n++) await createScan({ ctx, input: { raw: phish(), source: 'checkv2' } });
    assert.deepEqual(asked, ['open', 'store', 'open', 'store']);
  });

  it('work that ends before it is stored counts too: no limit is passed by what is no message, or by going away', async () => {
    const limit = 12;
    const window = new SharedWindow(
      { permits: permitsInPostgres(test.parts.store), secret: new Uint8Array(32) },
      'all',
      limit,
      60_000,
    );
    let works = 0;
    const { pool } = ctx.parts;
    const counting = scanningBy(pool, (request) => {
      works += 1;
      return pool.scan(request);
    });
    ctx = { ...ctx, parts: { ...ctx.parts, pool: counting, scanLimits: { key: null, tenant: window } } };
    const codes = new Set<unknown>();
    const told: number[] = [];
    for (let round = 0; round < 4; round++) {
      await scan().catch((error: unknown) => codes.add((error as PosternError).code));
      const gone = new AbortController();
      const onLimits = (): void => void told.push(round);
      const attempts = [
        ...Array.from({ length: 4 }, () =>
          createScan({ ctx, input: { raw: Buffer.from('no header here'), source: 'upload', onLimits } }),
        ),
        createScan({ ctx, input: { raw: phish(), source: 'upload', signal: gone.signal } }),
      ];
      gone.abort();
      for (const result of await Promise.allSettled(attempts)) {
        if (result.status === 'rejected') codes.add((result.reason as PosternError).code);
      }
    }
    assert.equal(works, limit);
    assert.deepEqual(codes, new Set(['message.not-a-message', 20, 'request.rate-limited']));
    assert.equal(told.length, 16, 'each answer tells how the limits stand');
  });

  it('one of two requests with the same key is stored, and both are told how the limits stand', async () => {
    const window = new SharedWindow(
      { permits: permitsInPostgres(test.parts.store), secret: new Uint8Array(32) },
      'twice',
      50,
      60_000,
    );
    ctx = { ...ctx, parts: { ...ctx.parts, scanLimits: { key: null, tenant: window } } };
    await scan();
    // Neither is scanned before both are under way: on a busy machine the first may be stored before the other has looked.
    const { pool } = ctx.parts;
    let underWay = 0;
    let begin = (): void => undefined;
    const bothUnderWay = new Promise<void>((resolve) => (begin = resolve));
    const together = scanningBy(pool, async (request) => {
      underWay += 1;
      if (underWay === 2) begin();
      await bothUnderWay;
      return pool.scan(request);
    });
    ctx = { ...ctx, parts: { ...ctx.parts, pool: together } };
    const told: number[] = [];
    const raw = phish();
    const input = {
      ...{ raw, source: 'upload' as const, idempotency: { key: 'once', request: raw } },
      onLimits: ([state]: readonly WindowState[]): void => void told.push(state?.remaining ?? -1),
    };
    const [one, other] = await Promise.all([createScan({ ctx, input }), createScan({ ctx, input })]);
    assert.equal(one.id, other.id);
    assert.deepEqual(told, [48, 48]);
    assert.equal(await stored(), 2);
  });

  it('where Redis counts, a scan that has to be made again is counted once', async () => {
    const counts: number[] = [];
    const permits: PermitStore = {
      take: (requests) => {
        counts.push(requests.length);
        return Promise.resolve(
          requests.map(() => ({ granted: 1, remaining: 9, freesMs: 60_000, lastsMs: 1000, slice: 1 })),
        );
      },
      forget: () => Promise.resolve(),
    };
    const window = new SharedWindow({ permits, secret: new Uint8Array(32) }, 'elsewhere', 50, 60_000);
    ctx = { ...ctx, parts: { ...ctx.parts, scanLimits: { key: null, tenant: window } } };
    await scan();
    const { tenantId } = ctx.identity;
    await test.database
      .admin`update postern.tenants set profile = '{"domains":["later.example"]}' where tenant_id = ${tenantId}`;
    const told: number[] = [];
    await scan({ onLimits: () => told.push(1) });
    assert.deepEqual(asked, ['open', 'store', 'store on trust', 'open', 'store']);
    assert.deepEqual([counts.length, told.length], [2, 1]);
  });

  it('a tenant that was deleted a moment ago is refused as one that does not exist', async () => {
    await scan();
    await test.database.admin`delete from postern.tenants where tenant_id = ${ctx.identity.tenantId}`;
    await assert.rejects(scan(), { code: 'auth.forbidden' });
  });
});

/** A pool whose scans go another way. */
function scanningBy(pool: ScanPool, scan: ScanPool['scan']): ScanPool {
  return { scan, rescan: (request) => pool.rescan(request), close: () => pool.close(), load: pool.load };
}
