import assert from 'node:assert/strict';
import type { MemberContext } from '../../../src/services/context.js';
import { forgetDeletions, logDeletions } from '../../../src/services/privacy/log-deletions.js';
import { reapplyDeletions } from '../../../src/services/privacy/reapply-deletions.js';
import { deleteScan } from '../../../src/services/scans/delete-scan.js';
import { createScanId } from '../../../src/store/tables/scans/scan-id.js';
import { newScan } from '../../store/sample.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';

const DAY_MS = 86_400_000;

describe('the log of deletions where a clock was set wrong', () => {
  let test: TestParts;
  let ctx: MemberContext;
  let real: Date;
  beforeEach(async function () {
    this.timeout(60_000);
    test = await createTestParts();
    ctx = await test.context('org_owner');
    real = test.clock.now;
    await test.parts.store.withSystem('partitions', (db) => db.maintainPartitions());
  });
  afterEach(() => test.close());

  const at = (days: number) => (test.clock.now = new Date(real.getTime() + days * DAY_MS));
  const put = async (id: string, expiresAt: Date) => {
    await test.parts.store.withTenant(ctx.identity.tenantId, { kind: 'worker', job: 'test' }, (db) =>
      db.scans.insert(id, expiresAt, newScan({ ownerId: ctx.identity.userId })),
    );
    return async () => await put(id, expiresAt);
  };
  /** Stores one, deletes it with the clock as it is, and has that logged. Returns how to bring it back, as an older copy does. */
  const deleted = async () => {
    const [tenant] = await test.database.admin<{ days: number }[]>`select retention_days as days from postern.tenants
      where tenant_id = ${ctx.identity.tenantId}`;
    const expiresAt = new Date(real.getTime() + (tenant?.days ?? 0) * DAY_MS);
    const id = createScanId(expiresAt);
    const bringBack = await put(id, expiresAt);
    await deleteScan({ ctx, input: { id } });
    await logDeletions(test.parts);
    return bringBack;
  };
  const mark = async () => {
    const [row] = await test.database.admin<{ until: Date | string }[]>`select logged_until as until
      from postern.deletion_mark`;
    return new Date(row?.until ?? 0);
  };
  const putMark = (to: Date) =>
    test.database.admin`update postern.deletion_mark set logged_until = ${to.toISOString()}`;
  const start = async () => (await reapplyDeletions(test.parts)).scans;
  const lines = async () => (await test.parts.deletions.scans.readSince(new Date(0))).length;

  it('set back by days or years: what is deleted then is deleted again when a copy of before is put back', async () => {
    for (const days of [-3, -9000]) {
      at(0);
      await start();
      const copied = await mark();
      at(days);
      const bringBack = await deleted();
      at(0);
      await bringBack();
      await putMark(copied);
      assert.equal(await start(), 1, `${days} days`);
      assert.ok((await mark()) >= copied);
    }
  });

  it('set ahead: what is deleted after it is right again is deleted again, also of a copy that has the mark of then', async () => {
    at(30);
    await start();
    const copied = await mark();
    at(0);
    assert.equal(await start(), 0);
    const bringBack = await deleted();
    await bringBack();
    await putMark(copied);
    assert.equal(await start(), 1, 'at once');
    const again = await deleted();
    at(31);
    await again();
    await putMark(copied);
    assert.equal(await start(), 1, 'and when the time of the mark has come');
  });

  it('no month is removed for it: neither what was written by a clock that was behind, nor by one that is ahead', async () => {
    at(-9000);
    await start();
    await deleted();
    at(0);
    await start();
    await forgetDeletions(test.parts);
    assert.equal(await lines(), 1, 'its file is of a month long gone, and its scan is not');
    at(0);
    await deleted();
    at(9000);
    await forgetDeletions(test.parts);
    assert.equal(await lines(), 2);
  });
});
