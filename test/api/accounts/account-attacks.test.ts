import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { SharedWindow } from '../../../src/services/limits/shared-window.js';
import { windowsOn } from '../../helpers/windows.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

const FRESH = 'a quiet river in november';

describe('attacks on accounts', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const post = (path: string, json: object) => server.send('POST', path, { json });

  it('every route that needs no token is limited by client', async () => {
    const limited = await startTestServer();
    const window = windowsOn(limited.parts.store);
    (limited.parts.accounts as { byClient: SharedWindow }).byClient = window('client', 2, 300_000);
    try {
      const { paths } = (await (await limited.send('GET', '/openapi.json')).json()) as {
        paths: Record<string, Record<string, { security: unknown[] }>>;
      };
      const open = Object.entries(paths).flatMap(([path, methods]) =>
        methods['post']?.security.length === 0 ? [path.replace('/api/v1', '')] : [],
      );
      const credential = { id: 'x', rawId: 'x', type: 'public-key', clientExtensionResults: {} };
      const response = { clientDataJSON: '', authenticatorData: '', signature: '' };
      const bodies: Readonly<Record<string, object>> = {
        '/auth/login/verify': { challenge: 'x', method: 'totp', code: '1' },
        '/auth/login/enrol': { challenge: 'x' },
        '/auth/login/passkey/options': {},
        '/auth/login/passkey': { ...credential, response },
        '/auth/login/email': { email: 'a@b.example' },
        '/auth/login/email/verify': { challenge: 'x', code: '1' },
        '/auth/organisation/start': { email: 'a@b.example' },
        '/auth/sign-up': { email: 'a@b.example' },
        '/auth/sign-up/complete': { token: 'x', password: FRESH },
        '/auth/password/forgot': { email: 'a@b.example' },
        '/auth/password/reset': { token: 'x', password: FRESH },
        '/auth/email/confirm': { token: 'x' },
        '/auth/invitation': { token: 'x' },
        '/auth/invitation/join': { token: 'x', password: FRESH },
      };
      // These have limits of their own: by address and account, by link, by cookie.
      // What a provider has a browser post is answered by leading on, see below.
      const posted = '/auth/organisation/{provider}/acs';
      const elsewhere = ['/auth/login', '/auth/refresh', '/setup', posted];
      assert.deepEqual(open.filter((path) => !elsewhere.includes(path)).sort(), Object.keys(bodies).sort());
      for (let n = 0; n < 2; n += 1) await limited.send('POST', '/auth/email/confirm', { json: { token: 'x' } });
      for (const [path, json] of Object.entries(bodies)) {
        const answer = await limited.send('POST', path, { json });
        assert.equal(answer.status, 429, path);
        assert.ok(Number(answer.headers.get('retry-after')) > 0, path);
      }
      const acs = posted.replace('{provider}', '00000000-0000-4000-8000-000000000000');
      const form = new URLSearchParams({ SAMLResponse: 'x', RelayState: 'x' });
      const led = await limited.send('POST', acs, { body: form });
      assert.match(led.headers.get('location') ?? '', /fault=request\.rate-limited/);
      const start = await limited.send('GET', '/auth/oidc/oidc/start');
      assert.match(start.headers.get('location') ?? '', /fault=request\.rate-limited/);
    } finally {
      await limited.close();
    }
  });

  it('links are built from the public URL, whatever a request says about the host', async () => {
    const member = await server.member('user');
    const { hostname, port } = new URL(server.url);
    const body = JSON.stringify({ email: member.email });
    await new Promise<void>((resolve, reject) => {
      const headers = {
        ...{ host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
        ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      };
      const sent = request(
        { hostname, port, method: 'POST', path: '/api/v1/auth/password/forgot', headers },
        (answer) => {
          answer.resume().on('end', resolve);
        },
      );
      sent.on('error', reject).end(body);
    });
    const mail = (await server.mailTo(member.email)).at(-1);
    assert.ok(mail?.text.includes(`${server.url}/reset#token=`));
    assert.doesNotMatch(JSON.stringify(mail), /evil/);
  });

  it('names nothing it does not know: roles, flags and other people are no fields', async () => {
    const member = await server.member('user');
    for (const extra of [{ super_admin: true }, { user_id: member.userId }, { role: 'org_owner' }]) {
      const answer = await server.send('PATCH', '/account', { as: member, json: { display_name: 'X', ...extra } });
      assert.equal(answer.status, 400);
      assert.equal((await post('/auth/sign-up', { email: 'new@example.test', ...extra })).status, 400);
      assert.equal((await post('/auth/sign-up/complete', { token: 'x', password: FRESH, ...extra })).status, 400);
    }
    assert.equal(
      (await server.send('PATCH', '/account', { as: member, json: { display_name: 'Ann B.' } })).status,
      204,
    );
    const me = (await (await server.send('GET', '/auth/me', { as: member })).json()) as { display_name: string };
    assert.equal(me.display_name, 'Ann B.');
  });
});
