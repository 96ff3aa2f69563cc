import assert from 'node:assert/strict';
import { KnownKeys } from '../../../src/services/api-keys/known-keys.js';
import { PASSWORD, phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly hint: string;
  readonly own: boolean;
  readonly last_used_at: string | null;
  readonly former_secret_until: string | null;
}

describe('API keys', () => {
  let server: TestServer;
  let owner: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    owner = await server.member('org_member');
  });
  after(() => server.close());

  const make = async (fields: object = {}, as: Member = owner): Promise<Key> => {
    const answer = await server.send('POST', '/api-keys', {
      as,
      json: { name: 'mail server', scopes: ['scan:write'], password: PASSWORD, ...fields },
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()) as Key;
  };
  const list = async (as: Member = owner) =>
    ((await (await server.send('GET', '/api-keys', { as })).json()) as { items: Key[] }).items;
  const upload = (as: string, headers: Record<string, string> = {}) =>
    server.send('POST', '/scan/upload', { as, body: fileForm(phish()), headers });
  const refusal = async (answer: Response) => {
    const { code, detail, scope } = (await answer.json()) as { code: string; detail: string; scope?: string };
    return { status: answer.status, code, detail, scope };
  };
  const audited = () => server.database.admin<
    { action: string; outcome: string; target: string; details: Record<string, string> }[]
  >`
    select action, outcome, target, details from postern.audit_events
    where tenant_id = ${owner.tenantId} and action like 'api-key.%' order by event_id`;

  it('scans for the member who made it, within its scopes, and names the scope that is missing', async () => {
    const { secret } = await make();
    const answer = await upload(secret);
    assert.equal(answer.status, 200);
    const { id } = (await answer.json()) as { id: string };
    const seen = await server.send('GET', `/scan/${id}`, { as: owner });
    assert.equal(seen.status, 200, 'it is in the history of its owner');
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: secret })).status, 200);

    const { status, code, detail, scope } = await refusal(await server.send('GET', `/scan/${id}`, { as: secret }));
    assert.deepEqual([status, code, scope], [403, 'auth.forbidden', 'scan:read']);
    assert.match(detail, /scan:read/);
    const last = (await audited()).at(-1);
    assert.deepEqual(
      [last?.action, last?.outcome, last?.details],
      ['api-key.used', 'refused', { reason: 'lacks scan:read' }],
    );
    const [scanned] = await server.database.admin<{ details: { api_key: string } }[]>`
      select details from postern.audit_events where target = ${id} and action = 'scan.created'`;
    assert.match(scanned?.details.api_key ?? '', /^[0-9a-f-]{36}$/);
  });

  it('opens with each scope what the scope says, and with all of them no more', async () => {
    const { id } = (await (await upload(owner.token)).json()) as { id: string };
    const doors = {
      'scan:read': [
        ['GET', `/scan/${id}`],
        ['GET', '/scan/history'],
        ['GET', '/overview'],
        ['GET', `/scan/${id}/events`],
        ['GET', `/scan/${id}/feedback`],
      ],
      'content:read': [
        ['GET', `/scan/${id}/message`],
        ['POST', `/scan/${id}/rendering`],
      ],
      'scan:write': [['POST', `/scan/${id}/rescan`]],
      'scan:delete': [['DELETE', `/scan/${id}`]],
    } as const;
    const all = Object.keys(doors);
    for (const [scope, operations] of Object.entries(doors)) {
      const other = await make({ scopes: all.filter((name) => name !== scope) });
      const own = await make({ scopes: [scope] });
      for (const [method, path] of operations) {
        const refused = await refusal(await server.send(method, path, { as: other.secret }));
        assert.deepEqual([refused.status, refused.scope], [403, scope], `${method} ${path}`);
        assert.ok((await server.send(method, path, { as: own.secret })).status < 300, `${method} ${path}`);
      }
    }
    const { secret } = await make({ scopes: all });
    for (const [method, path] of [
      ['GET', '/auth/me'],
      ['POST', '/auth/logout'],
      ['GET', '/api-keys'],
      ['POST', '/api-keys'],
    ]) {
      assert.equal((await refusal(await server.send(method!, path!, { as: secret }))).code, 'auth.forbidden', path);
    }
  });

  it('shows its secret once, and stores only its hash', async () => {
    const { id, secret, hint } = await make();
    assert.match(secret, /^pst_[A-Za-z0-9_-]{43}$/);
    assert.ok(secret.startsWith(hint) && hint.length === 8);
    assert.ok(!JSON.stringify(await list()).includes(secret));
    const [row] = await server.database.admin`select k::text as all from postern.api_keys k where key_id = ${id}`;
    assert.ok(!String(row?.['all']).includes(secret.slice(9)));
  });

  it('rotates: the former secret works until the chosen end, at most seven days, and then no more', async () => {
    const first = await make();
    const rotate = (overlap: number) =>
      server.send('POST', `/api-keys/${first.id}/rotate`, {
        as: owner,
        json: { overlap_seconds: overlap, password: PASSWORD },
      });
    assert.equal((await rotate(604_801)).status, 400);
    const second = (await (await rotate(3600)).json()) as Key;
    assert.equal(second.id, first.id);
    assert.notEqual(second.secret, first.secret);
    assert.equal((await upload(first.secret)).status, 200);
    assert.equal((await upload(second.secret)).status, 200);
    const at = server.clock.now;
    server.clock.now = new Date(Date.parse(second.former_secret_until ?? '') + 1);
    assert.equal((await upload(first.secret)).status, 401);
    assert.equal((await upload(second.secret)).status, 200);
    server.clock.now = at;
    const third = (await (await rotate(0)).json()) as Key;
    assert.equal((await upload(second.secret)).status, 401);
    assert.equal((await upload(third.secret)).status, 200);
  });

  it('is refused once it is revoked or has expired, and the refusal is in the log', async () => {
    const key = await make();
    assert.equal((await server.send('DELETE', `/api-keys/${key.id}`, { as: owner })).status, 204);
    assert.match((await refusal(await upload(key.secret))).detail, /revoked/);
    assert.equal((await server.send('DELETE', `/api-keys/${key.id}`, { as: owner })).status, 404);
    assert.ok(!(await list()).some(({ id }) => id === key.id));
    const expiring = await make({ expires_at: new Date(server.clock.now.getTime() + 60_000).toISOString() });
    assert.equal((await upload(expiring.secret)).status, 200);
    const at = server.clock.now;
    server.clock.now = new Date(at.getTime() + 60_001);
    assert.match((await refusal(await upload(expiring.secret))).detail, /expired/);
    assert.equal((await upload(expiring.secret)).status, 401);
    server.clock.now = at;
    const events = (await audited()).map(({ action, details }) => `${action} ${details['reason'] ?? ''}`);
    assert.equal(
      (await audited()).filter(({ target, outcome }) => target === expiring.id && outcome === 'refused').length,
      1,
      'once a minute is enough',
    );
    for (const event of ['api-key.created ', 'api-key.rotated ', 'api-key.revoked ', 'api-key.used revoked']) {
      assert.ok(events.includes(event), event);
    }
    assert.equal((await upload(`pst_${'x'.repeat(43)}`)).status, 401);
  });

  it('a process that knew the key forgets it within seconds of another revoking it', async () => {
    const key = await make();
    const elsewhere = new KnownKeys(server.parts.store, server.parts.log, 5000, () => server.clock.now);
    assert.equal((await elsewhere.find(key.secret))?.revoked, false);
    await server.send('DELETE', `/api-keys/${key.id}`, { as: owner });
    const at = server.clock.now;
    server.clock.now = new Date(at.getTime() + 5001);
    assert.equal((await elsewhere.find(key.secret))?.revoked, true);
    server.clock.now = at;
  });

  it('works only from its networks and its web pages', async () => {
    const here = await make({ networks: ['10.0.0.0/8', '127.0.0.0/8', '::1'] });
    assert.equal((await upload(here.secret)).status, 200);
    const elsewhere = await make({ networks: ['10.0.0.0/8', '2001:db8::/32'] });
    assert.equal((await refusal(await upload(elsewhere.secret, { 'x-forwarded-for': '10.1.2.3' }))).status, 403);

    const page = await make({ origins: ['https://app.example'] });
    const answer = await upload(page.secret, { origin: 'https://app.example' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.example');
    const other = await upload(page.secret, { origin: 'https://evil.example' });
    assert.equal(other.status, 403);
    assert.equal(other.headers.get('access-control-allow-origin'), null);
    assert.equal((await upload(page.secret)).status, 403, 'not from a program');
    for (const wrong of [
      { networks: ['300.0.0.1'] },
      { networks: ['10.0.0.0/33'] },
      { origins: ['https://app.example/'] },
    ]) {
      const answer = await server.send('POST', '/api-keys', {
        as: owner,
        json: { name: 'x', scopes: ['scan:write'], ...wrong },
      });
      assert.equal(answer.status, 400, JSON.stringify(wrong));
    }
  });

  it('answers preflights for what keys can do, and never lets a page of elsewhere read a session’s answers', async () => {
    const ask = (path: string) =>
      server.send('OPTIONS', path, {
        headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
      });
    const allowed = await ask('/scan');
    assert.equal(allowed.status, 204);
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /authorization/);
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
    assert.equal((await ask('/auth/refresh')).headers.get('access-control-allow-origin'), null);
    assert.equal((await ask('/api-keys')).headers.get('access-control-allow-origin'), null);
    const mine = await server.send('GET', '/overview', { as: owner, headers: { origin: 'https://app.example' } });
    assert.equal(mine.headers.get('access-control-allow-origin'), null);
  });

  it('a sandbox key scans and answers like any other, leaves nothing behind, and can do nothing else', async () => {
    const scans = async () =>
      (
        await server.database.admin`select count(*)::int as n from postern.scans where tenant_id = ${owner.tenantId}`
      )[0]?.['n'] as number;
    const { secret } = await make({ sandbox: true });
    assert.match(secret, /^pst_test_[A-Za-z0-9_-]{43}$/);
    const { id } = (await (await upload(owner.token)).json()) as { id: string };
    const before = await scans();
    const answer = await upload(secret, { prefer: 'respond-async' });
    assert.equal(answer.status, 200);
    const body = (await answer.json()) as { id: string; label: string };
    assert.match(body.id, /^sandbox-/);
    assert.equal(typeof body.label, 'string');
    assert.equal(await scans(), before);
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: secret })).status, 403);
    const more = { name: 'x', sandbox: true, scopes: ['scan:write', 'scan:read'] };
    assert.equal((await server.send('POST', '/api-keys', { as: owner, json: more })).status, 400);
  });

  it('ends with the suspension of its owner and with their membership, and follows their role', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const { secret } = await make({ scopes: ['scan:read'] }, admin);
    const { id } = (await (await upload(owner.token)).json()) as { id: string };
    const status = async () => (await server.send('GET', `/scan/${id}`, { as: secret })).status;
    const { admin: sql } = server.database;
    assert.equal(await status(), 200);
    await sql`update postern.memberships set role = 'org_member' where user_id = ${admin.userId}`;
    assert.equal(await status(), 404, 'a member does not see the scans of others');
    await sql`update postern.users set suspended = true where user_id = ${admin.userId}`;
    assert.equal(await status(), 401);
    await sql`update postern.users set suspended = false where user_id = ${admin.userId}`;
    assert.equal(await status(), 404);
    await sql`delete from postern.memberships where user_id = ${admin.userId}`;
    assert.equal(await status(), 401);
    const [left] = await sql`select count(*)::int as n from postern.api_keys where owner_id = ${admin.userId}`;
    assert.equal(left?.['n'], 0);
  });

  it('ends at once in the process that removes, demotes or suspends its owner, although that knew the key', async () => {
    const admin = await server.member('org_owner');
    const root = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${root.userId}`;
    const { parts } = server;
    const before = parts.apiKeys;
    Object.assign(parts, { apiKeys: new KnownKeys(parts.store, parts.log, 60_000, () => server.clock.now) });
    try {
      for (const [method, path, as, json, status] of [
        ['DELETE', '/organisation/members/{user}', admin, undefined, 401],
        ['PATCH', '/organisation/members/{user}', admin, { role: 'org_member' }, 404],
        ['PATCH', '/platform/users/{user}', root, { suspended: true }, 401],
      ] as const) {
        const { id } = (await (await upload(admin.token)).json()) as { id: string };
        const colleague = await server.member('org_admin', admin.tenantId);
        const { secret } = await make({ scopes: ['scan:read'] }, colleague);
        const read = async () => (await server.send('GET', `/scan/${id}`, { as: secret })).status;
        assert.equal(await read(), 200);
        const sent = path.replace('{user}', colleague.userId);
        assert.equal(
          (await server.send(method, sent, { as, ...(json === undefined ? {} : { json }) })).status,
          204,
          sent,
        );
        assert.equal(await read(), status, sent);
      }
    } finally {
      Object.assign(parts, { apiKeys: before });
    }
  });

  it('belongs to its maker: others do not see it, an administrator may revoke it and never rotate it', async () => {
    const key = await make();
    const colleague = await server.member('org_member', owner.tenantId);
    const admin = await server.member('org_admin', owner.tenantId);
    const stranger = await server.member('org_owner');
    const attempt = async (method: string, path: string, as: Member) =>
      (await server.send(method, path, { as, json: { password: PASSWORD } })).status;
    for (const other of [colleague, stranger]) {
      assert.ok(!(await list(other)).some(({ id }) => id === key.id));
      assert.equal(await attempt('DELETE', `/api-keys/${key.id}`, other), 404);
      assert.equal(await attempt('POST', `/api-keys/${key.id}/rotate`, other), 404);
    }
    const seen = (await list(admin)).find(({ id }) => id === key.id);
    assert.equal(seen?.own, false);
    assert.equal(await attempt('POST', `/api-keys/${key.id}/rotate`, admin), 404);
    assert.equal((await upload(key.secret)).status, 200);
    assert.equal(await attempt('DELETE', `/api-keys/${key.id}`, admin), 204);
    assert.equal((await upload(key.secret)).status, 401);
    for (const id of ['nonsense', '00000000-0000-4000-8000-000000000000']) {
      assert.equal(await attempt('DELETE', `/api-keys/${id}`, owner), 404);
      assert.equal(await attempt('POST', `/api-keys/${id}/rotate`, owner), 404);
    }
  });

  it('shows when it was last used, written at most once a minute', async () => {
    const key = await make();
    const used = async () => (await list()).find(({ id }) => id === key.id)?.last_used_at ?? null;
    assert.equal(await used(), null);
    await upload(key.secret);
    await server.parts.apiKeys.settle();
    const first = await used();
    assert.notEqual(first, null);
    await upload(key.secret);
    await server.parts.apiKeys.settle();
    assert.equal(await used(), first);
  });

  it('are not without number', async () => {
    const maker = await server.member('org_member');
    for (let made = 0; made < 50; made += 1) await make({}, maker);
    const answer = await server.send('POST', '/api-keys', {
      as: maker,
      json: { name: 'x', scopes: ['scan:write'], password: PASSWORD },
    });
    assert.equal((await refusal(answer)).code, 'api-key.limit');
  });
});
