import assert from 'node:assert/strict';
import { openStore } from '../../../src/store/open-store.js';
import { moveRetention } from '../../../src/services/plans/move-retention.js';
import { phish } from '../../services/parts.js';
import type { AccountParts } from '../../../src/services/accounts/account-parts.js';
import { keyOf, openDoor } from '../door.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

describe('the platform and its plans', () => {
  let server: TestServer;
  let admin: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    admin = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${admin.userId}`;
  });
  after(() => server.close());

  const body = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const upload = (as: Member) => server.send('POST', '/scan/upload', { as, body: fileForm(phish()) });
  const tier = async (tenant: string, name: string) =>
    (await server.send('PATCH', `/platform/organisations/${tenant}`, { as: admin, json: { tier: name } })).status;
  const quota = async (name: string, scans: number | null) =>
    (await server.send('PATCH', `/platform/tiers/${name}`, { as: admin, json: { monthly_scans: scans } })).status;
  const plan = (as: Member) =>
    body<{ used: number; bonus_left: number; tier: string }>(server.send('GET', '/plan', { as }));

  it('a super admin opens no scan, no message and no log of a tenant they do not belong to', async () => {
    const owner = await server.member('org_owner');
    const { id } = await body<{ id: string }>(upload(owner));
    const reason = '?reason=because+I+run+the+platform';
    for (const [method, path] of [
      ['GET', `/scan/${id}`],
      ['GET', `/scan/${id}/events`],
      ['GET', `/scan/${id}/message${reason}`],
      ['POST', `/scan/${id}/rendering${reason}`],
      ['POST', `/scan/${id}/rescan${reason}`],
      ['DELETE', `/scan/${id}`],
    ] as const) {
      assert.equal((await server.send(method, path, { as: admin })).status, 404, `${method} ${path}`);
    }
    const seen = await body<{ items: { id: string }[] }>(server.send('GET', '/scan/history', { as: admin }));
    assert.ok(!seen.items.some((item) => item.id === id));
    const switched = await server.send('POST', '/auth/switch', { as: admin, json: { tenant_id: owner.tenantId } });
    assert.equal(switched.status, 403);
    const readable = await server.database.admin`
      select table_name, column_name from information_schema.column_privileges
      where grantee in ('postern_platform', 'postern_people', 'postern_meter', 'postern_auditor')
        and table_name in ('scans', 'message_contents', 'indicators', 'messages')`;
    assert.deepEqual([...readable], [], 'no function of theirs could read mail either');
  });

  it('every way to hand in a message keeps to the plan, and what a sandbox key tries costs nothing', async () => {
    const member = await server.member('org_member', await server.database.addTenant());
    assert.equal(await tier(member.tenantId, 'professional'), 204);
    assert.equal(await quota('professional', 2), 204);
    const [key, sandbox] = [await keyOf(server, member.token), await keyOf(server, member.token, { sandbox: true })];
    const used = async () => (await plan(member)).used;
    const send = (as: string, headers: Record<string, string> = {}) =>
      server.send('POST', '/scan/upload', { as, body: fileForm(phish()), headers });
    const door = await openDoor(server);
    const ask = async (password: string) =>
      JSON.parse((await door.ask(phish(), { password })).text) as { action: string; symbols: object };

    assert.equal((await send(sandbox)).status, 200);
    assert.equal(await used(), 0);
    const { id } = await body<{ id: string }>(send(key));
    await ask(key);
    assert.equal(await used(), 2);
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: key })).status, 200);
    assert.equal(await used(), 2, 'judging again what is stored is no further message');

    for (const headers of [{}, { prefer: 'respond-async' }]) {
      const refused = await send(key, headers);
      assert.equal(refused.status, 402);
      assert.equal((await body<{ code: string }>(Promise.resolve(refused))).code, 'quota.exceeded');
    }
    assert.equal((await ask(key)).action, 'no action', 'mail does not wait for the next month');
    assert.equal((await send(sandbox)).status, 200, 'still to be tried');
    assert.equal(await used(), 2);
    await door.close();
    assert.equal(await quota('professional', 25_000), 204);
  });

  it('where postern sends mail, the owner of a new organisation gets the link there', async () => {
    const accounts = server.parts.accounts as { -readonly [K in keyof AccountParts]: AccountParts[K] };
    const outbox = accounts.mailer;
    accounts.mailer = { ...outbox, delivers: true };
    const json = { name: 'Southwind', tier: 'professional', owner_email: 'owner@southwind.test' };
    const { link } = await body<{ link: null }>(server.send('POST', '/platform/organisations', { as: admin, json }));
    accounts.mailer = outbox;
    assert.equal(link, null);
    const [mail] = await server.mailTo('owner@southwind.test');
    assert.match(mail?.text ?? '', /\/invitation#token=[\w-]{43}\n/);
  });

  it('creates an organisation, whose owner comes in by invitation', async () => {
    const created = await body<{ id: string; link: string }>(
      server.send('POST', '/platform/organisations', {
        as: admin,
        json: { name: 'Northwind', tier: 'professional', owner_email: 'owner@northwind.test' },
      }),
    );
    const token = new URL(created.link).hash.replace('#token=', '');
    const joined = await server.send('POST', '/auth/invitation/join', {
      json: { token, password: 'a quiet lagoon at noon' },
    });
    assert.equal(joined.status, 204);
    const { items } = await body<{ items: { id: string; members: number; tier: string; retention_days: number }[] }>(
      server.send('GET', '/platform/organisations?search=northw', { as: admin }),
    );
    assert.deepEqual(
      items.map(({ id, members, tier: name, retention_days: days }) => [id, members, name, days]),
      [[created.id, 1, 'professional', 90]],
    );
    const [owner] = await server.database.admin`select role from postern.memberships where tenant_id = ${created.id}`;
    assert.equal(owner?.['role'], 'org_owner');
  });

  it('suspending an account ends its sessions at once, and nobody suspends themselves', async () => {
    const person = await server.member('org_member');
    const suspend = async (id: string, suspended: boolean) =>
      (await server.send('PATCH', `/platform/users/${id}`, { as: admin, json: { suspended } })).status;
    assert.equal(await suspend(person.userId, true), 204);
    assert.equal((await server.send('GET', '/auth/me', { as: person })).status, 401);
    const found = await body<{ items: { id: string; suspended: boolean }[] }>(
      server.send('GET', `/platform/users?search=${person.email}`, { as: admin }),
    );
    assert.deepEqual(
      found.items.map(({ id, suspended }) => [id, suspended]),
      [[person.userId, true]],
    );
    assert.equal(await suspend(person.userId, false), 204);
    assert.equal((await server.send('GET', '/auth/me', { as: person })).status, 401, 'they sign in anew');
    assert.equal(await suspend(admin.userId, true), 403);
    assert.equal(await suspend('00000000-0000-4000-8000-000000000000', true), 404);
  });

  it('a flag that was taken away is gone with the next request', async () => {
    const other = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${other.userId}`;
    assert.equal((await server.send('GET', '/platform/tiers', { as: other })).status, 200);
    await server.database.admin`update postern.users set super_admin = false where user_id = ${other.userId}`;
    assert.equal((await server.send('GET', '/platform/tiers', { as: other })).status, 403);
    await assert.rejects(
      server.parts.store.withSystem('platform', (db) => db.platform.tiers(other.userId)),
      { code: 'auth.forbidden' },
      'the database asks too',
    );
  });

  it('parallel scans through two stores never take more than the month has, then the bonus, and a refusal says so', async () => {
    const owner = await server.member('org_owner');
    assert.equal(await quota('community', 20), 204);
    const second = await openStore({ appUrl: server.database.appUrl, connections: 5 });
    const actor = { kind: 'user', userId: owner.userId, role: 'org_owner' } as const;
    const spend = (index: number) =>
      (index % 2 === 0 ? server.parts.store : second).withTenant(owner.tenantId, actor, (db) => db.plan.spend());
    const taken = await Promise.all(Array.from({ length: 60 }, (_, index) => spend(index)));
    assert.equal(taken.filter(Boolean).length, 20);
    const refused = await upload(owner);
    assert.equal(refused.status, 402);
    const problem = (await refused.json()) as { code: string; monthly_scans: number; resets_at: string };
    assert.deepEqual([problem.code, problem.monthly_scans], ['quota.exceeded', 20]);
    const coupon = await body<{ code: string }>(
      server.send('POST', '/platform/coupons', {
        as: admin,
        json: { label: 'Welcome', bonus_scans: 5, redemptions: 1, expires_at: '2099-01-01T00:00:00Z' },
      }),
    );
    const redeem = (as: Member, code: string) => server.send('POST', '/plan/coupon', { as, json: { code } });
    assert.equal((await redeem(owner, 'AAAA-BBBB')).status, 404);
    assert.deepEqual(await body(redeem(owner, coupon.code.toLowerCase())), { bonus_scans: 5 });
    assert.equal((await redeem(owner, coupon.code)).status, 409, 'once each');
    assert.equal((await redeem(await server.member('org_owner'), coupon.code)).status, 404, 'it had one redemption');
    assert.equal((await upload(owner)).status, 200);
    const more = await Promise.all(Array.from({ length: 20 }, (_, index) => spend(index)));
    assert.equal(more.filter(Boolean).length, 4);
    assert.deepEqual(await plan(owner).then(({ used, bonus_left: left }) => [used, left]), [20, 0]);
    assert.equal(await tier(owner.tenantId, 'unlimited'), 204);
    assert.equal((await upload(owner)).status, 200);
    const free = await Promise.all(Array.from({ length: 40 }, (_, index) => spend(index)));
    assert.equal(free.filter(Boolean).length, 40);
    assert.equal((await plan(owner)).used, 61, 'those without limit are counted too');
    assert.equal(await quota('community', 1000), 204);
    await second.close();
  });

  it('a failed scan takes nothing from the month', async () => {
    const owner = await server.member('org_owner');
    assert.equal((await server.send('POST', '/scan/upload', { as: owner, body: fileForm('') })).status, 422);
    assert.equal((await plan(owner)).used, 0);
  });

  it('stored scans follow a change of retention under the same id, with their content, or go', async () => {
    const owner = await server.member('org_owner');
    const [young, old] = [await body<{ id: string }>(upload(owner)), await body<{ id: string }>(upload(owner))];
    const expiry = async (id: string) => {
      const answer = await server.send('GET', `/scan/${id}`, { as: owner });
      return answer.status === 200 ? ((await answer.json()) as { expires_at: string }).expires_at : answer.status;
    };
    const days = async (id: string) => Math.round((Date.parse(String(await expiry(id))) - Date.now()) / 86_400_000);
    const move = () => moveRetention(server.parts, { tenant_id: owner.tenantId });
    assert.equal(await tier(owner.tenantId, 'professional'), 204);
    await move();
    assert.equal(await days(young.id), 90);
    assert.equal((await server.send('GET', `/scan/${young.id}/message`, { as: owner })).status, 200);
    assert.equal((await server.send('POST', `/scan/${young.id}/rescan`, { as: owner })).status, 200);
    const page = await body<{ items: unknown[]; next_cursor: string }>(
      server.send('GET', '/scan/history?limit=1', { as: owner }),
    );
    const rest = await body<{ items: unknown[] }>(
      server.send('GET', `/scan/history?limit=5&cursor=${page.next_cursor}`, { as: owner }),
    );
    assert.equal(rest.items.length, 1, 'a page goes on behind a scan that was moved');
    await server.database
      .admin`update postern.scans set created_at = now() - interval '8 days' where scan_id = ${old.id}`;
    assert.equal(await tier(owner.tenantId, 'community'), 204);
    const [job] = await server.database
      .admin`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'move-retention'`;
    assert.ok(job?.['n'] > 0, 'the change queued the work');
    await move();
    assert.equal(await days(young.id), 7);
    assert.equal(await expiry(old.id), 404);
    const left = await server.database
      .admin`select scan_id from postern.message_contents where tenant_id = ${owner.tenantId}`;
    assert.deepEqual(
      left.map(({ scan_id: id }) => String(id)),
      [young.id],
    );
    assert.equal((await server.send('GET', `/scan/${young.id}/message`, { as: owner })).status, 200);
    assert.equal((await server.send('DELETE', `/scan/${young.id}`, { as: owner })).status, 204);
    assert.equal(await expiry(young.id), 404);
    const gone = await server.database
      .admin`select 1 from postern.message_contents where tenant_id = ${owner.tenantId}`;
    assert.equal(gone.length, 0);
  });
});
