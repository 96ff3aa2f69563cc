import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { privacyJobs } from '../../../src/jobs/privacy.js';
import { forgetDeletions, logDeletions } from '../../../src/services/privacy/log-deletions.js';
import { reapplyDeletions } from '../../../src/services/privacy/reapply-deletions.js';
import { deleteScan } from '../../../src/services/scans/delete-scan.js';
import type { MemberContext } from '../../../src/services/context.js';
import { createScanId } from '../../../src/store/tables/scans/scan-id.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';
import { newScan } from '../../store/sample.js';

describe('single scans in the log of deletions', () => {
  let test: TestParts;
  before(async function () {
    this.timeout(60_000);
    test = await createTestParts();
  });
  after(() => test.close());

  const everything = new Date(0);
  const logged = async () => (await test.parts.deletions.scans.readSince(everything)).map(({ id }) => id);
  const waiting = async () => (await test.database.admin`select 1 from postern.deleted_scans`).length;
  const stored = async (ids: readonly string[]) =>
    (await test.database.admin`select 1 from postern.scans where scan_id in ${test.database.admin(ids)}`).length;
  async function scans(ctx: MemberContext, many: number): Promise<readonly string[]> {
    const ids: string[] = [];
    const { tenantId } = ctx.identity;
    const [tenant] = await test.database.admin<{ days: number }[]>`select retention_days as days from postern.tenants
      where tenant_id = ${tenantId}`;
    const expiresAt = new Date(Date.now() + (tenant?.days ?? 0) * 86_400_000);
    await test.parts.store.withSystem('partitions', (db) => db.maintainPartitions());
    await test.parts.store.withTenant(tenantId, { kind: 'worker', job: 'test' }, async (db) => {
      for (let n = 0; n < many; n += 1) {
        const id = createScanId(expiresAt);
        await db.scans.insert(id, expiresAt, newScan({ ownerId: ctx.identity.userId }));
        ids.push(id);
      }
    });
    return ids;
  }

  it('are written once each, all that wait together, and wait no longer then', async () => {
    const [one, two] = [await test.context('org_owner'), await test.context('org_owner')];
    const ids = [...(await scans(one, 20)), ...(await scans(two, 5))];
    for (const [index, id] of ids.entries()) await deleteScan({ ctx: index < 20 ? one : two, input: { id } });
    assert.equal(await waiting(), 25);
    assert.deepEqual(await logged(), []);
    const [jobs] = await test.database.admin`select count(*)::int as jobs from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'log-deletions'`;
    assert.equal(jobs?.['jobs'], 2, 'one a tenant, however many scans');
    await Promise.all([logDeletions(test.parts), logDeletions(test.parts)]);
    assert.deepEqual([...(await logged())].sort(), [...ids].sort());
    assert.equal(await waiting(), 0);
    await logDeletions(test.parts);
    assert.equal((await logged()).length, 25);
  });

  it('are deleted again where an older database has them, and nothing that the log does not name', async () => {
    const ctx = await test.context('org_owner');
    const [gone, kept] = [await scans(ctx, 3), await scans(ctx, 2)];
    const { tenantId } = ctx.identity;
    const unknown = { tenantId: randomUUID(), id: createScanId(new Date(Date.now() + 86_400_000)) };
    await test.parts.deletions.scans.append([...gone.map((id) => ({ tenantId, id })), unknown], test.parts.now());
    // An id of another tenant's scan takes nothing.
    const other = await test.context('org_owner');
    await test.parts.deletions.scans.append(
      [{ tenantId: other.identity.tenantId, id: kept[0] ?? '' }],
      test.parts.now(),
    );
    assert.equal((await reapplyDeletions(test.parts)).scans, 3);
    assert.deepEqual([await stored(gone), await stored(kept)], [0, 2]);
    assert.equal((await reapplyDeletions(test.parts)).scans, 0, 'once');
  });

  it('are looked at from where the database had gone along with the log, not from its beginning', async () => {
    const ctx = await test.context('org_owner');
    const [old] = await scans(ctx, 1);
    const { tenantId } = ctx.identity;
    const longAgo = new Date(test.parts.now().getTime() - 3 * 86_400_000);
    await test.parts.deletions.scans.append([{ tenantId, id: old ?? '' }], longAgo);
    await test.parts.store.withSystem('erasure', (db) => db.erasure.markLogged(test.parts.now(), 0));
    assert.equal((await reapplyDeletions(test.parts)).scans, 0);
    await test.database.admin`update postern.deletion_mark set logged_until = ${longAgo.toISOString()}`;
    assert.equal((await reapplyDeletions(test.parts)).scans, 1);
  });

  it('go from the log when nothing that they name can be in any copy any more', async () => {
    const { scans: log } = test.parts.deletions;
    const day = 86_400_000;
    const now = test.parts.now().getTime();
    const entry = { tenantId: randomUUID(), id: createScanId(new Date(now - 35 * day)) };
    await test.parts.store.withSystem('erasure', (db) => db.erasure.markLogged(test.parts.now(), 0));
    await log.append([entry], new Date(now - 400 * day));
    const recent = (await log.readSince(new Date(now - 365 * day))).length;
    await forgetDeletions(test.parts);
    assert.equal((await log.readSince(everything)).length, recent);
  });

  it('are written without being told, too: hourly, and when a worker starts', async () => {
    const job = privacyJobs(test.parts).find(({ name }) => name === 'log-deletions');
    assert.ok(job !== undefined);
    assert.equal(job.atStart, true);
    assert.equal(job.every?.minutes, 60);
    const ctx = await test.context('org_owner');
    const [id] = await scans(ctx, 1);
    await deleteScan({ ctx, input: { id: id ?? '' } });
    await job.run({});
    assert.ok((await logged()).includes(id ?? ''));
  });

  it('cannot be read, taken out or marked as written by whoever is signed in', async () => {
    const { store } = test.parts;
    const ctx = await test.context('org_owner');
    const [id] = await scans(ctx, 1);
    await deleteScan({ ctx, input: { id: id ?? '' } });
    await assert.rejects(store.withSystem('jobs', (db) => db.erasure.takeDeletedScans(10)));
    await assert.rejects(store.withSystem('jobs', (db) => db.erasure.markLogged(new Date(), 0)));
    assert.equal(await waiting(), 1);
  });
});
