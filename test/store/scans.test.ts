import assert from 'node:assert/strict';
import type { Actor, NewScan, ScanFilter, ScanRow, ScanTable, TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { refuses } from '../helpers/refuses.js';
import { newScan } from './sample.js';

describe('stored scans', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let user: UserId;
  let actor: Actor;
  before(async () => (db = await createTestDatabase()));
  beforeEach(async () => {
    tenant = await db.addTenant();
    user = await db.addUser();
    actor = { kind: 'user', userId: user, role: 'org_member' };
  });

  const add = (scan: Partial<NewScan> = {}): Promise<ScanRow> =>
    db.store.withTenant(tenant, actor, async ({ scans, contents }) => {
      const { id, expiresAt } = await scans.reserveId();
      const row = await scans.insert(id, expiresAt, newScan({ ownerId: user, ...scan }));
      await contents.put(id, new Uint8Array([1, 2, 3]));
      return row;
    });
  const inScans = <T>(work: (scans: ScanTable) => Promise<T>): Promise<T> =>
    db.store.withTenant(tenant, actor, (tenantDb) => work(tenantDb.scans));
  const rows = async (table: string): Promise<number> => {
    const [row] = await db.admin.unsafe<{ n: number }[]>(
      `select count(*)::int as n from postern.${table} where tenant_id = '${tenant}'`,
    );
    return row!.n;
  };

  it('a stored scan is found by its id, with everything that was given', async () => {
    const row = await add({
      subject: 'Invoice',
      verdict: { findings: [{ id: 'x', evidence: 'é' }] },
      messageDate: '2026-01-02T03:04:05.000Z',
    });
    const found = await inScans((scans) => scans.get(row.id));
    assert.ok(found !== null);
    assert.deepEqual(found, row);
    assert.equal(found.subject, 'Invoice');
    assert.equal(found.messageDate, '2026-01-02T03:04:05.000Z');
    assert.deepEqual(found.verdict, { findings: [{ id: 'x', evidence: 'é' }] });
    assert.equal(Math.round((found.expiresAt.getTime() - found.createdAt.getTime()) / 86_400_000), 7);
  });

  it('mail with bytes that PostgreSQL cannot hold is stored, with a mark in their place', async () => {
    const row = await add({
      subject: 'a\0b',
      fromName: '\ud83d',
      verdict: { evidence: 'c\0\udc00d', 'k\0': 1 },
      indicators: [{ kind: 'url', value: 'http://x/\0' }],
    });
    assert.equal(row.subject, 'a\ufffdb');
    assert.equal(row.fromName, '\ufffd');
    assert.deepEqual(row.verdict, { evidence: 'c\ufffd\ufffdd', 'k\ufffd': 1 });
  });

  it('a thousand indicators and a link of 60,000 characters are no obstacle', async () => {
    const indicators = Array.from({ length: 1000 }, (_, i) => ({ kind: 'url', value: `https://example.test/${i}` }));
    await add({ indicators: [...indicators, ...indicators, { kind: 'url', value: 'x'.repeat(60_000) }] });
    assert.equal(await rows('indicators'), 1001);
  });

  it('a page stored in one statement reads like the same scans stored one by one', async () => {
    const given = [
      newScan({ ownerId: user, subject: 'a\0b', verdict: { evidence: 'é\0\udc00', n: [1, null] }, indicators: [] }),
      newScan({ ownerId: user, score: 99.25, milliseconds: 12.6, messageDate: '2026-01-02T03:04:05.000Z' }),
      newScan({
        ownerId: user,
        indicators: [0, 1, 1].map((n) => ({ kind: 'url', value: `https://example.test/${n}` })),
      }),
    ];
    // Long enough that they take several statements.
    const sealed = given.map((_, n) => new Uint8Array(5_000_000).fill(n + 1));
    const [singly, together] = await inScans(async (scans) => {
      const ids = await scans.reserveIds(6);
      const entries = [...given, ...given].map((scan, n) => ({ ...ids[n]!, scan, sealed: sealed[n % 3]! }));
      for (const { id, expiresAt, scan, sealed: bytes } of entries.slice(0, 3))
        await scans.insert(id, expiresAt, scan, bytes);
      await scans.insertAll(entries.slice(3));
      const read = await Promise.all(entries.map(async ({ id }) => ({ ...(await scans.get(id))!, id: '' })));
      return [read.slice(0, 3), read.slice(3)];
    });
    assert.deepEqual(together, singly);
    const stored = await db.admin<{ length: number; byte: number; found: number }[]>`
      select length(sealed) as length, get_byte(sealed, 4999999) as byte, (select count(*)::int from postern.indicators i
        where i.scan_id = c.scan_id) as found from postern.message_contents c where tenant_id = ${tenant} order by 2, 3`;
    assert.deepEqual(
      stored.map(({ length, byte }) => [length, byte]),
      [1, 1, 2, 2, 3, 3].map((byte) => [5_000_000, byte]),
    );
    assert.deepEqual(stored.map(({ found }) => found).slice(4), [2, 2]);
  });

  it('sealed content comes back byte for byte and can be replaced', async () => {
    const { id } = await add();
    const read = () => db.store.withTenant(tenant, actor, ({ contents }) => contents.get(id));
    assert.deepEqual([...(await read())!], [1, 2, 3]);
    await db.store.withTenant(tenant, actor, ({ contents }) => contents.put(id, new Uint8Array([9])));
    assert.deepEqual([...(await read())!], [9]);
  });

  it('content without its scan is refused', async () => {
    const { id } = await inScans((scans) => scans.reserveId());
    for (const absent of [id, 'nonsense']) {
      await refuses('scan.not-found', () =>
        db.store.withTenant(tenant, actor, ({ contents }) => contents.put(absent, new Uint8Array([1]))),
      );
    }
  });

  it('what fails leaves nothing behind', async () => {
    await assert.rejects(
      db.store.withTenant(tenant, actor, async ({ scans, audit }) => {
        const { id, expiresAt } = await scans.reserveId();
        await scans.insert(id, expiresAt, newScan({ ownerId: user }));
        await audit.append({ action: 'scan.created', target: id, outcome: 'succeeded', details: {} });
        throw new Error('sealing failed');
      }),
      /sealing failed/,
    );
    assert.deepEqual([await rows('scans'), await rows('indicators'), await rows('audit_events')], [0, 0, 0]);
  });

  it('a rescan replaces verdict and indicators and says when', async () => {
    const { id } = await add();
    const replaced = await inScans((scans) =>
      scans.replaceVerdict(id, {
        label: 'safe',
        score: 3.25,
        verdict: { findings: ['y'] },
        milliseconds: 5.4,
        indicators: [{ kind: 'ip', value: '192.0.2.1' }],
      }),
    );
    assert.ok(replaced?.rescannedAt instanceof Date);
    assert.deepEqual([replaced.label, replaced.score, replaced.milliseconds], ['safe', 3.25, 5]);
    const [indicator] = await db.admin`select kind, value from postern.indicators where tenant_id = ${tenant}`;
    assert.deepEqual({ ...indicator }, { kind: 'ip', value: '192.0.2.1' });
  });

  it("an admin's rescan of another person's message leaves it that person's", async () => {
    const { id } = await add();
    const admin: Actor = { kind: 'user', userId: await db.addUser(), role: 'org_admin' };
    const verdict = { label: 'spam', score: 1, verdict: {}, milliseconds: 1, indicators: newScan().indicators };
    const row = await db.store.withTenant(tenant, admin, ({ scans }) => scans.replaceVerdict(id, verdict));
    assert.equal(row?.ownerId, user);
    const [indicator] = await db.admin`select owner_id from postern.indicators where tenant_id = ${tenant}`;
    assert.equal(indicator?.['owner_id'], user);
  });

  it('deleting a scan takes content and indicators along, also those its deleter may not read', async () => {
    const { id } = await add();
    const admin: Actor = { kind: 'user', userId: await db.addUser(), role: 'org_admin' };
    assert.equal(await db.store.withTenant(tenant, admin, ({ scans }) => scans.delete(id)), true);
    assert.deepEqual([await rows('scans'), await rows('indicators'), await rows('message_contents')], [0, 0, 0]);
    assert.equal(await inScans((scans) => scans.delete(id)), false);
  });

  it('another member and another tenant cannot tell an existing scan from none', async () => {
    const { id } = await add();
    const other: Actor = { kind: 'user', userId: await db.addUser(), role: 'org_member' };
    const verdict = { label: 'safe', score: 0, verdict: {}, milliseconds: 1, indicators: [] };
    for (const where of [tenant, await db.addTenant()]) {
      const seen: readonly unknown[] = await db.store.withTenant(where, other, async ({ scans, contents }) => [
        await scans.get(id),
        await contents.get(id),
        await scans.replaceVerdict(id, verdict),
        await scans.delete(id),
      ]);
      assert.deepEqual(seen, [null, null, null, false]);
    }
    for (const made of ['', 'x', "fr0-'; drop table", 'zzzz-0000000000000000000000', '000-0000000000000000000000']) {
      assert.equal(await inScans((scans) => scans.get(made)), null);
    }
  });

  describe('in the history', () => {
    /** Moves a stored scan to another moment, as if it had been stored then. */
    async function backdate({ id }: ScanRow, days: number): Promise<void> {
      await db.admin`
        with moved as (update postern.scans set created_at = created_at - make_interval(days => ${days})
          where tenant_id = ${tenant} and scan_id = ${id} returning tenant_id, expires_on, created_at)
        insert into postern.scan_days select tenant_id, expires_on, (created_at at time zone 'UTC')::date from moved`;
    }
    const subjects = (filter: ScanFilter, limit = 50) =>
      inScans(async (scans) => (await scans.list(filter, limit, null)).map(({ subject }) => subject));

    it('pages cover every scan exactly once, newest first, over many expiry days', async () => {
      const added: string[] = [];
      for (const days of [1, 7, 30, 90, 365]) {
        await db.admin`update postern.tenants set retention_days = ${days} where tenant_id = ${tenant}`;
        for (let i = 0; i < 3; i += 1) added.push((await add({ subject: `${days}/${i}` })).id);
      }
      const seen: string[] = [];
      for (let after: ScanRow | null = null; ;) {
        const page: readonly ScanRow[] = await inScans((scans) => scans.list({}, 4, after));
        seen.push(...page.map(({ id }) => id));
        if (page.length < 4) break;
        after = page.at(-1)!;
      }
      assert.deepEqual(seen, added.reverse());
    });

    it('filters narrow by label, date, sender and subject, and wildcards are letters', async () => {
      await add({ subject: 'Rechnung 100%', fromName: 'Bank', fromAddress: 'a_b@bank.test', label: 'safe' });
      await add({ subject: 'Invoice', fromName: 'Shop', fromAddress: 'axb@shop.test', label: 'spam' });
      const old = await add({ subject: 'Old', label: 'malware' });
      await backdate(old, 3);
      const yesterday = new Date(Date.now() - 86_400_000);
      assert.deepEqual(await subjects({ labels: ['safe', 'spam'] }), ['Invoice', 'Rechnung 100%']);
      assert.deepEqual(await subjects({ since: yesterday }), ['Invoice', 'Rechnung 100%']);
      assert.deepEqual(await subjects({ until: yesterday }), ['Old']);
      assert.deepEqual(await subjects({ sender: 'BANK' }), ['Rechnung 100%']);
      assert.deepEqual(await subjects({ sender: 'a_b@' }), ['Rechnung 100%']);
      assert.deepEqual(await subjects({ subject: '0%' }), ['Rechnung 100%']);
      assert.deepEqual(await subjects({ subject: 'inv', labels: ['spam'] }), ['Invoice']);
      assert.deepEqual(await subjects({ labels: [] }), []);
    });

    it('a member lists their own, an admin everything of the tenant', async () => {
      await add();
      const list = (who: Actor) => db.store.withTenant(tenant, who, ({ scans }) => scans.list({}, 10, null));
      assert.equal((await list({ kind: 'user', userId: await db.addUser(), role: 'org_member' })).length, 0);
      assert.equal((await list({ kind: 'user', userId: await db.addUser(), role: 'org_admin' })).length, 1);
      assert.equal((await list({ kind: 'worker', job: 'test' })).length, 1);
    });

    it('the overview counts by day and label', async () => {
      const old = await add({ label: 'safe' });
      await add({ label: 'safe' });
      await add({ label: 'spam' });
      await backdate(old, 2);
      const counts = await inScans((scans) => scans.countsByDay(new Date(Date.now() - 5 * 86_400_000)));
      const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
      assert.deepEqual(counts, [
        { day: day(2), label: 'safe', count: 1 },
        { day: day(0), label: 'safe', count: 1 },
        { day: day(0), label: 'spam', count: 1 },
      ]);
    });
  });
});
