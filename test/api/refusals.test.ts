import assert from 'node:assert/strict';
import { phish, PASSWORD } from '../services/parts.js';
import { keyOf } from './door.js';
import { fileForm, startTestServer } from './server.js';
import type { Member, TestServer } from './server.js';

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describe('what is refused', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const log = async (tenant: string): Promise<readonly Entry[]> =>
    await server.database.admin<Entry[]>`select action, actor, outcome, details from postern.audit_events
      where tenant_id = ${tenant} and outcome = 'refused' order by event_id`;
  const told = async ({ tenantId }: Member) =>
    (await log(tenantId)).map(({ action, actor, details }) => [action, actor.slice(5), details['operation'] ?? null]);

  it('stands in the log: a missing right, what is not theirs, a wrong proof, another tenant, a key beyond its scope', async () => {
    const [owner, stranger] = [await server.member('org_owner'), await server.member('org_owner')];
    const member = await server.member('org_member', owner.tenantId);
    const { id } = (await (
      await server.send('POST', '/scan/upload', { as: owner, body: fileForm(phish()) })
    ).json()) as { id: string };
    await server.send('GET', '/organisation/members', { as: member });
    await server.send('GET', '/platform/users', { as: member });
    await server.send('GET', `/scan/${id}`, { as: member });
    await server.send('POST', '/privacy/deletion', { as: member, json: { password: 'not it' } });
    await server.send('POST', '/auth/switch', { as: member, json: { tenant_id: stranger.tenantId } });
    const who = member.userId;
    assert.deepEqual(await told(owner), [
      ['access.refused', who, 'listMembers'],
      ['access.refused', who, 'listPeople'],
      ['access.not-found', who, 'getScan'],
      ['auth.confirmed', who, 'askForDeletion'],
      ['access.refused', who, 'switchTenant'],
    ]);
    await server.send('GET', `/scan/${id}`, { as: stranger });
    assert.deepEqual(await told(stranger), [['access.not-found', stranger.userId, 'getScan']]);
    assert.equal((await told(owner)).length, 5, 'and not in the log of the tenant that was reached for');
    const key = await keyOf(server, stranger.token);
    await server.send('GET', '/scan/history', { as: key });
    assert.deepEqual((await log(stranger.tenantId)).at(-1)?.action, 'api-key.used');
    const seen = await server.send('GET', '/audit?action=access', { as: member });
    const { items } = (await seen.json()) as { items: Entry[] };
    assert.equal(items.length, 4, 'everybody sees their own');
  });

  it('what is simply wrong is no refusal', async () => {
    const member = await server.member('org_member');
    await server.send('GET', '/nothing-here', { as: member });
    await server.send('POST', '/privacy/consents', { as: member, json: { kind: 'nonsense' } });
    await server.send('GET', '/scan/history?cursor=nonsense', { as: member });
    assert.equal((await log(member.tenantId)).length, 0);
  });

  it('hundreds of attempts at once are a handful of entries that say how many there were', async function () {
    this.timeout(60_000);
    const member = await server.member('org_member');
    const [{ second }] = (await server.database.admin`select extract(second from now())::int as second`) as unknown as [
      { second: number },
    ];
    // All in one minute, so that the count is exact.
    if (second > 40) await new Promise((resolve) => setTimeout(resolve, (61 - second) * 1000));
    for (let sent = 0; sent < 250; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, () => server.send('GET', '/insights', { as: member })));
    }
    assert.deepEqual(
      (await log(member.tenantId)).map(({ details }) => details['attempts'] ?? 1),
      [1, 10, 100],
    );
    await server.send('GET', '/audit/proof', { as: member });
    assert.equal((await log(member.tenantId)).length, 4, 'another operation is counted apart');
  });

  it('a failed sign-in is written for an account and for none, and neither can flood the log', async () => {
    const member = await server.member('org_member');
    const nobody = async () =>
      (
        await server.database.admin`select 1 from postern.system_events
          where action = 'auth.signed-in' and outcome = 'refused' and target is null`
      ).length;
    const before = await nobody();
    const login = (email: string) => server.send('POST', '/auth/login', { json: { email, password: 'wrong' } });
    for (let attempt = 0; attempt < 8; attempt += 1) {
      assert.equal((await login(member.email)).status, 401);
      assert.equal((await login('nobody@example.test')).status, 401);
    }
    const failed = (await log(member.tenantId)).filter(({ action }) => action === 'auth.signed-in');
    assert.ok(failed.length >= 1 && failed.length <= 2, `${failed.length}`);
    const unknown = (await nobody()) - before;
    assert.ok(unknown >= 1 && unknown <= 8, `${unknown}`);
    const right = await server.send('POST', '/auth/login', { json: { email: member.email, password: PASSWORD } });
    assert.equal(right.status, 200);
  });

  it('nothing of it is kept but the log: the counts are gone after an hour, and with the person', async () => {
    const member = await server.member('org_member');
    await server.send('GET', '/insights', { as: member });
    const counts = async () =>
      (await server.database.admin`select 1 from postern.refused_attempts where user_id = ${member.userId}`).length;
    assert.equal(await counts(), 1);
    await server.database.admin`update postern.refused_attempts set minute = minute - interval '2 hours'`;
    await server.parts.store.withSystem('audit', (db) => db.auditSeals.sealSystem(10));
    assert.equal(await counts(), 0);
  });
});
