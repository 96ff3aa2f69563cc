import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import type { ApiKeyRow, NewApiKey } from '../../src/store/interfaces/api-keys.js';
import { connect } from '../../src/store/connect.js';
import type { TenantId, TenantRole, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

/** Beside what test/store/isolation.test.ts tries on every table. */
describe('API keys under the application’s own login', () => {
  let db: TestDatabase;
  let app: Sql;
  let tenant: TenantId;
  let alice: UserId;
  let admin: UserId;
  let key: ApiKeyRow;
  const secretHash = randomBytes(32);
  const fields = (ownerId: UserId): NewApiKey => ({
    ...{ ownerId, name: 'mx', scopes: ['scan:write'], sandbox: false, hint: 'pst_abcd' },
    ...{ networks: [], origins: [], expiresAt: null, secretHash },
  });
  const as = (userId: UserId, role: TenantRole) => ({ kind: 'user', userId, role }) as const;

  before(async () => {
    db = await createTestDatabase();
    app = connect(db.appUrl, { max: 1, applicationName: 'attack' });
    tenant = await db.addTenant();
    [alice, admin] = [await db.addUser(), await db.addUser()];
    await db.addMember(tenant, alice, 'org_member');
    await db.addMember(tenant, admin, 'org_owner');
    key = await db.store.withTenant(tenant, as(alice, 'org_member'), ({ apiKeys }) => apiKeys.add(fields(alice)));
  });
  after(() => app.end({ timeout: 1 }));

  const pinned = <T>(user: UserId, role: string, work: (sql: TransactionSql) => Promise<T>) =>
    app.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', ${tenant}, true), set_config('app.user_id', ${user}, true),
        set_config('app.role', ${role}, true)`;
      return work(sql);
    });

  it('reads no hash and writes no secret, not even of one’s own key', async () => {
    for (const statement of [
      'select secret_hash from postern.api_keys',
      'select former_hash from postern.api_keys',
      `update postern.api_keys set secret_hash = sha256('mine')`,
      `update postern.api_keys set scopes = '{scan:write,content:read}'`,
      'update postern.api_keys set expires_at = null',
    ]) {
      await assert.rejects(
        pinned(alice, 'org_member', (sql) => sql.unsafe(statement)),
        { code: '42501' },
        statement,
      );
    }
  });

  it('makes no key in another’s name, and gives another’s no new secret, not even as the owner of the tenant', async () => {
    await assert.rejects(
      db.store.withTenant(tenant, as(admin, 'org_owner'), ({ apiKeys }) =>
        apiKeys.add({ ...fields(alice), secretHash: randomBytes(32) }),
      ),
      (error: { cause?: { message: string } }) => /row-level security/.test(error.cause?.message ?? ''),
    );
    const next = { secretHash: randomBytes(32), hint: 'pst_efgh', overlapSeconds: 0 };
    const rotated = await db.store.withTenant(tenant, as(admin, 'org_owner'), ({ apiKeys }) =>
      apiKeys.rotate(key.id, next),
    );
    assert.equal(rotated, null);
    const found = await db.store.withSystem('sign-in', ({ apiKeys }) => apiKeys.find(secretHash));
    assert.equal(found?.user.id, alice);
  });

  it('is looked up for the purpose of signing in only', async () => {
    await assert.rejects(
      db.store.withSystem('health', ({ apiKeys }) => apiKeys.find(secretHash)),
      (error: { cause?: { message: string } }) => /not for the purpose/.test(error.cause?.message ?? ''),
    );
  });

  it('stays revoked: nobody takes that back', async () => {
    const revoked = await db.store.withTenant(tenant, as(admin, 'org_owner'), ({ apiKeys }) => apiKeys.revoke(key.id));
    assert.equal(revoked?.id, key.id);
    for (const [user, role] of [
      [alice, 'org_member'],
      [admin, 'org_owner'],
    ] as const) {
      const result = await pinned(user, role, (sql) => sql`update postern.api_keys set revoked_at = null`);
      assert.equal(result.count, 0);
    }
    const found = await db.store.withSystem('sign-in', ({ apiKeys }) => apiKeys.find(secretHash));
    assert.equal(found?.revoked, true);
  });
});
