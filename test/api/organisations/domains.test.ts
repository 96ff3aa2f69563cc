import assert from 'node:assert/strict';
import type { Answer } from 'dns-packet';
import { createResolver } from '../../../src/net/resolver.js';
import { startNameServer } from '../../helpers/name-server.js';
import { allowProviderAt } from './organisation-provider.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Domain {
  readonly domain: string;
  readonly record: { readonly name: string; readonly value: string };
  readonly verified_at: string | null;
  readonly verified_by: string | null;
}

describe('e-mail domains of an organisation', () => {
  let server: TestServer;
  let owner: Member;
  const records: Answer[] = [];
  let clock = 0;
  const stops: (() => Promise<void> | void)[] = [];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    owner = await server.member('org_owner');
    const dns = await startNameServer({ records, silent: ['_postern-challenge.silent.example'] });
    const asked = createResolver({ servers: [dns.address], timeoutMs: 200, tries: 1, now: () => (clock += 600_000) });
    const stop = await allowProviderAt(server, 'https://id.example', asked);
    stops.push(
      stop,
      () => asked.close(),
      () => dns.close(),
    );
  });
  after(async () => {
    for (const stop of stops) await stop();
    await server.close();
  });

  const claim = (domain: string, as: Member = owner) =>
    server.send('POST', '/organisation/domains', { as, json: { domain } });
  const verify = (domain: string, as: Member = owner) =>
    server.send('POST', `/organisation/domains/${domain}/verify`, { as });
  const codeOf = async (answer: Response): Promise<readonly [number, string]> => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];
  const publish = ({ record }: Domain) =>
    records.push({ type: 'TXT', name: record.name, data: [record.value.slice(0, 10), record.value.slice(10)] });

  it('are shown by a record in their DNS', async () => {
    const made = (await (await claim('Corp.Example')).json()) as Domain;
    assert.equal(made.domain, 'corp.example');
    assert.equal(made.verified_at, null);
    assert.deepEqual(await codeOf(await verify('corp.example')), [422, 'organisation.domain-not-shown']);
    publish({ ...made, record: { ...made.record, value: 'postern-domain=of-somebody-else' } });
    assert.deepEqual(await codeOf(await verify('corp.example')), [422, 'organisation.domain-not-shown']);
    publish(made);
    const shown = (await (await verify('corp.example')).json()) as Domain;
    assert.equal(shown.verified_by, 'dns');
    const again = (await (await claim('corp.example')).json()) as Domain;
    assert.deepEqual(again, shown, 'naming it again changes nothing');
  });

  it('belong to one organisation: another may name it, and not show it, whatever its record', async () => {
    const rival = await server.member('org_owner');
    const made = (await (await claim('corp.example', rival)).json()) as Domain;
    assert.notEqual(made.record.value.length, 0);
    publish(made);
    assert.deepEqual(await codeOf(await verify('corp.example', rival)), [409, 'organisation.domain-taken']);
    const { domains } = (await (await server.send('GET', '/organisation/domains', { as: rival })).json()) as {
      domains: Domain[];
    };
    assert.deepEqual(
      domains.map(({ verified_at: at }) => at),
      [null],
    );
    const removed = await server.send('DELETE', '/organisation/domains/corp.example', { as: rival });
    assert.equal(removed.status, 204);
    assert.equal((await server.send('GET', '/organisation/domains', { as: owner })).status, 200);
    assert.equal((await verify('corp.example')).status, 200, "the owner's own stays");
  });

  it('are none that people of many organisations have addresses at, and no suffix or address', async () => {
    for (const domain of [
      'gmail.com',
      'outlook.com',
      'co.uk',
      'github.io',
      '10.0.0.1',
      'localhost',
      'a b.example',
      '....',
    ]) {
      assert.equal((await claim(domain)).status, 400, domain);
    }
  });

  it('are not shown by a name server that does not answer', async () => {
    await claim('silent.example');
    assert.deepEqual(await codeOf(await verify('silent.example')), [422, 'organisation.domain-not-shown']);
  });

  it('are named by the owner only', async () => {
    for (const role of ['org_admin', 'org_member'] as const) {
      const member = await server.member(role, owner.tenantId);
      assert.equal((await claim('other.example', member)).status, 403);
      assert.equal((await verify('corp.example', member)).status, 403);
      assert.equal((await server.send('DELETE', '/organisation/domains/corp.example', { as: member })).status, 403);
    }
  });

  it('can be confirmed by a super admin instead, for an organisation only, and once', async () => {
    const admin = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${admin.userId}`;
    const confirm = (tenant: string, domain: string, as = admin) =>
      server.send('POST', `/platform/organisations/${tenant}/domains`, { as, json: { domain } });
    assert.equal((await confirm(owner.tenantId, 'known.example', owner)).status, 403);
    assert.equal((await confirm(owner.tenantId, 'known.example')).status, 204);
    assert.equal((await confirm(owner.tenantId, 'known.example')).status, 204, 'twice is once');
    assert.deepEqual(await codeOf(await confirm(admin.tenantId, 'known.example')), [409, 'organisation.domain-taken']);
    const nowhere = '00000000-0000-4000-8000-000000000000';
    assert.deepEqual(await codeOf(await confirm(nowhere, 'other.example')), [404, 'tenant.not-found']);
    const { domains } = (await (await server.send('GET', '/organisation/domains', { as: owner })).json()) as {
      domains: Domain[];
    };
    assert.equal(domains.find(({ domain }) => domain === 'known.example')?.verified_by, 'platform');
  });
});
