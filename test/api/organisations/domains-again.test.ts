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

  it('that is gone for a week opens the organisation to nobody new; whom it knows still find the way; put back, it opens it again', async () => {
    const oidc = { issuer: 'https://id.example', client_id: 'x', client_secret: 'y' };
    await addProvider(server, owner, { name: 'Corp', oidc });
    const provider = () =>
      server.parts.store.withSystem('sign-in', (db) => db.organisationSignIn.providerOfDomain(domain));
    assert.ok((await provider()) !== null);
    const admitted = (subject: string, email: string) =>
      server.parts.store.withSystem('sign-in', async (db) => {
        const id = await db.organisationSignIn.providerOfDomain(domain);
        return (await db.organisationSignIn.admit(id ?? '', { subject, email, name: 'X' }))?.how;
      });
    const known = { subject: 'someone known', email: `known@${domain}` };
    assert.equal(await admitted(known.subject, known.email), 'created');
    const shown = await read();
    records.length = 0;
    await look(LOOKS);
    const lost = await read();
    assert.equal(lost.state, 'lost');
    assert.ok(lost.lost_at !== null);
    assert.equal(await admitted(known.subject, known.email), 'known');
    assert.equal(await admitted('someone new', `new@${domain}`), undefined, 'nobody new');
    const member = await server.member('org_member', owner.tenantId);
    await server.database
      .admin`update postern.users set email = ${`member@${domain}`} where user_id = ${member.userId}`;
    assert.equal(await admitted('some member', `member@${domain}`), undefined, 'nobody by their address');
    assert.ok((await provider()) !== null, 'whom it knows still find the way');
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

  it('that is lost leads nobody there any more once another organisation has the domain, with a provider or without', async () => {
    const oidc = { issuer: 'https://id.example', client_id: 'x', client_secret: 'y' };
    const { id } = await addProvider(server, owner, { name: 'Corp', oidc });
    const provider = () =>
      server.parts.store.withSystem('sign-in', (db) => db.organisationSignIn.providerOfDomain(domain));
    records.length = 0;
    await look(LOOKS);
    assert.equal(await provider(), id);
    const next = await server.member('org_owner');
    await server.send('POST', '/organisation/domains', { as: next, json: { domain } });
    assert.equal(await provider(), id, 'saying so is not enough');
    const { domains } = (await (await server.send('GET', '/organisation/domains', { as: next })).json()) as {
      domains: Domain[];
    };
    for (const row of domains) publish(row);
    assert.equal((await verify(next)).status, 200);
    assert.equal(await provider(), null);
    const theirs = await addProvider(server, next, { name: 'Next', oidc });
    assert.equal(await provider(), theirs.id);
  });

  it('is not looked for any more once the operator confirms the domain, whatever its DNS had shown or missed', async () => {
    const root = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${root.userId}`;
    const confirm = (as = root) =>
      server.send('POST', `/platform/organisations/${owner.tenantId}/domains`, { as, json: { domain } });
    assert.equal((await confirm(owner)).status, 403, 'with a lesser role');
    records.length = 0;
    for (const missed of [0, LOOKS - 1, LOOKS]) {
      await server.database
        .admin`update postern.organisation_domains set verified_by = 'dns', verified_at = now() where domain = ${domain}`;
      await look(missed);
      assert.equal((await confirm()).status, 204);
      const { state, missing_since: since, lost_at: lost } = await read();
      assert.deepEqual([state, since, lost], ['verified', null, null], `${missed} looks`);
      await look(LOOKS + 1);
      assert.equal((await read()).state, 'verified', `${missed} looks`);
    }
  });

  it('is looked for also where another one cannot be noted, which is said and tried again', async () => {
    const others = [await server.member('org_owner'), await server.member('org_owner')];
    for (const { tenantId } of others)
      await server.database.admin`insert into postern.organisation_domains
        (tenant_id, domain, challenge, verified_at, verified_by, next_check_at)
        values (${tenantId}, ${`${randomUUID()}.example`}, 'x', now(), 'dns', now() - interval '1 day')`;
    const { store } = server.parts;
    const withTenant: typeof store.withTenant = async (tenant, actor, work) => {
      if (tenant === others[0]?.tenantId) throw new Error('broken');
      return await store.withTenant(tenant, actor, work);
    };
    const broken = { ...server.parts, store: { ...store, withTenant } };
    await server.database.admin`update postern.organisation_domains set next_check_at = now() where domain = ${domain}`;
    await assert.rejects(recheckDomains(broken), /could not be looked at/);
    const rows = await server.database.admin<{ tenant: string }[]>`select tenant_id as tenant
      from postern.organisation_domains where checked_at is not null or next_check_at > now() + interval '2 hours'`;
    const looked = rows.map(({ tenant }) => tenant);
    assert.deepEqual(
      [looked.includes(others[0]?.tenantId ?? ''), looked.includes(others[1]?.tenantId ?? '')],
      [false, true],
    );
    assert.ok(looked.includes(owner.tenantId));
    await server.database.admin`delete from postern.organisation_domains
      where tenant_id in ${server.database.admin(others.map(({ tenantId }) => tenantId))}`;
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
