import assert from 'node:assert/strict';
import { keyOf } from '../api/door.js';
import { addProvider, organisationWith } from '../api/organisations/organisation-provider.js';
import { startTestServer } from '../api/server.js';
import type { Member, TestServer } from '../api/server.js';
import { skipWithout } from '../helpers/requirements.js';
import { hasOpenssl, makeKeyPair } from '../helpers/saml-provider.js';
import { bodyOf } from './body-of.js';
import type { Document } from './body-of.js';

const TIMES = 12;

/** Whoever has no account must not be able to fill anybody's audit log, whatever they try and however often. */
describe('attack: flooding the audit log without an account', function () {
  this.timeout(90_000);
  let server: TestServer;
  let victim: Member;
  before(async () => {
    server = await startTestServer();
    victim = await server.member('org_owner');
  });
  after(() => server.close());

  /** All of one minute, so that the counts are exact. */
  async function withinMinute<T>(work: () => Promise<T>): Promise<T> {
    const [row] = await server.database.admin<{ second: number }[]>`select extract(second from now())::int as second`;
    const second = row?.second ?? 0;
    if (second > 45) await new Promise((resolve) => setTimeout(resolve, (61 - second) * 1000));
    return await work();
  }
  const written = async (): Promise<number> => {
    const [row] = await server.database.admin<{ rows: number }[]>`
      select ((select count(*) from postern.audit_events) + (select count(*) from postern.system_events))::int as rows`;
    return row?.rows ?? 0;
  };

  it('no operation that is open to anyone writes more than a few entries of a dozen attempts', async () => {
    const document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as Document;
    const open = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        operation.security.length === 0 ? [{ path, method, operation }] : [],
      ),
    );
    assert.ok(open.length > 15, `${open.length} operations`);
    const tooMany: string[] = [];
    for (const { path, method, operation } of open) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const body = schema === undefined ? null : JSON.stringify(bodyOf(schema, 'wrong', document.components.schemas));
      const init = {
        ...{ method: method.toUpperCase(), redirect: 'manual' as const },
        headers: { 'content-type': 'application/json', origin: server.url, cookie: 'postern_refresh=invented' },
        ...(body === null ? {} : { body: body.replaceAll('a@b.example', victim.email) }),
      };
      const before = await written();
      const url = `${server.url}/api/v1${path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')}`;
      for (let turn = 0; turn < TIMES; turn += 1) await (await fetch(url, init)).arrayBuffer();
      // The first and the tenth, in the log of the tenant and of the installation, over a change of the minute.
      const entries = (await written()) - before;
      if (entries > 6) tooMany.push(`${operation.operationId}: ${entries}`);
    }
    assert.deepEqual(tooMany, []);
  });

  it('answers of its identity provider that are refused are a handful of entries of an organisation', async function () {
    skipWithout(this, 'openssl', hasOpenssl(), 'install openssl');
    const { owner, domain } = await organisationWith(server);
    const { id } = await addProvider(server, owner, {
      name: 'Corp',
      saml: {
        issuer: 'https://id.corp.example',
        sign_in_url: 'https://id.corp.example/sso',
        certificates: [makeKeyPair().certificate],
      },
    });
    /** Begins as anybody can, and posts what no provider said. */
    const attempt = async (turn: number) => {
      const json = { email: `x@${domain}`, return_to: '/' };
      const begun = await server.send('POST', '/auth/organisation/start', { json });
      const { location } = (await begun.json()) as { location: string };
      const RelayState = new URL(location).searchParams.get('RelayState') ?? '';
      const SAMLResponse = Buffer.from(turn % 2 === 0 ? `<Response${turn}/>` : `<Response a${turn} />`).toString(
        'base64',
      );
      const body = new URLSearchParams({ SAMLResponse, RelayState });
      const url = `${server.url}/api/v1/auth/organisation/${id}/acs`;
      const { headers } = await fetch(url, { method: 'POST', redirect: 'manual', body });
      assert.match(headers.get('location') ?? '', /fault=auth.provider-refused/);
    };
    await withinMinute(() => Promise.all(Array.from({ length: 120 }, (_, turn) => attempt(turn))));
    const entries = await server.database.admin<{ attempts: number | null; reason: string }[]>`
      select (details ->> 'attempts')::int as attempts, details ->> 'reason' as reason from postern.audit_events
      where tenant_id = ${owner.tenantId} and action = 'auth.organisation-refused' order by event_id`;
    // One kind, whatever a stranger writes, also where the reason quotes it: the first, the tenth, the hundredth.
    assert.deepEqual(
      entries.map(({ attempts }) => attempts),
      [null, 10, 100],
    );
    assert.ok(entries.every(({ reason }) => reason.length > 0));
  });

  it('a key that has ended is one entry, however often it is tried', async () => {
    const key = await keyOf(server, victim.token);
    const { items } = (await (await server.send('GET', '/api-keys', { as: victim })).json()) as {
      items: { id: string }[];
    };
    await server.send('DELETE', `/api-keys/${items[0]?.id}`, { as: victim });
    const before = await written();
    for (let turn = 0; turn < TIMES; turn += 1) {
      assert.equal((await server.send('GET', '/scan/history', { as: key })).status, 401);
    }
    assert.equal((await written()) - before, 1);
  });

  it('calls that pretend to be a provider’s or a directory’s, and invented tickets and tokens, write nothing', async () => {
    const before = await written();
    for (const [path, method] of [
      ['/webhooks/gmail', 'POST'],
      ['/webhooks/microsoft', 'POST'],
      ['/scim/v2/Users', 'GET'],
      ['/render/invented', 'GET'],
      ['/api/v1/scan/history', 'GET'],
    ] as const) {
      for (let turn = 0; turn < TIMES; turn += 1) {
        const headers = { authorization: `Bearer invented-${turn}`, 'content-type': 'application/json' };
        const body = JSON.stringify({ value: [{ clientState: 'invented' }] });
        const answer = await fetch(`${server.url}${path}`, { method, headers, ...(method === 'POST' ? { body } : {}) });
        await answer.arrayBuffer();
      }
    }
    assert.equal(await written(), before);
  });
});
