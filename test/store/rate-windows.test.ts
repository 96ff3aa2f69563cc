import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TenantId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const CLIENT = join(import.meta.dirname, 'rate-client.js');

describe('counting requests of the last minute', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });

  const count = async (tenant: TenantId, ...buckets: string[]) =>
    (
      await db.store.withTenant(tenant, { kind: 'user', userId: randomUUID(), role: 'org_member' }, ({ rates }) =>
        rates.count(buckets),
      )
    ).map(({ used }) => used);
  /** As if these seconds had gone by. */
  const age = (tenant: TenantId, seconds: number) =>
    db.admin`update postern.rate_windows set newest = newest - ${seconds} where tenant_id = ${tenant}`;

  it('of three processes that ask at once, exactly as many requests are within the limit as it allows', async function () {
    this.timeout(60_000);
    const tenant = await db.addTenant();
    const runs = await Promise.all(
      [1, 2, 3].map(() => promisify(execFile)(process.execPath, [CLIENT, db.appUrl, tenant, '40', '50'])),
    );
    assert.equal(
      runs.map(({ stdout }) => Number(stdout)).reduce((sum, one) => sum + one, 0),
      50,
    );
  });

  it('what was rolled back was not counted', async () => {
    const tenant = await db.addTenant();
    const broken = db.store.withTenant(tenant, { kind: 'worker', job: 'test' }, async ({ rates }) => {
      await rates.count(['tenant']);
      throw new Error('refused');
    });
    await assert.rejects(broken, /refused/);
    assert.deepEqual(await count(tenant, 'tenant'), [1]);
  });

  it('slides: a request counts for a whole minute wherever it began, and then no more', async () => {
    const tenant = await db.addTenant();
    await count(tenant, 'tenant');
    await age(tenant, 30);
    assert.deepEqual(await count(tenant, 'tenant'), [2]);
    // Not 30: the test itself may take seconds.
    await age(tenant, 25);
    assert.deepEqual(await count(tenant, 'tenant'), [3]);
    await age(tenant, 8);
    assert.deepEqual(await count(tenant, 'tenant'), [3], 'the first has gone');
    await age(tenant, 1000);
    assert.deepEqual(await count(tenant, 'tenant'), [1]);
    await age(tenant, -20);
    assert.deepEqual(await count(tenant, 'tenant'), [2], 'a clock that was set back forgets nothing');
  });

  it('counts each bucket and each tenant for itself', async () => {
    const [a, b] = [await db.addTenant(), await db.addTenant()];
    assert.deepEqual(await count(a, 'tenant', 'key:1'), [1, 1]);
    assert.deepEqual(await count(a, 'tenant', 'key:2'), [2, 1]);
    assert.deepEqual(await count(b, 'tenant', 'key:1'), [1, 1]);
    const rows = await db.admin`select array_length(slices, 1) as n from postern.rate_windows`;
    assert.deepEqual([...new Set(rows.map((row) => row['n'] as number))], [61]);
  });
});
