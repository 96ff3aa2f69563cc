import assert from 'node:assert/strict';
import type { Sql, TransactionSql } from 'postgres';
import { connect } from '../../../src/store/connect.js';
import { PASSWORD, phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const REASON = 'a verdict looks wrong to us';

describe('support access', () => {
  let server: TestServer;
  let app: Sql;
  let support: Member;
  let owner: Member;
  let member: Member;
  let scan: string;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    app = connect(server.database.appUrl, { max: 1, applicationName: 'attack' });
    [support, owner] = [await server.member('org_owner'), await server.member('org_owner')];
    await server.database.admin`update postern.users set super_admin = true where user_id = ${support.userId}`;
    member = await server.member('org_member', owner.tenantId);
    const stored = await server.send('POST', '/scan/upload', { as: member, body: fileForm(phish()) });
    scan = ((await stored.json()) as { id: string }).id;
  });
  after(async () => {
    await app.end({ timeout: 1 });
    await server.close();
  });

  const body = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const give = (fields: object = {}, as = owner) =>
    server.send('POST', '/support-grants', { as, json: { hours: 1, reason: REASON, password: PASSWORD, ...fields } });
  const granted = async (fields: object = {}) => (await body<{ id: string }>(give(fields))).id;
  const end = (id: string, as = owner) => server.send('DELETE', `/support-grants/${id}`, { as });
  const at = (id: string, rest = '') => `/platform/support-grants/${id}/scans${rest}`;
  const look = async (path: string, as = support) => (await server.send('GET', path, { as })).status;
  const because = '?reason=asked+to+look+at+it';
  const ways = (id: string) => [at(id), at(id, `/${scan}`), at(id, `/${scan}/message${because}`)];
  const statuses = async (id: string, as = support) => {
    const found: number[] = [];
    for (const path of ways(id)) found.push(await look(path, as));
    return found;
  };
  /** Rows of the tenant that somebody pinned like this finds, under the application's own login. */
  const raw = async (grant: string, pin: { user?: string; role?: string; reason?: string; tenant?: string } = {}) =>
    await app.begin(async (sql: TransactionSql) => {
      const { user = support.userId, role = 'support', reason = 'a reason', tenant = owner.tenantId } = pin;
      await sql`select set_config('app.tenant_id', ${tenant}, true), set_config('app.user_id', ${user}, true),
        set_config('app.role', ${role}, true), set_config('app.access_reason', ${reason}, true),
        set_config('app.support_grant', ${grant}, true)`;
      const count = async (table: string) =>
        Number((await sql.unsafe(`select count(*) as n from postern.${table}`))[0]?.['n']);
      const changed = (await sql`update postern.scans set label = 'safe'`).count;
      const deleted = (await sql`delete from postern.scans`).count;
      assert.deepEqual([changed, deleted], [0, 0], 'it never writes');
      return [await count('scans'), await count('message_contents'), await count('indicators')];
    });

  it('is nothing until an owner gives it, and then reads verdicts only, and messages where it says so', async () => {
    assert.deepEqual(await body(server.send('GET', '/platform/support-grants', { as: support })), { items: [] });
    const id = await granted();
    assert.deepEqual(await statuses(id), [200, 200, 403]);
    assert.deepEqual(await raw(id), [1, 0, 0]);
    assert.equal((await end(id)).status, 204);
    const wide = await granted({ content: true });
    assert.deepEqual(await statuses(wide), [200, 200, 200]);
    assert.equal(await look(at(wide, `/${scan}/message`)), 400, 'not without a reason');
    assert.deepEqual(await raw(wide), [1, 1, 0]);
    assert.deepEqual(await raw(wide, { reason: '' }), [1, 0, 0]);
    const living = await body<{ items: { id: string; tenant_id: string; content: boolean }[] }>(
      server.send('GET', '/platform/support-grants', { as: support }),
    );
    assert.deepEqual(
      living.items.map((grant) => [grant.id, grant.tenant_id, grant.content]),
      [[wide, owner.tenantId, true]],
    );
    const page = await body<{ items: { id: string }[] }>(server.send('GET', at(wide), { as: support }));
    assert.deepEqual(
      page.items.map((item) => item.id),
      [scan],
    );
    await end(wide);
  });

  it('opens only the tenant that gave it, only to super admins, and no other operation', async () => {
    const other = await server.member('org_owner');
    const theirs = await body<{ id: string }>(
      server.send('POST', '/scan/upload', { as: other, body: fileForm(phish()) }),
    );
    const id = await granted({ content: true });
    assert.equal(await look(at(id, `/${theirs.id}`)), 404);
    assert.equal(await look(at(id, `/${theirs.id}/message${because}`)), 404);
    for (const as of [other, owner, member]) assert.deepEqual(await statuses(id, as), [403, 403, 403]);
    for (const path of [`/scan/${scan}`, `/scan/${scan}/message${because}`]) assert.equal(await look(path), 404);
    assert.equal((await server.send('DELETE', `/scan/${scan}`, { as: support })).status, 404);
    assert.deepEqual(await raw(id, { tenant: other.tenantId }), [0, 0, 0], 'the grant is of one tenant');
    assert.deepEqual(await raw(id, { user: other.userId }), [0, 0, 0], 'not a super admin');
    assert.deepEqual(await raw('00000000-0000-4000-8000-000000000000'), [0, 0, 0]);
    assert.deepEqual(await raw(''), [0, 0, 0]);
    await server.database.admin`update postern.users set suspended = true where user_id = ${support.userId}`;
    assert.deepEqual(await raw(id), [0, 0, 0], 'suspended');
    await server.database.admin`update postern.users set suspended = false where user_id = ${support.userId}`;
    await end(id);
  });

  it('writes nothing, not even in its own name and under a grant that holds', async () => {
    const id = await granted({ content: true });
    const attempt = (statement: string) =>
      app.begin(async (sql) => {
        await sql`select set_config('app.tenant_id', ${owner.tenantId}, true), set_config('app.user_id', ${support.userId}, true),
          set_config('app.role', 'support', true), set_config('app.access_reason', 'a reason', true),
          set_config('app.support_grant', ${id}, true)`;
        return (await sql.unsafe(statement)).count;
      });
    const own = `'${owner.tenantId}', '${scan}', '${support.userId}'`;
    const [day] = await server.database.admin<{ day: string }[]>`select expires_on::text as day from postern.scans
      where scan_id = ${scan}`;
    for (const statement of [
      `insert into postern.verdict_feedback (tenant_id, scan_id, user_id, source, kind, label_before, owner_id, expires_on)
        values (${own}, 'person', 'false-alarm', 'x', '${member.userId}', '${day!.day}')`,
      `insert into postern.scans (tenant_id, scan_id, owner_id, expires_on, expires_at, source, sha256, size, subject, from_name,
          from_address, label, score, milliseconds, verdict)
        select tenant_id, 'other', '${support.userId}', expires_on, expires_at, source, sha256, size, subject, from_name,
          from_address, label, score, milliseconds, verdict from postern.scans`,
      `insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
        values ('${owner.tenantId}', gen_random_uuid(), '${support.userId}', 'imap', 'x@example.test')`,
    ]) {
      await assert.rejects(attempt(statement), /row-level security/, statement);
    }
    for (const table of ['scans', 'mailboxes', 'verdict_feedback', 'support_grants', 'consents', 'exports']) {
      const deleted = await attempt(`delete from postern.${table}`).catch((error: unknown) => String(error));
      assert.ok(deleted === 0 || /permission denied|append-only/.test(String(deleted)), `${table}: ${deleted}`);
    }
    await end(id);
  });

  it('ends the moment it is taken back or its time is over, in the database too, and is never made longer', async () => {
    const taken = await granted({ content: true });
    assert.equal((await end(taken)).status, 204);
    assert.equal((await end(taken)).status, 404, 'once');
    const over = await granted({ content: true });
    assert.deepEqual(await statuses(over), [200, 200, 200]);
    await server.database.admin`update postern.support_grants set created_at = created_at - interval '2 hours',
      expires_at = expires_at - interval '2 hours' where grant_id = ${over} `;
    await server.database.admin`alter table postern.support_grants disable trigger keep_revoked`;
    await server.database.admin`update postern.support_grants set revoked_at = null where grant_id = ${over}`;
    await server.database.admin`alter table postern.support_grants enable trigger keep_revoked`;
    for (const id of [taken, over]) {
      assert.deepEqual(await statuses(id), [404, 404, 404]);
      assert.deepEqual(await raw(id), [0, 0, 0]);
    }
    const pinned = (statement: string) =>
      app.begin(async (sql) => {
        await sql`select set_config('app.tenant_id', ${owner.tenantId}, true), set_config('app.user_id', ${owner.userId}, true),
          set_config('app.role', 'org_owner', true)`;
        return await sql.unsafe(statement);
      });
    await assert.rejects(
      pinned(`update postern.support_grants set expires_at = now() + interval '1 day'`),
      /permission/,
    );
    await assert.rejects(pinned(`update postern.support_grants set content = true`), /permission/);
    await pinned('update postern.support_grants set revoked_at = null');
    assert.deepEqual(await raw(taken), [0, 0, 0], 'what was taken back stays so');
    await assert.rejects(
      pinned(`insert into postern.support_grants (tenant_id, grant_id, user_id, reason, content, expires_at)
        values ('${owner.tenantId}', gen_random_uuid(), '${owner.userId}', 'far too long', true, now() + interval '8 days')`),
      /check constraint/,
    );
  });

  it('only the owner gives and ends it, with their password; administrators see it, members do not', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    for (const as of [admin, member, support]) {
      const answer = await server.send('POST', '/support-grants', {
        as: as === support ? await server.member('org_admin', owner.tenantId) : as,
        json: { hours: 1, reason: REASON, password: PASSWORD },
      });
      assert.equal(answer.status, 403);
    }
    assert.equal((await give({ password: 'wrong' })).status, 403);
    assert.equal((await give({ password: undefined })).status, 403);
    for (const fields of [{ hours: 0 }, { hours: 169 }, { reason: 'short' }]) {
      assert.equal((await give(fields)).status, 400);
    }
    const id = await granted();
    assert.equal((await end(id, admin)).status, 403);
    assert.equal((await end(id, await server.member('org_owner'))).status, 404, 'in another tenant');
    const list = await body<{ items: { id: string; holds: boolean }[] }>(
      server.send('GET', '/support-grants', { as: admin }),
    );
    assert.equal(list.items.find((grant) => grant.id === id)?.holds, true);
    assert.equal(await look('/support-grants', member), 403);
    await end(id);
  });

  it("stands in the tenant's own log, each access with who and why, and the member reads what was theirs", async () => {
    const id = await granted({ content: true });
    await statuses(id);
    await end(id);
    type Entry = { action: string; actor: string; target: string | null; details: Record<string, unknown> };
    const log = async (as: Member) =>
      (await body<{ items: Entry[] }>(server.send('GET', '/audit?action=support&limit=200', { as }))).items;
    const entries = (await log(owner)).filter(
      ({ target, details }) => details['grant'] === id || target === `grant:${id}`,
    );
    assert.deepEqual(entries.map(({ action }) => action).reverse(), [
      'support.granted',
      'support.scans-listed',
      'support.scan-opened',
      'support.message-opened',
      'support.revoked',
    ]);
    const opened = entries.find(({ action }) => action === 'support.message-opened');
    assert.deepEqual(
      [opened?.actor, opened?.target, opened?.details['reason']],
      [`user:${support.userId}`, scan, 'asked to look at it'],
    );
    assert.ok((await log(member)).some(({ action }) => action === 'support.message-opened'));
    assert.deepEqual(await log(support), [], 'nothing of it in their own tenant');
  });
});
