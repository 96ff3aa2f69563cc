import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { SignInLimits } from '../../src/services/context.js';
import { windowsOn } from '../helpers/windows.js';
import { startTestServer } from '../api/server.js';
import type { Member, TestServer } from '../api/server.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Getting in: guessing who is there, guessing passwords, and holding up what is no token. */
describe('attack: accounts', () => {
  let server: TestServer;
  let member: Member;
  before(async function () {
    this.timeout(60_000);
    // Requests seem to come from many addresses, as from a botnet.
    server = await startTestServer({ trustedProxies: ['127.0.0.1'] });
    member = await server.member('org_owner');
    // As in the product, only smaller: each attempt costs a quarter of a second of bcrypt.
    (server.parts as { limits: SignInLimits }).limits = {
      ...server.parts.limits,
      bySide: windowsOn(server.parts.store)('side', 20, 300_000),
    };
  });
  after(() => server.close());

  const login = (email: string, password: string, from: string) =>
    server.send('POST', '/auth/login', { json: { email, password }, headers: { 'x-forwarded-for': from } });
  const me = async (token: string) =>
    (await server.send('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } })).status;

  it('enumeration: sign-in answers the same for who exists and who does not', async () => {
    const strip = async (answer: Response) => {
      const { request_id: _id, ...rest } = (await answer.json()) as Record<string, unknown>;
      const { 'x-request-id': _x, date: _d, ratelimit: _r, ...headers } = Object.fromEntries(answer.headers);
      return { status: answer.status, rest, headers };
    };
    const [known, unknown] = [
      await strip(await login(member.email, 'wrong', '198.51.100.1')),
      await strip(await login('nobody@example.test', 'wrong', '198.51.100.2')),
    ];
    assert.deepEqual(known, unknown);
  });

  const assertStopped = (answers: readonly Response[]) => {
    assert.equal(answers.filter(({ status }) => status === 429).length, 10);
  };

  it('brute force from many addresses against one account is stopped', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 30 }, (_, index) => login('target@example.test', `guess ${index}`, `203.0.113.${index}`)),
    );
    assertStopped(statuses);
  });

  it('one address that tries many accounts is stopped too', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 30 }, (_, index) => login(`victim${index}@example.test`, 'Summer2026!', '203.0.113.200')),
    );
    assertStopped(statuses);
  });

  it('invitation links cannot be guessed, and guessing tells nothing', async () => {
    for (const token of ['', 'a', '../../etc/passwd', "' or 1=1 --", 'A'.repeat(43), '\u0000']) {
      const answer = await server.send('POST', '/auth/invitation', { json: { token } });
      assert.ok([400, 410].includes(answer.status), `${answer.status} for ${JSON.stringify(token)}`);
    }
  });

  it('token confusion: nothing but a fresh token of this server is one', async () => {
    const [header = '', payload = '', signature = ''] = member.token.split('.');
    const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64url');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsaHead = `${encode({ ...head, alg: 'RS256' })}.${payload}`;
    const forgeries: Record<string, string> = {
      'alg none': `${encode({ ...head, alg: 'none' })}.${payload}.`,
      'alg None': `${encode({ ...head, alg: 'None' })}.${payload}.${signature}`,
      'another key': `${header}.${payload}.${hmac('secret', `${header}.${payload}`)}`,
      'an empty key': `${header}.${payload}.${hmac('', `${header}.${payload}`)}`,
      'other claims': `${header}.${encode({ ...claims, tid: '00000000-0000-4000-8000-000000000000' })}.${signature}`,
      'no expiry': `${header}.${encode({ ...claims, exp: 4_102_444_800 })}.${signature}`,
      RS256: `${rsaHead}.${sign('sha256', Buffer.from(rsaHead), privateKey).toString('base64url')}`,
      'a key from a header': `${encode({ ...head, jwk: { kty: 'oct', k: 'c2VjcmV0' } })}.${payload}.${hmac('secret', `${header}.${payload}`)}`,
      'a path as key id': `${encode({ ...head, kid: '../../dev/null' })}.${payload}.${signature}`,
      'without signature': `${header}.${payload}`,
      'a session id': member.userId,
    };
    for (const [name, token] of Object.entries(forgeries)) assert.equal(await me(token), 401, name);
    assert.equal(await me(member.token), 200, 'the real one');
    const signedIn = await server.send('POST', '/auth/login', {
      json: { email: member.email, password: 'correct horse battery' },
    });
    const refresh = /refresh=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')?.[1] ?? '';
    assert.ok(refresh.length > 40);
    assert.equal(await me(refresh), 401, 'a refresh token is no access token');
    const asRefresh = await server.send('POST', '/auth/refresh', {
      headers: { cookie: `postern_refresh=${member.token}` },
    });
    assert.equal(asRefresh.status, 401, 'and the other way round');
  });

  it('CSRF: the cookie is spent by this origin only, also not by another port of this host', async () => {
    const signedIn = await server.send('POST', '/auth/login', {
      json: { email: member.email, password: 'correct horse battery' },
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    assert.match(signedIn.headers.get('set-cookie') ?? '', /SameSite=Strict/);
    const refresh = (headers: Record<string, string>) =>
      server.send('POST', '/auth/refresh', { headers: { cookie, ...headers } });
    for (const site of ['cross-site', 'same-site', 'cross-origin', 'nonsense']) {
      assert.equal((await refresh({ 'sec-fetch-site': site, origin: 'http://localhost:9999' })).status, 401, site);
    }
    const [first = ''] = cookie.split('=', 1);
    const planted = await server.send('POST', '/auth/refresh', {
      headers: { cookie: `${first}=00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}; ${cookie}` },
    });
    assert.equal(planted.status, 401, 'a cookie planted beside ours makes neither valid');
    assert.equal((await refresh({ 'sec-fetch-site': 'same-origin' })).status, 200);
  });

  it('no other origin may read an answer or ask with a header of its own', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await server.send(method, '/auth/me', {
        headers: { origin: 'https://evil.example', 'access-control-request-headers': 'authorization' },
      });
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    }
  });
});
