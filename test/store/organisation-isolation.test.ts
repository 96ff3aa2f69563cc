import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TenantId, UserId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { openAttacker } from './attacker.js';
import type { Attacker, Pinned } from './attacker.js';

/** Raw SQL under the application's login against what belongs to organisations: what a hole anywhere above could do. */
describe('row-level security of organisations', () => {
  let db: TestDatabase;
  let attacker: Attacker;
  let a: TenantId;
  let b: TenantId;
  let owner: UserId;
  let member: UserId;
  let mallory: UserId;
  before(async () => {
    db = await createTestDatabase();
    attacker = openAttacker(db.appUrl);
    [a, b] = [await db.addTenant(), await db.addTenant()];
    [owner, member, mallory] = [await db.addUser(), await db.addUser(), await db.addUser()];
    await db.addMember(a, owner, 'org_owner');
    await db.addMember(a, member, 'org_member');
    await db.addMember(b, mallory, 'org_owner');
    await db.admin`insert into postern.invitations (tenant_id, invitation_id, email, role, token_hash, expires_at)
      values (${a}, ${randomUUID()}, 'guest@example.test', 'org_member', 'x', now() + interval '1 day')`;
    await db.admin`insert into postern.consents (tenant_id, user_id, kind, granted) values (${a}, ${member}, 'llm', true)`;
    await db.admin`insert into postern.usage_months values (${a}, postern.this_month(), 0, 5, 0)`;
    await db.admin`insert into postern.bonus_scans values (${a}, 10, 0)`;
    await db.admin`insert into postern.exports (tenant_id, export_id, owner_id) values (${a}, ${randomUUID()}, ${member})`;
  });
  after(() => attacker.close());

  const as: Attacker['as'] = (who, work) => attacker.as(who, work);
  const rows = async (who: Pinned, table: string, columns = '*'): Promise<number> =>
    as(who, async (sql) => (await sql.unsafe(`select ${columns} from postern.${table}`)).length);

  it('invitations are for administrators of the tenant, and their links for nobody', async () => {
    const columns = 'tenant_id, email';
    assert.equal(await rows({ tenant: a, user: owner, role: 'org_owner' }, 'invitations', columns), 1);
    assert.equal(await rows({ tenant: a, user: member, role: 'org_member' }, 'invitations', columns), 0);
    assert.equal(await rows({ tenant: b, user: mallory, role: 'org_owner' }, 'invitations', columns), 0);
    assert.equal(await rows({ tenant: a, role: 'worker' }, 'invitations', columns), 0);
    await assert.rejects(rows({ tenant: a, user: owner, role: 'org_owner' }, 'invitations', 'token_hash'), {
      code: '42501',
    });
  });

  it('nobody invites in another name, into another tenant, or to be the owner', async () => {
    const invite = (who: Pinned, tenant: TenantId, by: UserId, role: string) =>
      as(
        who,
        (
          sql,
        ) => sql`insert into postern.invitations (tenant_id, invitation_id, email, role, token_hash, invited_by, expires_at)
          values (${tenant}, ${randomUUID()}, 'x@example.test', ${role}, 'y', ${by}, now() + interval '1 day')`,
      );
    const admin = { tenant: a, user: owner, role: 'org_owner' };
    await assert.doesNotReject(invite(admin, a, owner, 'org_admin'));
    for (const [tenant, by, role] of [
      [b, owner, 'org_member'],
      [a, member, 'org_member'],
      [a, owner, 'org_owner'],
    ] as const) {
      await assert.rejects(invite(admin, tenant, by, role), /row-level security/);
    }
    await assert.rejects(
      invite({ tenant: a, user: member, role: 'org_member' }, a, member, 'org_admin'),
      /row-level security/,
    );
  });

  it('what people agreed to and had exported is theirs alone, and what a tenant has used is no other tenant’s', async () => {
    for (const table of ['consents', 'exports']) {
      assert.equal(await rows({ tenant: a, user: member, role: 'org_member' }, table), 1, table);
      assert.equal(await rows({ tenant: a, user: owner, role: 'org_owner' }, table), 0, table);
    }
    for (const table of ['usage_months', 'bonus_scans']) {
      assert.equal(await rows({ tenant: a, user: member, role: 'org_member' }, table), 1, table);
      assert.equal(await rows({ tenant: b, user: mallory, role: 'org_owner' }, table), 0, table);
    }
  });

  it('membership, quota, coupons, seals and limits cannot be written past their functions', async () => {
    const who = { tenant: a, user: owner, role: 'org_owner' };
    for (const statement of [
      `update postern.memberships set role = 'org_owner'`,
      `insert into postern.memberships values ('${a}', '${mallory}', 'org_owner')`,
      `delete from postern.memberships`,
      `update postern.usage_months set scans = 0`,
      `delete from postern.usage_months`,
      `update postern.bonus_scans set granted = 1000000`,
      `insert into postern.coupon_redemptions values ('${a}', gen_random_uuid(), 'x', 5)`,
      `select * from postern.coupons`,
      `update postern.tiers set monthly_scans = null`,
      `select * from postern.tiers`,
      `insert into postern.audit_seals values ('${a}', 1, 0, 1, 1, 'x')`,
      `delete from postern.audit_seals`,
      `select * from postern.shared_windows`,
      `delete from postern.shared_windows`,
      `update postern.consents set granted = true`,
      `delete from postern.consents`,
      `update postern.users set super_admin = true`,
      `update postern.tenants set tier = 'unlimited'`,
    ]) {
      await assert.rejects(
        as(who, (sql) => sql.unsafe(statement)),
        { code: '42501' },
        statement,
      );
    }
  });

  it('functions of the organisation refuse a lesser role, and take the tenant from nowhere but the transaction', async () => {
    const call = (who: Pinned, statement: string) => as(who, async (sql) => [...(await sql.unsafe(statement))]);
    const lesser = { tenant: a, user: member, role: 'org_member' };
    for (const statement of [
      'select * from postern.list_members()',
      `select postern.change_member_role('${member}', 'org_admin')`,
      `select postern.remove_member('${owner}')`,
      `select postern.transfer_ownership('${member}')`,
      'select postern.verify_audit()',
      'select postern.ask_for_purge(true)',
      `select postern.redeem_coupon('x')`,
      'select postern.move_retention(1)',
    ]) {
      await assert.rejects(call(lesser, statement), { code: '42501' }, statement);
    }
    const foreign = { tenant: b, user: mallory, role: 'org_owner' };
    assert.deepEqual(await call(foreign, `select postern.change_member_role('${member}', 'org_admin') as before`), [
      { before: null },
    ]);
    assert.deepEqual(await call(foreign, `select postern.remove_member('${member}') as before`), [{ before: null }]);
    assert.equal((await call(foreign, 'select * from postern.list_members()')).length, 1);
    for (const statement of [
      'select postern.seal_audit(1)',
      `select postern.forget_permits('x')`,
      `select postern.platform_users('${owner}', '', 10)`,
      'select postern.erase_next()',
      `select postern.accept_invitation('x', '${mallory}')`,
    ]) {
      await assert.rejects(call({ ...foreign, purpose: 'sign-in' }, statement), { code: '42501' }, statement);
    }
    // In the transaction of a tenant it counts under that tenant's own keys (test/services/limits/windows.test.ts).
    const permits = `select * from postern.take_permits('{x}', '{1}', '{1000}', '{10}', '{1}', '{0}', '{0}')`;
    await assert.rejects(call({ purpose: 'sign-in' }, permits), { code: '42501' });
    await assert.rejects(
      call({ purpose: 'platform' }, `select * from postern.platform_users('${owner}', '', 10)`),
      { code: '42501' },
      'an owner is no super admin',
    );
    for (const statement of [`select postern.purge_tenant('${a}')`, `select postern.erase_rows('tenant_id', '${a}')`]) {
      await assert.rejects(call({ purpose: 'erasure' }, statement), { code: '42501' }, statement);
    }
  });
});
