import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { countTogether } from '../../../src/services/limits/count-together.js';
import type { PermitStore } from '../../../src/services/limits/permit-store.js';
import { permitsInPostgres } from '../../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../../src/services/limits/shared-window.js';
import { openStore } from '../../../src/store/open-store.js';
import type { Store, TenantId } from '../../../src/store/store.js';
import { describePermitStore } from '../../contracts/permit-store-contract.js';
import { createTestDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';

describe('limits counted in PostgreSQL', () => {
  let db: TestDatabase;
  let second: Store;
  before(async () => {
    db = await createTestDatabase();
    second = await openStore({ appUrl: db.appUrl, connections: 4 });
  });
  after(() => second.close());

  const age = (milliseconds: number) => db.admin`update postern.shared_windows
    set newest = newest - ${milliseconds}::int / (window_ms / (cardinality(counts) - 1))`;

  describePermitStore(() => ({
    processes: [db.store, second, db.store].map(permitsInPostgres),
    address: { appUrl: db.appUrl, redisUrl: null },
    age,
    names: async () =>
      (await db.admin<{ name: string }[]>`select key::text as name from postern.shared_windows`).map(
        ({ name }) => name,
      ),
  }));

  it('windows that have ended are removed, and no other', async () => {
    const window = new SharedWindow({ permits: permitsInPostgres(db.store), secret: randomBytes(32) }, 'a', 3, 60_000);
    await window.hit('k');
    await age(10 * 3_600_000);
    await window.hit('later');
    await db.store.withSystem('limits', ({ permits }) => permits.forgetIdle());
    assert.equal((await db.admin`select from postern.shared_windows`).length, 1);
  });

  it('a permit whose slice ends while the answer is on its way is used by whoever asked for it', async () => {
    const postgres = permitsInPostgres(db.store);
    const late: PermitStore = {
      ...postgres,
      take: async (requests) => (await postgres.take(requests)).map((permits) => ({ ...permits, lastsMs: 0 })),
    };
    const window = new SharedWindow({ permits: late, secret: randomBytes(32) }, 'late', 20, 3_600_000);
    const waits = await Promise.all(Array.from({ length: 30 }, () => window.hit('k')));
    assert.equal(waits.filter((wait) => wait === 0).length, 20);
  });

  describe('in the transaction of a tenant', () => {
    const parts = () => ({ permits: permitsInPostgres(db.store), secret: randomBytes(32) });
    const inside = async (tenant: TenantId, window: SharedWindow, fail = false) =>
      await db.store.withTenant(tenant, { kind: 'user', userId: randomUUID(), role: 'org_member' }, async (scope) => {
        const [state] = await countTogether([{ window, key: 'k' }], scope.permits);
        if (fail) throw new Error('refused');
        return state!.remaining;
      });

    it('what is rolled back was not counted', async () => {
      const [tenant, window] = [await db.addTenant(), new SharedWindow(parts(), 'scans', 5, 60_000)];
      await assert.rejects(inside(tenant, window, true), /refused/);
      assert.equal(await inside(tenant, window), 4);
    });

    it('a tenant counts under keys of its own: nobody uses up what is another’s', async () => {
      const [a, b] = [await db.addTenant(), await db.addTenant()];
      const window = new SharedWindow(parts(), 'scans', 5, 60_000);
      assert.deepEqual([await inside(a, window), await inside(a, window), await inside(b, window)], [4, 3, 4]);
      assert.equal((await window.count('k')).remaining, 4, 'nor what is no tenant’s');
    });

    it('asks no second time where it is known to be full', async () => {
      const [tenant, window] = [await db.addTenant(), new SharedWindow(parts(), 'scans', 1, 60_000)];
      await inside(tenant, window);
      await inside(tenant, window);
      await db.admin`truncate postern.shared_windows`;
      assert.equal(await inside(tenant, window), 0);
    });
  });
});
