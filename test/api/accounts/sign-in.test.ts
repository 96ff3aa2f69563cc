import assert from 'node:assert/strict';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

describe('signing in over HTTP', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const login = (email: string, password: string) => server.send('POST', '/auth/login', { json: { email, password } });
  const cookieOf = (answer: Response) =>
    answer.headers.getSetCookie().find((text) => text.includes('postern_refresh')) ?? '';
  const refresh = (cookie: string) =>
    server.send('POST', '/auth/refresh', { headers: { cookie: cookie.split(';', 1)[0] ?? '' } });
  const me = (token: string) => server.send('GET', '/auth/me', { as: token });
  const tokenOf = async (answer: Response) => ((await answer.json()) as { access_token: string }).access_token;

  it('gives a bearer token for a quarter of an hour that says who is signed in', async () => {
    const person = await server.person('org_admin');
    const answer = await login(` ${person.email.toUpperCase()}`, person.password);
    assert.equal(answer.status, 200);
    const body = (await answer.json()) as { access_token: string; token_type: string; expires_in: number };
    assert.equal(body.token_type, 'Bearer');
    assert.equal(body.expires_in, 900);
    const account = (await (await me(body.access_token)).json()) as {
      email: string;
      tenant: { id: string; role: string };
    };
    assert.equal(account.email, person.email);
    assert.deepEqual({ ...account.tenant, name: '' }, { id: person.tenantId, role: 'org_admin', name: '' });
  });

  it('answers the same for a wrong password, an unknown account and a suspended one', async () => {
    const person = await server.person('org_member');
    const suspended = await server.person('org_member');
    await server.database.admin`update postern.users set suspended = true where user_id = ${suspended.userId}`;
    const answers = await Promise.all([
      login(person.email, 'not the password'),
      login('nobody@example.test', person.password),
      login(suspended.email, suspended.password),
    ]);
    const bodies = await Promise.all(
      answers.map(async (answer) => ({ ...((await answer.json()) as object), request_id: '' })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401, 401],
    );
    assert.deepEqual(bodies[1], bodies[0]);
    assert.deepEqual(bodies[2], bodies[0]);
  });

  it('refuses the eleventh attempt on an account in five minutes, says how long to wait, and forgets after them', async () => {
    const person = await server.person('org_member');
    for (let n = 0; n < 10; n += 1) assert.equal((await login(person.email, 'wrong')).status, 401);
    const refused = await login(person.email, person.password);
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { code: string }).code, 'request.rate-limited');
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait > 0 && wait <= 330, String(wait));
    server.clock.now = new Date(server.clock.now.getTime() + 331_000);
    await server.database.admin`update postern.shared_windows
      set newest = newest - 331000 / (window_ms / (cardinality(counts) - 1))`;
    assert.equal((await login(person.email, person.password)).status, 200);
  });

  it('does not count successful sign-ins against the account', async () => {
    const person = await server.person('org_member');
    for (let n = 0; n < 12; n += 1) assert.equal((await login(person.email, person.password)).status, 200);
  });

  it('keeps the refresh token where scripts and other sites cannot reach it', async () => {
    const person = await server.person('org_member');
    const cookie = cookieOf(await login(person.email, person.password));
    assert.match(cookie, /; Path=\/api\/v1\/auth;/);
    assert.match(cookie, /; HttpOnly/);
    assert.match(cookie, /; SameSite=Strict/);
    const [stored] = await server.database.admin<{ token_hash: Buffer }[]>`
      select token_hash from postern.sessions where user_id = ${person.userId}`;
    assert.equal(cookie.includes(stored?.token_hash.toString('hex') ?? '?'), false);
  });

  it('exchanges the refresh token each time; the latest is forgiven for two tabs at once', async () => {
    const person = await server.person('org_member');
    const first = cookieOf(await login(person.email, person.password));
    const answer = await refresh(first);
    assert.equal(answer.status, 200);
    const second = cookieOf(answer);
    assert.notEqual(second.split(';')[0], first.split(';')[0]);
    const repeated = await refresh(first);
    assert.equal(repeated.status, 200);
    assert.equal(cookieOf(repeated), '');
    assert.equal((await refresh(second)).status, 200);
  });

  it('a refresh token that was exchanged long ago ends the session for whoever holds the new one', async () => {
    const person = await server.person('org_member');
    const answer = await login(person.email, person.password);
    const stolen = cookieOf(answer);
    const second = await refresh(stolen);
    const token = await tokenOf(second);
    await server.database.admin`
      update postern.sessions set rotated_at = now() - interval '31 seconds' where user_id = ${person.userId}`;
    const replayed = await refresh(stolen);
    assert.equal(replayed.status, 401);
    assert.match(cookieOf(replayed), /Expires=Thu, 01 Jan 1970/);
    assert.equal((await refresh(cookieOf(second))).status, 401);
    assert.equal((await me(token)).status, 401);
    const [event] = await server.database.admin<{ details: { reason: string } }[]>`
      select details from postern.audit_events where actor = ${`user:${person.userId}`} and action = 'auth.session-ended'`;
    assert.equal(event?.details.reason, 'refresh token used twice');
  });

  it('a session ends after 24 hours, however often it is refreshed', async () => {
    const person = await server.person('org_member');
    const cookie = cookieOf(await login(person.email, person.password));
    await server.database.admin`
      update postern.sessions set expires_at = now() + interval '5 minutes' where user_id = ${person.userId}`;
    const answer = await refresh(cookie);
    const { expires_in: left } = (await answer.json()) as { expires_in: number };
    assert.ok(left <= 300, String(left));
    await server.database.admin`
      update postern.sessions set expires_at = now() - interval '1 second' where user_id = ${person.userId}`;
    assert.equal((await refresh(cookieOf(answer))).status, 401);
  });

  it('signing out voids access token and refresh token at once', async () => {
    const person = await server.person('org_member');
    const answer = await login(person.email, person.password);
    const cookie = cookieOf(answer);
    const token = await tokenOf(answer);
    assert.equal((await server.send('POST', '/auth/logout', { as: token })).status, 204);
    assert.equal((await me(token)).status, 401);
    assert.equal((await refresh(cookie)).status, 401);
  });

  it('an access token is void once it has expired, its person is suspended, has left, or had all sessions voided', async () => {
    const tenant = await server.database.addTenant();
    const { admin } = server.database;
    const expired = await server.member('org_member', tenant);
    const at = server.clock.now;
    server.clock.now = new Date(at.getTime() + 901_000);
    assert.equal((await me(expired.token)).status, 401);
    server.clock.now = at;
    assert.equal((await me(expired.token)).status, 200);

    const suspended = await server.member('org_member', tenant);
    await admin`update postern.users set suspended = true where user_id = ${suspended.userId}`;
    assert.equal((await me(suspended.token)).status, 401);
    const gone = await server.member('org_member', tenant);
    await admin`delete from postern.memberships where user_id = ${gone.userId}`;
    assert.equal((await me(gone.token)).status, 401);
    const voided = await server.member('org_member', tenant);
    await admin`update postern.users set token_epoch = token_epoch + 1 where user_id = ${voided.userId}`;
    assert.equal((await me(voided.token)).status, 401);
  });

  it('works in the organisation, not in the personal tenant, of somebody who has both', async () => {
    const person = await server.person('user');
    const organisation = await server.database.addTenant();
    await server.database.addMember(organisation, person.userId, 'org_member');
    const token = await tokenOf(await login(person.email, person.password));
    const account = (await (await me(token)).json()) as { tenant: { id: string }; memberships: unknown[] };
    assert.equal(account.tenant.id, organisation);
    assert.equal(account.memberships.length, 2);
  });

  it('believes a forwarded address only from a trusted proxy', async () => {
    const trusting = await startTestServer({ trustedProxies: ['loopback'] });
    try {
      const people = new Map([
        [trusting, await trusting.person('user')],
        [server, await server.person('user')],
      ]);
      const attempt = (from: TestServer, ip: string) =>
        from.send('POST', '/auth/login', {
          json: { email: people.get(from)?.email, password: 'z' },
          headers: { 'x-forwarded-for': ip },
        });
      for (let n = 0; n < 10; n += 1) {
        assert.equal((await attempt(trusting, '192.0.2.1')).status, 401);
        assert.equal((await attempt(server, `192.0.2.${n}`)).status, 401);
      }
      assert.equal((await attempt(trusting, '192.0.2.1')).status, 429);
      assert.equal((await attempt(trusting, '192.0.2.2')).status, 401);
      assert.equal((await attempt(server, '192.0.2.99')).status, 429);
    } finally {
      await trusting.close();
    }
  });
});
