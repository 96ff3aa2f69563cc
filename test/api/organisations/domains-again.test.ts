import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Answer } from 'dns-packet';
import { createResolver } from '../../../src/net/resolver.js';
import { LOOKS, recheckDomains } from '../../../src/services/single-sign-on/recheck-domains.js';
import { startNameServer } from '../../helpers/name-server.js';
import { addProvider, allowProviderAt } from './organisation-provider.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Domain {
  readonly domain: string;
  readonly state: string;
  readonly record: { readonly name: string; readonly value: string };
  readonly missing_since: string | null;
  readonly lost_at: string | null;
}

const BEGUN = ['organisation.domain-claimed', 'organisation.domain-verified'];

describe('the record of a domain that was shown', () => {
  let server: TestServer;
  let owner: Member;
  let domain: string;
  const records: Answer[] = [];
  const silent: string[] = [];
  let clock = 0;
  const stops: (() => Promise<void> | void)[] = [];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    const dns = await startNameServer({ records, silent });
    // Every question is a new one: nothing is remembered.
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
  beforeEach(async () => {
    records.length = 0;
    silent.length = 0;
    owner = await server.member('org_owner');
    domain = `${randomUUID()}.example`;
    await server.send('POST', '/organisation/domains', { as: owner, json: { domain } });
    publish(await read());
    assert.equal((await verify()).status, 200);
  });

  const publish = ({ record }: Domain) => records.push({ type: 'TXT', name: record.name, data: [record.value] });
  const verify = (as = owner) => server.send('POST', `/organisation/domains/${domain}/verify`, { as });
  const read = async (): Promise<Domain> => {
    const { domains } = (await (await server.send('GET', '/organisation/domains', { as: owner })).json()) as {
      domains: Domain[];
    };
    const found = domains.find((one) => one.domain === domain);
    assert.ok(found !== undefined);
    return found;
  };
  /** A day later, as far as this domain is concerned. */
  const look = async (times = 1): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await server.database
        .admin`update postern.organisation_domains set next_check_at = now() where domain = ${domain}`;
      await recheckDomains(server.parts);
    }
  };
  const events = async (): Promise<readonly string[]> => {
    const rows = await server.database.admin<{ action: string }[]>`select action from postern.audit_events
      where tenant_id = ${owner.tenantId} and action like 'organisation.domain-%' order by event_id`;
    return rows.map(({ action }) => action).slice(BEGUN.length);
  };
  const mails = async () => (await server.mailTo(owner.email)).map(({ subject }) => subject);

  it('is looked for once a day, and nothing comes of it while it is there', async () => {
    await recheckDomains(server.parts);
    const [before] = await server.database.admin`select next_check_at > now() + interval '23 hours' as later
      from postern.organisation_domains where domain = ${domain}`;
    assert.equal(before?.['later'], true);
    await look(LOOKS + 2);
    assert.equal((await read()).state, 'verified');
    assert.deepEqual(await events(), []);
    assert.deepEqual(await mails(), []);
  });

  it('may be gone for days: its owner is told once, and what it opened stays open until it is back', async () => {
    records.length = 0;
    await look(LOOKS - 1);
    const gone = await read();
    assert.equal(gone.state, 'missing');
    assert.ok(gone.missing_since !== null && gone.lost_at === null);
    assert.deepEqual(await mails(), [`The record of ${domain} is gone`]);
    const asked = await verify();
    assert.equal(asked.status, 422);
    assert.match(((await asked.json()) as { detail: string }).detail, /is gone/);
    assert.equal((await read()).state, 'missing', 'that the owner looks takes nothing away');
    publish(gone);
    await look();
    assert.equal((await read()).state, 'verified');
    assert.deepEqual(await events(), ['organisation.domain-missing', 'organisation.domain-back']);
    records.length = 0;
    await look(LOOKS - 1);
    assert.equal((await read()).state, 'missing', 'and the count begins anew');
    publish(gone);
    assert.equal((await verify()).status, 200);
    assert.equal((await read()).state, 'verified', 'also when the owner has it looked for');
  });

  it('that is gone for a week takes with it what the domain opened; put back, it opens it again', async () => {
    const oidc = { issuer: 'https://id.example', client_id: 'x', client_secret: 'y' };
    await addProvider(server, owner, { name: 'Corp', oidc });
    const provider = () =>
      server.parts.store.withSystem('sign-in', (db) => db.organisationSignIn.providerOfDomain(domain));
    assert.ok((await provider()) !== null);
    const shown = await read();
    records.length = 0;
    await look(LOOKS);
    const lost = await read();
    assert.equal(lost.state, 'lost');
    assert.ok(lost.lost_at !== null);
    assert.equal(await provider(), null);
    assert.deepEqual(await events(), ['organisation.domain-missing', 'organisation.domain-lost']);
    assert.deepEqual(await mails(), [`The record of ${domain} is gone`, `${domain} is no longer your organisation’s`]);
    await look(3);
    assert.equal((await events()).length, 2, 'nothing is looked for that is not theirs');
    publish(shown);
    assert.equal((await verify()).status, 200);
    assert.equal((await read()).state, 'verified');
    assert.ok((await provider()) !== null);
  });

  it('is not gone where the name server does not answer, nor where the operator confirmed the domain', async () => {
    silent.push(`_postern-challenge.${domain}`);
    await look(LOOKS + 1);
    assert.equal((await read()).state, 'verified');
    const [soon] = await server.database.admin`select next_check_at < now() + interval '2 hours' as soon
      from postern.organisation_domains where domain = ${domain}`;
    assert.equal(soon?.['soon'], true, 'it is asked again soon');
    silent.length = 0;
    records.length = 0;
    await server.database
      .admin`update postern.organisation_domains set verified_by = 'platform' where domain = ${domain}`;
    await look(LOOKS + 1);
    assert.equal((await read()).state, 'verified');
    assert.deepEqual(await events(), []);
  });

  it('is looked for by the worker alone: neither an owner nor another tenant counts a look or ends a domain', async () => {
    const { store } = server.parts;
    const [row] = await server.database.admin<{ challenge: string }[]>`select challenge
      from postern.organisation_domains where domain = ${domain}`;
    const due = { domain, challenge: row?.challenge ?? '' };
    const asOwner = { kind: 'user', userId: owner.userId, role: 'org_owner' } as const;
    await assert.rejects(store.withTenant(owner.tenantId, asOwner, (db) => db.domains.noteCheck(due, false, 1)));
    const stranger = await server.member('org_owner');
    const worker = { kind: 'worker', job: 'test' } as const;
    assert.equal(await store.withTenant(stranger.tenantId, worker, (db) => db.domains.noteCheck(due, false, 1)), null);
    await assert.rejects(store.withSystem('sign-in', (db) => db.domains.takeDue(1)));
    assert.equal((await read()).state, 'verified');
  });
});
