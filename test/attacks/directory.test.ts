import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { openDirectory } from '../api/organisations/directory.js';
import type { Directory } from '../api/organisations/directory.js';
import { addProvider } from '../api/organisations/organisation-provider.js';
import { startTestServer } from '../api/server.js';
import type { TestServer } from '../api/server.js';
import { windowsOn } from '../helpers/windows.js';

const HOSTILE = [
  'a\0b',
  '\ud800',
  `'); drop table postern.users; --`,
  'a\r\nX-Evil: 1',
  `${'a'.repeat(2000)}!`,
  '',
  '../..',
];

/** What is beside the API and in no document of it: the address of directories (SCIM), and where browsers come back from providers. */
describe('attack: directories and identity providers', function () {
  this.timeout(60_000);
  let server: TestServer;
  let directory: Directory;
  let provider: string;
  before(async () => {
    server = await startTestServer();
    directory = await openDirectory(server);
    const oidc = { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' };
    provider = (await addProvider(server, directory.owner, { name: 'Corp', oidc })).id;
  });
  after(() => server.close());

  const assertHeld = async (answer: Response, what: string) => {
    const text = await answer.text();
    assert.ok(answer.status < 500 || answer.status === 501, `${what}: ${answer.status} ${text}`);
    assert.equal(answer.headers.get('x-evil'), null, what);
  };

  it('hostile texts in every field, path and filter break nothing of a directory', async () => {
    const { ask, create, entraUser, fresh, get, patch } = directory;
    const user = await create();
    const group = await get<{ id: string }>('POST', '/Groups', { displayName: 'Everybody' }, 201);
    for (const text of HOSTILE) {
      const what = JSON.stringify(text.slice(0, 20));
      const name = { givenName: text, familyName: text, formatted: text };
      for (const more of [{ displayName: text }, { externalId: text }, { name }, { emails: [{ value: text }] }]) {
        await assertHeld(await ask('POST', '/Users', entraUser(fresh(), more)), `${what} in ${Object.keys(more)[0]}`);
      }
      await assertHeld(await ask('POST', '/Users', entraUser(text)), `${what} as the user name`);
      await assertHeld(await ask('PUT', `/Users/${user.id}`, entraUser(text)), `${what} put`);
      await assertHeld(await ask('POST', '/Groups', { displayName: text, externalId: text }), `${what} as a group`);
      await assertHeld(
        await ask('PUT', `/Groups/${group.id}`, { displayName: 'x', members: [{ value: text }] }),
        `${what} as a member`,
      );
      for (const path of ['/Users', '/Groups']) {
        const id = path === '/Users' ? user.id : group.id;
        for (const attribute of ['id', 'externalId', path === '/Users' ? 'userName' : 'displayName']) {
          const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(text)}`);
          await assertHeld(await ask('GET', `${path}?filter=${filter}`), `${what}: ${path} by ${attribute}`);
        }
        await assertHeld(
          await ask('GET', `${path}/${encodeURIComponent(Buffer.from(text).toString())}`),
          `${what} as an id`,
        );
        for (const of of ['externalId', 'displayName', `emails[value eq ${JSON.stringify(text)}].value`, text]) {
          const operation = { op: 'replace', path: of, value: text };
          await assertHeld(await patch(`${path}/${id}`, operation), `${what}: ${path} patched at ${of.slice(0, 20)}`);
        }
      }
    }
    assert.equal((await ask('GET', '/Users')).status, 200);
  });

  it('what is nested without end, grows when unpacked or is in another coding is refused before it is looked into', async () => {
    const send = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/scim/v2/Users`, {
        ...{ method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) },
        headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json', ...headers },
      });
    const deep = '['.repeat(49_000) + ']'.repeat(49_000);
    assert.equal((await send(`{"userName":${deep}}`)).status, 400);
    const bomb = gzipSync(JSON.stringify({ userName: 'x'.repeat(50_000_000) }));
    assert.equal((await send(bomb, { 'content-encoding': 'gzip' })).status, 413);
    assert.ok([400, 415].includes((await send('{}', { 'content-encoding': 'nonsense' })).status));
    assert.ok([400, 415].includes((await send('{}', { 'content-type': 'application/json; charset=x' })).status));
  });

  it('no more than an API key may: a directory has limits of its own and those of its organisation, and is told', async () => {
    const { ask } = directory;
    const window = windowsOn(server.parts.store);
    Object.assign(server.parts, {
      requests: {
        ...{ address: null, person: null },
        ...{ key: window('key', 3, 60_000), tenant: window('tenant', 100, 60_000) },
      },
    });
    try {
      const answers = [];
      for (let turn = 0; turn < 4; turn += 1) answers.push(await ask('GET', '/Users?count=1'));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 429],
      );
      assert.match(answers[0]?.headers.get('ratelimit') ?? '', /^"key";r=2;t=\d+, "tenant";r=99;t=\d+$/);
      assert.ok(Number(answers[3]?.headers.get('retry-after')) > 0);
      const asOwner = await server.send('GET', '/auth/me', { as: directory.owner });
      assert.equal(asOwner.status, 200, 'and its people are not kept waiting by it');
    } finally {
      Object.assign(server.parts, { requests: undefined });
    }
  });

  it('where browsers come back nothing leads elsewhere, signs anybody in or repeats what was sent', async () => {
    const at = `${server.url}/api/v1/auth/organisation`;
    for (const text of [...HOSTILE, 'https://evil.example', '//evil.example']) {
      const query = new URLSearchParams({ state: text, code: text, handover: text, RelayState: text }).toString();
      const form = new URLSearchParams({ RelayState: text, SAMLResponse: Buffer.from(text).toString('base64') });
      const answers = [
        await fetch(`${at}/${provider}/callback?${query}`, { redirect: 'manual' }),
        await fetch(`${at}/arrive?${query}`, { redirect: 'manual' }),
        await fetch(`${at}/${provider}/acs`, { method: 'POST', redirect: 'manual', body: form }),
        await fetch(`${at}/${provider}/acs`, { method: 'POST', redirect: 'manual', body: text }),
      ];
      for (const answer of answers) {
        await assertHeld(answer, `${answer.url} with ${JSON.stringify(text.slice(0, 20))}`);
        const location = answer.headers.get('location');
        if (location !== null) assert.match(location, /^\/sign-in#fault=[\w.-]+$/, answer.url);
        for (const cookie of answer.headers.getSetCookie()) assert.match(cookie, /^postern_trip=;/, answer.url);
      }
    }
    const large = new URLSearchParams({ RelayState: 'x', SAMLResponse: 'x'.repeat(400_000) });
    const refused = await fetch(`${at}/${provider}/acs`, { method: 'POST', redirect: 'manual', body: large });
    assert.match(refused.headers.get('location') ?? '', /^\/sign-in#fault=/);
  });

  it('its answers carry the headers that keep a browser from being used, and no page of another origin reads them', async () => {
    for (const path of ['/scim/v2/Users', '/scim/v2/nowhere', `/api/v1/auth/organisation/${provider}/acs`]) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { headers } = await fetch(server.url + path, {
          ...{ method, redirect: 'manual' },
          headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
        });
        const policy = headers.get('content-security-policy') ?? '';
        assert.match(policy, /default-src 'none'/, path);
        assert.match(policy, /frame-ancestors 'none'/, path);
        assert.equal(headers.get('cache-control'), 'no-store', `${method} ${path}`);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
        assert.equal(headers.get('access-control-allow-origin'), null, path);
      }
    }
  });
});
