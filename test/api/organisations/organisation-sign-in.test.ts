import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startIdentityProvider } from '../../helpers/identity-provider.js';
import type { Person, TestProvider } from '../../helpers/identity-provider.js';
import { Browser } from '../browser.js';
import { addProvider, allowProviderAt, organisationWith } from './organisation-provider.js';
import type { Organisation } from './organisation-provider.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const PASSWORD = 'correct horse battery';

describe("signing in with an organisation's own identity provider", () => {
  let server: TestServer;
  let idp: TestProvider;
  let organisation: Organisation;
  let provider = '';
  let fields: { name: string; oidc: { issuer: string; client_id: string; client_secret: string } };
  const stops: (() => Promise<void>)[] = [];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    organisation = await organisationWith(server);
    const later = { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' };
    provider = (await addProvider(server, organisation.owner, { name: 'Corp', oidc: later })).id;
    idp = await startIdentityProvider(`${server.url}/api/v1/auth/organisation/${provider}/callback`);
    stops.push(await allowProviderAt(server, idp.issuer));
    fields = {
      name: 'Corp',
      oidc: { issuer: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret },
    };
    assert.equal((await change(fields)).status, 200);
  });
  after(async () => {
    for (const stop of stops) await stop();
    await idp.close();
    await server.close();
  });

  const change = (json: object, as: Member = organisation.owner) =>
    server.send('PUT', `/organisation/identity-providers/${provider}`, { as, json: { ...json, password: PASSWORD } });
  const start = (email: string, returnTo = '/history') =>
    server.send('POST', '/auth/organisation/start', { json: { email, return_to: returnTo } });
  const hashOf = (url: string) => new URLSearchParams(new URL(url).hash.slice(1));
  /** The whole way of a browser, and where it ends. */
  const enter = async (person: Person, browser = new Browser(), domain = organisation.domain): Promise<string> => {
    idp.person = person;
    const answer = await start(`whoever@${domain}`);
    assert.equal(answer.status, 200);
    browser.keep(server.url, answer);
    return (await browser.get(((await answer.json()) as { location: string }).location)).url;
  };
  const faultOf = async (person: Person) => hashOf(await enter(person)).get('fault');
  interface Me {
    readonly id: string;
    readonly email: string;
    readonly confined: boolean;
    readonly super_admin: boolean;
    readonly tenant: { readonly id: string; readonly role: string };
    readonly memberships: readonly unknown[];
  }
  const me = async (browser: Browser): Promise<Me & { as: string }> => {
    const headers = { cookie: browser.cookiesOf(server.url) };
    const refreshed = await server.send('POST', '/auth/refresh', { headers });
    assert.equal(refreshed.status, 200);
    const { access_token: as } = (await refreshed.json()) as { access_token: string };
    return { as, ...((await (await server.send('GET', '/auth/me', { as })).json()) as Me) };
  };
  let count = 0;
  const somebody = (email?: string): Person & { email: string } => {
    count += 1;
    return { sub: `subject-${count}`, email: email ?? `person-${count}@${organisation.domain}`, name: 'Ann' };
  };

  it('makes a member of somebody at its domain, and finds them again by the name the provider has for them', async () => {
    const person = somebody();
    const browser = new Browser();
    const url = await enter(person, browser);
    assert.equal(hashOf(url).get('to'), '/history');
    const first = await me(browser);
    assert.equal(first.email, person.email);
    assert.deepEqual([first.tenant.id, first.tenant.role], [organisation.owner.tenantId, 'org_member']);
    const again = new Browser();
    await enter({ ...person, email: 'moved@elsewhere.example' }, again);
    assert.equal((await me(again)).id, first.id);
    const events = await server.database.admin<{ action: string }[]>`select action from postern.audit_events
      where tenant_id = ${organisation.owner.tenantId} and actor = ${`user:${first.id}`} order by event_id`;
    const actions = events.map(({ action }) => action);
    for (const wanted of ['member.joined', 'account.identity-linked', 'auth.signed-in']) {
      assert.ok(
        actions.some((action) => action.startsWith(wanted)),
        wanted,
      );
    }
  });

  it('lets nobody in with an address elsewhere, none, or one the provider did not check', async () => {
    const victim = await server.person('org_owner');
    for (const person of [
      somebody(victim.email),
      somebody('anybody@gmail.com'),
      somebody(`ann@sub.${organisation.domain}`),
      somebody(`ann@${organisation.domain}.evil.example`),
      somebody(`ann@evil.example@${organisation.domain}`),
      { ...somebody(), email_verified: false },
      { sub: 'without-an-address' },
    ]) {
      assert.equal(await faultOf(person), 'auth.provider-refused', JSON.stringify(person));
    }
  });

  it('never opens an account of another organisation: not by its address, nor by its identity at another provider', async () => {
    const other = await organisationWith(server);
    const theirs = await server.person('org_member', other.owner.tenantId);
    const email = `victim@${other.domain}`;
    await server.database.admin`update postern.users set email = ${email}, email_verified_at = now()
      where user_id = ${theirs.userId}`;
    assert.equal(await faultOf(somebody(email)), 'auth.provider-refused');
    // As linked by the operator's provider, which has the same issuer and the same names.
    await server.database.admin`insert into postern.identities (issuer, subject, user_id)
      values (${idp.issuer}, 'known-elsewhere', ${theirs.userId})`;
    assert.equal(await faultOf({ sub: 'known-elsewhere', email }), 'auth.provider-refused');
  });

  it('opens its own organisation to somebody who belongs to others too, and nothing else of theirs', async () => {
    const elsewhere = await server.member('org_owner');
    const email = `both-${randomUUID()}@${organisation.domain}`;
    await server.database.admin`update postern.users set email = ${email}, super_admin = true
      where user_id = ${elsewhere.userId}`;
    const browser = new Browser();
    assert.match(await enter(somebody(email), browser), /signed-in/);
    const session = await me(browser);
    assert.equal(session.id, elsewhere.userId);
    assert.deepEqual(
      [session.tenant.id, session.confined, session.super_admin, session.memberships.length],
      [organisation.owner.tenantId, true, false, 1],
    );
    const { as } = session;
    const refused = async (method: string, path: string, json?: object) => {
      const answer = await server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
      assert.equal(answer.status, 403, `${method} ${path}`);
    };
    await refused('POST', '/auth/switch', { tenant_id: elsewhere.tenantId });
    await refused('GET', '/platform/organisations');
    await refused('POST', '/account/password', { password: PASSWORD, new_password: 'another long password' });
    await refused('POST', '/account/email', { email: 'mine@evil.example', password: PASSWORD });
    await refused('POST', '/account/totp', { password: PASSWORD });
    await refused('POST', '/account/passkeys/options', { password: PASSWORD });
    await refused('POST', '/api-keys', { name: 'mx', scopes: ['scan:write'], password: PASSWORD });
    await refused('GET', '/account/sessions');
    await refused('POST', '/account/sessions/end-others');
    await refused('PATCH', '/account', { display_name: 'Mallory' });
    await refused('POST', '/auth/oidc/oidc/link');
    await refused('POST', '/privacy/deletion', {});
    await refused('POST', '/privacy/exports', {});
    await refused('POST', '/auth/invitation/accept', { token: 'nonsense' });
    assert.equal((await server.send('GET', '/overview', { as })).status, 200);
    // The database says so too.
    const [row] = await server.database.admin<{ confined: boolean }[]>`select confined from postern.sessions
      where user_id = ${elsewhere.userId} and tenant_id = ${organisation.owner.tenantId}`;
    assert.equal(row?.confined, true);
    assert.match((await server.mailTo(email)).at(-1)?.text ?? '', /Corp, made you a member/);
  });

  it('adds nobody where it only signs in members, and refuses whoever takes over an address', async () => {
    assert.equal((await change({ ...fields, admits: false })).status, 200);
    assert.equal(await faultOf(somebody()), 'auth.provider-refused');
    const member = await server.person('org_member', organisation.owner.tenantId);
    const email = `member-${randomUUID()}@${organisation.domain}`;
    await server.database.admin`update postern.users set email = ${email} where user_id = ${member.userId}`;
    const browser = new Browser();
    await enter(somebody(email), browser);
    assert.equal((await me(browser)).id, member.userId);
    assert.equal(await faultOf(somebody(email)), 'auth.provider-refused', 'another person at the same address');
    assert.equal((await change(fields)).status, 200);
  });

  it('takes nobody for whom another issuer called by the same name', async () => {
    const person = somebody();
    assert.match(await enter(person), /signed-in/);
    const elsewhere = { ...fields.oidc, issuer: 'https://other.corp.example' };
    assert.equal((await change({ name: 'Corp', oidc: elsewhere })).status, 200);
    assert.equal((await change(fields)).status, 200);
    assert.equal(await faultOf({ sub: person.sub, email: 'ann@elsewhere.example' }), 'auth.provider-refused');
  });

  it('lets a removed member in only as a new one, and a suspended account not at all', async () => {
    const person = somebody();
    const browser = new Browser();
    await enter(person, browser);
    const { id } = await me(browser);
    await server.send('DELETE', `/organisation/members/${id}`, { as: organisation.owner });
    assert.equal((await change({ ...fields, admits: false })).status, 200);
    assert.equal(await faultOf(person), 'auth.provider-refused');
    assert.equal((await change(fields)).status, 200);
    assert.match(await enter(person), /signed-in/);
    await server.database.admin`update postern.users set suspended = true where user_id = ${id}`;
    assert.equal(await faultOf(person), 'auth.provider-refused');
  });

  it('meets the rules of its own organisation: passwords off lets it in, a second factor is asked for unless it always asks itself', async () => {
    const rules = (json: object) =>
      server.send('PUT', '/organisation/sign-in-rules', {
        as: organisation.owner,
        json: { ...json, password: PASSWORD },
      });
    assert.equal((await rules({ second_factor: false, passwords_off: true })).status, 200);
    assert.match(await enter(somebody()), /signed-in/);
    const removal = await server.send('DELETE', `/organisation/identity-providers/${provider}`, {
      as: organisation.owner,
    });
    assert.deepEqual(
      [removal.status, ((await removal.json()) as { code: string }).code],
      [409, 'organisation.provider-needed'],
    );
    await server.database.admin`update postern.sign_in_rules set second_factor = true, passwords_off = false
      where tenant_id = ${organisation.owner.tenantId}`;
    assert.equal(await faultOf(somebody()), 'account.second-factor-missing', 'and none can be planted on the way in');
    assert.equal((await change({ ...fields, two_factors: true }, await strongOwner())).status, 200);
    assert.match(await enter(somebody()), /signed-in/);
    await server.database.admin`delete from postern.sign_in_rules where tenant_id = ${organisation.owner.tenantId}`;
    assert.equal((await change(fields)).status, 200);
  });
  const strongOwner = async (): Promise<Member> => {
    await server.database.admin`update postern.sessions set second_factor = true
      where user_id = ${organisation.owner.userId}`;
    return organisation.owner;
  };

  it('says nothing of accounts: the answer is the same for every address of a domain, and leads nowhere for others', async () => {
    const person = somebody();
    await enter(person);
    const known = await start(person.email);
    const unknown = await start(`nobody-${randomUUID()}@${organisation.domain}`);
    assert.deepEqual([known.status, unknown.status], [200, 200]);
    const bare = async (answer: Response) => {
      const url = new URL(((await answer.json()) as { location: string }).location);
      for (const name of ['state', 'nonce', 'code_challenge']) url.searchParams.delete(name);
      return url.href;
    };
    assert.equal(await bare(known), await bare(unknown));
    const codes = await Promise.all(
      [organisation.owner.email, 'a@gmail.com', 'a@b', 'nonsense@nowhere.example'].map(async (email) => {
        const answer = await start(email);
        return [answer.status, ((await answer.json()) as { code: string }).code];
      }),
    );
    for (const code of codes) assert.deepEqual(code, [404, 'auth.no-organisation']);
  });

  it('refuses an answer that is replayed, of another browser, at another provider, or after it was switched off', async () => {
    const until = async (browser: Browser): Promise<URL> => {
      idp.person = somebody();
      const answer = await start(`x@${organisation.domain}`);
      browser.keep(server.url, answer);
      let url = ((await answer.json()) as { location: string }).location;
      for (let turn = 0; turn < 10 && !url.includes('/callback?'); turn += 1) {
        const { response } = await browser.get(url, false);
        url = new URL(response.headers.get('location') ?? '', url).href;
      }
      return new URL(url);
    };
    const land = async (url: URL | string, browser: Browser) =>
      (await fetch(url, { redirect: 'manual', headers: { cookie: browser.cookiesOf(server.url) } })).headers.get(
        'location',
      ) ?? '';
    const [one, two] = [new Browser(), new Browser()];
    const first = await until(one);
    await until(two);
    assert.match(await land(first, two), /fault=auth\.challenge-invalid/, 'of another browser');
    const other = await organisationWith(server);
    const theirs = await addProvider(server, other.owner, fields);
    const second = await until(one);
    const moved = second.href.replace(provider, theirs.id);
    assert.match(await land(moved, one), /fault=auth\.challenge-invalid/, 'at another provider');
    const third = await until(one);
    assert.match(await land(third, one), /^\/signed-in#/);
    assert.match(await land(third, one), /fault=auth\.challenge-invalid/, 'replayed');
    const fourth = await until(one);
    const patch = (active: boolean) =>
      server.send('PATCH', `/organisation/identity-providers/${provider}`, {
        ...{ as: organisation.owner, json: { active, password: PASSWORD } },
      });
    assert.equal((await patch(false)).status, 204);
    assert.match(await land(fourth, one), /fault=organisation\.provider-not-found/);
    assert.equal((await start(`x@${organisation.domain}`)).status, 404);
    assert.equal((await patch(true)).status, 204);
  });

  it('reaches only public addresses, unless the operator named them', async () => {
    const other = await organisationWith(server);
    const oidc = { client_id: 'x', client_secret: 'y' };
    const add = (issuer: string) =>
      server.send('POST', '/organisation/identity-providers', {
        ...{ as: other.owner, json: { name: 'X', oidc: { issuer, ...oidc }, password: PASSWORD } },
      });
    for (const issuer of [
      ...['http://id.corp.example', 'http://127.0.0.1:1', 'ftp://id.corp.example', 'nonsense-all-along'],
      ...['https://user:pass@id.corp.example', 'https://login.microsoftonline.com/common/v2.0'],
      'https://accounts.google.com',
    ]) {
      assert.equal((await add(issuer)).status, 400, issuer);
    }
    for (const issuer of ['https://127.0.0.1:1', 'https://169.254.169.254', 'https://[::1]:1', 'https://10.0.0.1']) {
      await addProvider(server, other.owner, { name: 'X', oidc: { issuer, ...oidc } });
      const answer = await start(`x@${other.domain}`);
      assert.deepEqual(
        [answer.status, ((await answer.json()) as { code: string }).code],
        [503, 'auth.provider-unavailable'],
      );
    }
  });

  it('keeps the client secret: sealed, never shown, and not sent to an issuer that takes its place', async () => {
    const listed = await (
      await server.send('GET', '/organisation/identity-providers', { as: organisation.owner })
    ).text();
    assert.ok(!listed.includes(idp.clientSecret));
    const rows = await server.database.admin<
      { row: string }[]
    >`select p::text as row from postern.identity_providers p`;
    assert.ok(rows.every(({ row }) => !row.includes(idp.clientSecret)));
    const { client_secret: _secret, ...without } = fields.oidc;
    assert.equal((await change({ name: 'Corp', oidc: without })).status, 200, 'kept while issuer and client stay');
    const moved = await change({ name: 'Corp', oidc: { ...without, issuer: 'https://evil.example' } });
    assert.equal(moved.status, 400);
    assert.match(await enter(somebody()), /signed-in/);
  });

  it('is set by the owner, seen by administrators, and of no other organisation', async () => {
    const admin = await server.member('org_admin', organisation.owner.tenantId);
    assert.equal((await change(fields, admin)).status, 403);
    assert.equal((await server.send('GET', '/organisation/identity-providers', { as: admin })).status, 200);
    const stranger = await server.member('org_owner');
    assert.equal((await change(fields, stranger)).status, 404);
    const path = `/organisation/identity-providers/${provider}`;
    assert.equal((await server.send('DELETE', path, { as: stranger })).status, 404);
    assert.equal((await server.send('PATCH', path, { as: stranger, json: { active: false } })).status, 404);
  });

  it('makes one account of two browsers that arrive at the same moment', async () => {
    const person = somebody();
    const urls = await Promise.all([enter(person), enter(person), enter(person)]);
    for (const url of urls) assert.match(url, /signed-in/);
    const rows = await server.database.admin`select 1 from postern.users where email = ${person.email}`;
    assert.equal(rows.length, 1);
  });
});
