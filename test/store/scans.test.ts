import assert from 'node:assert/strict';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { newScan } from './sample.js';
import type { Actor, ScanRow, TenantId, UserId } from '../../src/store/store.js';

describe('stored scans', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  let user: UserId;
  let actor: Actor;
  before(async () => {
    db = await createTestDatabase();
    tenant = await db.addTenant();
    user = await db.addUser();
    actor = { kind: 'user', userId: user, role: 'org_member' };
  });

  const store = (scan: Parameters<typeof newScan>[0] = {}): Promise<ScanRow> =>
    db.store.withTenant(tenant, actor, async ({ scans, contents }) => {
      const { id, expiresAt } = await scans.reserveId();
      const row = await scans.insert(id, expiresAt, newScan({ ownerId: user, ...scan }));
      await contents.put(id, new Uint8Array([1, 2, 3]));
      return row;
    });

  it('a stored scan is found by its id, with everything that was given', async () => {
    const row = await store({ subject: 'Invoice', verdict: { findings: [{ id: 'x', evidence: 'é' }] } });
    const found = await db.store.withTenant(tenant, actor, ({ scans }) => scans.get(row.id));
    assert.deepEqual(found, row);
    assert.equal(found?.subject, 'Invoice');
    assert.deepEqual(found.verdict, { findings: [{ id: 'x', evidence: 'é' }] });
    assert.equal(Math.round((found.expiresAt.getTime() - found.createdAt.getTime()) / 86_400_000), 7);
  });

  it('sealed content comes back byte for byte and can be replaced', async () => {
    const { id } = await store();
    const read = () => db.store.withTenant(tenant, actor, ({ contents }) => contents.get(id));
    assert.deepEqual([...(await read())!], [1, 2, 3]);
    await db.store.withTenant(tenant, actor, ({ contents }) => contents.put(id, new Uint8Array([9])));
    assert.deepEqual([...(await read())!], [9]);
  });
});
