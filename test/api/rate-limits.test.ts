import assert from 'node:assert/strict';
import { windowsOn } from '../helpers/windows.js';
import { keyOf } from './door.js';
import { startTestServer } from './server.js';
import type { TestServer } from './server.js';

describe('rate limits over HTTP', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const limited = (
    address: number | null,
    person: number | null,
    tenant: number | null,
    key: number | null = null,
  ): void => {
    const make = windowsOn(server.parts.store);
    const window = (name: string, limit: number | null) => (limit === null ? null : make(name, limit, 60_000));
    (server.parts as { requests?: unknown }).requests = {
      address: window('address', address),
      person: window('person', person),
      tenant: window('tenant', tenant),
      key: window('key', key),
    };
  };

  it('tells each client what is allowed and what remains, and when to come back', async () => {
    const member = await server.member('org_member');
    limited(100, 2, 100);
    const first = await server.send('GET', '/auth/me', { as: member });
    assert.equal(first.headers.get('ratelimit-policy'), '"address";q=100;w=60, "person";q=2;w=60, "tenant";q=100;w=60');
    assert.match(
      first.headers.get('ratelimit') ?? '',
      /^"address";r=99;t=\d+, "person";r=1;t=\d+, "tenant";r=99;t=\d+$/,
    );
    await server.send('GET', '/auth/me', { as: member });
    const refused = await server.send('GET', '/auth/me', { as: member });
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { code: string }).code, 'request.rate-limited');
    const retry = Number(refused.headers.get('retry-after'));
    assert.ok(retry > 0 && retry <= 66, `${retry} s`);
    assert.match(refused.headers.get('ratelimit') ?? '', /"person";r=0/);
    const colleague = await (async () => {
      limited(null, null, null);
      const other = await server.member('org_member', member.tenantId);
      limited(100, 2, 3);
      return other;
    })();
    assert.equal((await server.send('GET', '/auth/me', { as: colleague })).status, 200, 'others are not concerned');
  });

  it('the members of an organisation share its limit', async () => {
    limited(null, null, null);
    const [ann, bob] = [await server.member('org_member'), await server.member('org_member')];
    await server.database.addMember(ann.tenantId, bob.userId, 'org_member');
    const { access_token: there } = (await (
      await server.send('POST', '/auth/switch', { as: bob, json: { tenant_id: ann.tenantId } })
    ).json()) as { access_token: string };
    limited(null, 100, 3);
    const statuses = [];
    for (const as of [ann, there, ann, there]) statuses.push((await server.send('GET', '/auth/me', { as })).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });

  it('an API key has a limit of its own, which another key of the same person does not share', async () => {
    limited(null, null, null);
    const owner = await server.member('org_member');
    const scopes = ['scan:read'];
    const [one, two] = [await keyOf(server, owner.token, { scopes }), await keyOf(server, owner.token, { scopes })];
    limited(null, 1, 100, 2);
    const statuses = [];
    for (const as of [one, one, one, two]) statuses.push((await server.send('GET', '/scan/history', { as })).status);
    assert.deepEqual(statuses, [200, 200, 429, 200]);
  });

  it('a forged X-Forwarded-For, Forwarded or X-Real-IP makes nobody another client', async () => {
    limited(3, null, null);
    const statuses = [];
    for (let index = 0; index < 6; index += 1) {
      const forged = `198.51.100.${index}`;
      const headers = { 'x-forwarded-for': forged, forwarded: `for=${forged}`, 'x-real-ip': forged };
      statuses.push((await server.send('GET', '/setup', { headers })).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429, 429, 429]);
    limited(null, null, null);
  });
});
