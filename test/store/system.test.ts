import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from '../../src/store/connect.js';
import type { SystemDb, SystemPurpose } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { refuses } from '../helpers/refuses.js';

describe('work that belongs to no tenant', () => {
  let db: TestDatabase;
  before(async () => (db = await createTestDatabase()));
  const first = (email = 'Admin@Example.test') => ({
    ...{ email, displayName: 'Ada', passwordHash: 'hash', organisation: 'Acme' },
  });
  const system = <T>(purpose: SystemPurpose, work: (system: SystemDb) => Promise<T>) =>
    db.store.withSystem(purpose, work);

  it('of ten who set postern up at once exactly one becomes the administrator', async () => {
    assert.equal(await system('setup', (s) => s.needsSetup()), true);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        system('setup', (s) => s.createFirstAdministrator(first(`a${i}@example.test`))),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 9);
    for (const { reason } of refused) assert.equal((reason as { code: string }).code, 'setup.already-done');
    assert.equal(await system('setup', (s) => s.needsSetup()), false);
    const [counts] = await db.admin`select (select count(*) from postern.users)::int as users,
      (select count(*) from postern.tenants)::int as tenants, (select count(*) from postern.memberships)::int as memberships`;
    assert.deepEqual({ ...counts }, { users: 1, tenants: 2, memberships: 2 });
  });

  it('the administrator owns one organisation and a personal tenant, both unlimited, and it is in the log', async () => {
    const other = await createTestDatabase();
    const user = await other.store.withSystem('setup', (s) => s.createFirstAdministrator(first()));
    assert.deepEqual([user.email, user.superAdmin, user.displayName], ['admin@example.test', true, 'Ada']);
    assert.deepEqual(
      user.memberships.map(({ role, tenantName }) => [role, tenantName]),
      [
        ['org_owner', 'Acme'],
        ['user', 'Ada'],
      ],
    );
    const organisation = user.memberships[0]!.tenantId;
    const [tenant, events] = await other.store.withTenant(
      organisation,
      { kind: 'user', userId: user.id, role: 'org_owner' },
      async ({ profile, audit }) => [await profile.get(), await audit.list(10)] as const,
    );
    assert.deepEqual([tenant.tier, tenant.retentionDays, tenant.kind], ['unlimited', 365, 'organisation']);
    assert.deepEqual(
      events.map(({ action, actor }) => [action, actor]),
      [['setup.completed', 'system:setup']],
    );
  });

  it('a person is found by address in any case, with where they belong, and nobody by a stranger', async () => {
    const [tenant, user] = [await db.addTenant({ name: 'Acme' }), await db.addUser({ email: 'eve@Example.test' })];
    await db.addMember(tenant, user, 'org_admin');
    const found = await system('sign-in', (s) => s.findUserByEmail('EVE@example.TEST'));
    assert.equal(found?.id, user);
    assert.deepEqual(found.memberships, [{ tenantId: tenant, role: 'org_admin', tenantName: 'Acme' }]);
    assert.deepEqual(await system('sign-in', (s) => s.findUserById(user)), found);
    assert.equal(await system('sign-in', (s) => s.findUserByEmail('nobody@example.test')), null);
    assert.equal(await system('sign-in', (s) => s.findUserById(randomUUID())), null);
  });

  it('each sign-in, and each that failed, is in the log of the tenant', async () => {
    const [tenant, user] = [await db.addTenant(), await db.addUser()];
    await db.addMember(tenant, user, 'org_owner');
    await system('sign-in', async (s) => {
      await s.recordSignIn(user, 'failed');
      await s.recordSignIn(user, 'succeeded');
    });
    const events = await db.store.withTenant(tenant, { kind: 'user', userId: user, role: 'org_owner' }, ({ audit }) =>
      audit.list(10),
    );
    assert.deepEqual(
      events.map(({ action, actor, outcome }) => [action, actor, outcome]),
      [
        ['auth.signed-in', `user:${user}`, 'succeeded'],
        ['auth.signed-in', `user:${user}`, 'refused'],
      ],
    );
  });

  it('a purpose opens its own functions only', async () => {
    const forbidden: [SystemPurpose, (s: SystemDb) => Promise<unknown>][] = [
      ['health', (s) => s.findUserByEmail('x')],
      ['jobs', (s) => s.findUserById(randomUUID())],
      ['sign-in', (s) => s.createFirstAdministrator(first('late@example.test'))],
      ['partitions', (s) => s.needsSetup()],
    ];
    for (const [purpose, work] of forbidden) await assert.rejects(system(purpose, work), purpose);
    await system('health', (s) => s.ping());
  });

  it('the application cannot read people, sessions or the system log itself', async () => {
    const app = connect(db.appUrl, { max: 1, applicationName: 'attack' });
    try {
      for (const table of ['users', 'sessions', 'setup_links', 'system_events', 'migrations']) {
        await assert.rejects(app.unsafe(`select * from postern.${table}`), { code: '42501' }, table);
      }
      await assert.rejects(app`select postern.account_of(${randomUUID()})`, { code: '42501' });
      await assert.rejects(app`select * from postern.find_account_by_email('x')`, { code: '42501' });
    } finally {
      await app.end();
    }
  });

  it('a tenant that does not exist, or is no id at all, is refused', async () => {
    for (const tenant of [randomUUID(), 'x', "'; drop table"]) {
      await refuses('auth.forbidden', () =>
        db.store.withTenant(tenant, { kind: 'worker', job: 'test' }, ({ profile }) => profile.get()),
      );
    }
  });
});
