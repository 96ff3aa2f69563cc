import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { skipWithout } from '../../helpers/requirements.js';
import { hasOpenssl, makeKeyPair, startSamlProvider } from '../../helpers/saml-provider.js';
import type { TestSamlProvider } from '../../helpers/saml-provider.js';
import { PASSWORD } from '../../services/parts.js';
import { Browser } from '../browser.js';
import { addProvider, allowProviderAt, organisationWith } from './organisation-provider.js';
import type { Organisation } from './organisation-provider.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

/** With a key of the curve P-256, whose signatures are not taken. */
const OF_A_CURVE =
  'MIIBizCCATGgAwIBAgIUc2lnTvhBO4NesjLcTC/AQfqz2vwwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwPaWQuY29ycC5leGFtcGxl' +
  'MCAXDTI2MTEyNjE4MjczNFoYDzIxMjYxMTAyMTgyNzM0WjAaMRgwFgYDVQQDDA9pZC5jb3JwLmV4YW1wbGUwWTATBgcqhkjOPQIB' +
  'BggqhkjOPQMBBwNCAASCoEWAif266qqK+wVrTS8yHNhChzDP+T2ae+Zyv/qXL/lks24r/qUYhswBoQvE1PtzUhmH3zcHpLAHhyTe' +
  'VaoWo1MwUTAdBgNVHQ4EFgQUfNPO9fLjMYVCQLVUbgBH0dBbR2QwHwYDVR0jBBgwFoAUfNPO9fLjMYVCQLVUbgBH0dBbR2QwDwYD' +
  'VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAkp183w5tBIq8Ut8ZzvRInfAa/WtHIERohP4bjWrCkVQCIFK07pVNNyLi' +
  '5rmQIwCTljb6kNZAKrIqFIZ/tQMnuRWD';

interface Form {
  readonly SAMLResponse: string;
  readonly RelayState: string;
}

describe("signing in with an organisation's SAML provider", () => {
  let server: TestServer;
  let idp: TestSamlProvider;
  let organisation: Organisation;
  let id = '';
  const stops: (() => Promise<void>)[] = [];
  before(async function () {
    this.timeout(60_000);
    skipWithout(this, 'openssl', hasOpenssl(), 'install openssl');
    server = await startTestServer();
    stops.push(() => server.close());
    idp = await startSamlProvider();
    stops.unshift(() => idp.close());
    stops.unshift(await allowProviderAt(server, new URL(idp.signInUrl).origin));
    organisation = await organisationWith(server);
    const made = await addProvider(server, organisation.owner, fields());
    id = made.id;
    const { acs_url: acs } = made['saml'] as { acs_url: string };
    idp.acs = acs;
    assert.equal(acs, `${server.url}/api/v1/auth/organisation/${id}/acs`);
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  const fields = () => ({
    name: 'Corp',
    saml: { issuer: idp.issuer, sign_in_url: idp.signInUrl, certificates: [idp.certificate] },
    password: PASSWORD,
  });
  const begin = async (browser: Browser): Promise<string> => {
    const answer = await server.send('POST', '/auth/organisation/start', {
      json: { email: `x@${organisation.domain}`, return_to: '/history' },
    });
    assert.equal(answer.status, 200);
    browser.keep(server.url, answer);
    return ((await answer.json()) as { location: string }).location;
  };
  /** What the provider has the browser post. */
  const ask = async (location: string, email = `${randomUUID()}@${organisation.domain}`): Promise<Form> => {
    idp.person = { id: `id of ${email}`, email, name: 'Ann' };
    const page = await (await fetch(location)).text();
    const field = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(page)?.[1] ?? '';
    return { SAMLResponse: field('SAMLResponse'), RelayState: field('RelayState') };
  };
  /** As a page of another site posts it: without any cookie of ours. Where that leads. */
  const post = async (form: Partial<Form>, to = id): Promise<string> => {
    const answer = await fetch(`${server.url}/api/v1/auth/organisation/${to}/acs`, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(form) },
      headers: { origin: 'null' },
    });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('set-cookie'), null);
    return answer.headers.get('location') ?? '';
  };
  const arrive = async (path: string, browser: Browser): Promise<string> => {
    const answer = await fetch(server.url + path, {
      ...{ redirect: 'manual', headers: { cookie: browser.cookiesOf(server.url) } },
    });
    browser.keep(server.url, answer);
    return answer.headers.get('location') ?? '';
  };
  const isFault = (location: string, code: string) =>
    assert.equal(new URLSearchParams(location.split('#')[1]).get('fault'), code, location);

  it('leads there, back by a post without cookies, and in, in the browser that began', async () => {
    const browser = new Browser();
    const email = `ann@${organisation.domain}`;
    const handover = await post(await ask(await begin(browser), email));
    assert.match(handover, /^\/api\/v1\/auth\/organisation\/arrive\?handover=[\w-]{43}$/);
    assert.match(await arrive(handover, browser), /^\/signed-in#to=%2Fhistory$/);
    const headers = { cookie: browser.cookiesOf(server.url) };
    const refreshed = await server.send('POST', '/auth/refresh', { headers });
    const { access_token: as } = (await refreshed.json()) as { access_token: string };
    const me = (await (await server.send('GET', '/auth/me', { as })).json()) as Record<string, unknown>;
    assert.deepEqual([me['email'], me['display_name'], me['confined']], [email, 'Ann', true]);
    isFault(await arrive(handover, browser), 'auth.challenge-invalid');
  });

  it('does not sign a browser in that did not begin: an answer that somebody else has it post', async () => {
    const [attacker, victim] = [new Browser(), new Browser()];
    const form = await ask(await begin(attacker));
    await begin(victim);
    const handover = await post(form);
    isFault(await arrive(handover, victim), 'auth.challenge-invalid');
    isFault(await arrive(handover, attacker), 'auth.challenge-invalid');
  });

  it('takes an answer once, also of many posts at the same moment', async () => {
    const form = await ask(await begin(new Browser()));
    const led = await Promise.all(Array.from({ length: 6 }, () => post(form)));
    assert.equal(led.filter((location) => location.includes('handover=')).length, 1);
    isFault(await post(form), 'auth.challenge-invalid');
    const next = await ask(await begin(new Browser()));
    isFault(await post({ ...form, RelayState: next.RelayState }), 'auth.provider-refused');
  });

  it('remembers used assertions in the database, for every process', async () => {
    const { store } = server.parts;
    const hash = randomBytes(32);
    const spent = await Promise.all(
      Array.from({ length: 8 }, () =>
        store.withSystem('sign-in', async (db) => {
          const provider = await db.organisationSignIn.provider(id);
          assert.ok(provider !== null);
          return await db.organisationSignIn.spendAssertion(provider, hash, new Date(Date.now() + 60_000));
        }),
      ),
    );
    assert.equal(spent.filter(Boolean).length, 1);
  });

  it('takes nothing that nobody asked for, late, or for another organisation', async () => {
    const form = await ask(await begin(new Browser()));
    isFault(await post({ SAMLResponse: form.SAMLResponse }), 'auth.challenge-invalid');
    isFault(await post({ ...form, RelayState: 'made up' }), 'auth.challenge-invalid');
    isFault(await post({ RelayState: form.RelayState }), 'auth.provider-refused');
    const other = await organisationWith(server);
    const theirs = await addProvider(server, other.owner, fields());
    isFault(await post(await ask(await begin(new Browser())), theirs.id), 'auth.challenge-invalid');
    const browser = new Browser();
    const late = await post(await ask(await begin(browser)));
    await server.database.admin`update postern.one_time_tokens set expires_at = now() - interval '1 second'
      where purpose = 'handover'`;
    isFault(await arrive(late, browser), 'auth.challenge-invalid');
  });

  it('lets nobody in whose address is not the organisation’s', async () => {
    const victim = await server.person('org_owner');
    const browser = new Browser();
    const handover = await post(await ask(await begin(browser), victim.email));
    isFault(await arrive(handover, browser), 'auth.provider-refused');
  });

  it('changes over to another certificate without a gap, and believes the former no more', async () => {
    const next = makeKeyPair();
    const put = (certificates: readonly string[]) =>
      server.send('PUT', `/organisation/identity-providers/${id}`, {
        ...{ as: organisation.owner, json: { ...fields(), saml: { ...fields().saml, certificates } } },
      });
    assert.equal((await put([idp.certificate, next.certificate])).status, 200);
    assert.match(await post(await ask(await begin(new Browser()))), /handover=/);
    idp.options = { cert: next.certificate, key: next.key };
    assert.match(await post(await ask(await begin(new Browser()))), /handover=/);
    assert.equal((await put([next.certificate])).status, 200);
    idp.options = {};
    isFault(await post(await ask(await begin(new Browser()))), 'auth.provider-refused');
    const [told] = await server.database.admin<{ reason: string }[]>`select details->>'reason' as reason
      from postern.audit_events where tenant_id = ${organisation.owner.tenantId} and action = 'auth.organisation-refused'
      order by event_id desc limit 1`;
    assert.match(told?.reason ?? '', /signature/i, 'the log says why');
    assert.equal((await put([idp.certificate])).status, 200);
  });

  it('says in the log why the provider’s own answers are refused, however many others a stranger has refused with it', async () => {
    const reasons = async () => {
      const rows = await server.database.admin<{ reason: string }[]>`select details->>'reason' as reason
        from postern.audit_events where tenant_id = ${organisation.owner.tenantId}
        and action = 'auth.organisation-refused'`;
      return rows.map(({ reason }) => reason);
    };
    await server.database.admin`delete from postern.refused_attempts`;
    for (let turn = 0; turn < 40; turn += 1) {
      const { RelayState } = await ask(await begin(new Browser()));
      const SAMLResponse = Buffer.from(`<a${turn} b${turn}/>`).toString('base64');
      isFault(await post({ RelayState, SAMLResponse }), 'auth.provider-refused');
    }
    const before = await reasons();
    idp.options = { audience: 'https://somebody-else.example' };
    isFault(await post(await ask(await begin(new Browser()))), 'auth.provider-refused');
    idp.options = {};
    const told = (await reasons()).slice(before.length);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /audience|another service/i);
  });

  it('refuses settings that could prove nothing: no certificate, a short key, one of a kind that is not taken, an address without encryption', async () => {
    const saml = fields().saml;
    for (const wrong of [
      { ...saml, certificates: [] },
      { ...saml, certificates: ['x'.repeat(200)] },
      { ...saml, certificates: [makeKeyPair(1024).certificate] },
      { ...saml, certificates: [OF_A_CURVE] },
      { ...saml, sign_in_url: 'http://id.corp.example/sso' },
      { ...saml, sign_in_url: 'javascript:alert(1)' },
    ]) {
      const json = { name: 'Corp', saml: wrong, password: PASSWORD };
      const answer = await server.send('POST', '/organisation/identity-providers', { as: organisation.owner, json });
      assert.equal(answer.status, 400, JSON.stringify(wrong).slice(0, 80));
    }
  });

  it('tells the provider what it must know, before it is used', async () => {
    const json = { ...fields(), name: 'Later' };
    const made = (await (
      await server.send('POST', '/organisation/identity-providers', { as: organisation.owner, json })
    ).json()) as { saml: { metadata_url: string; entity_id: string; acs_url: string } };
    const metadata = await fetch(made.saml.metadata_url);
    assert.equal(metadata.headers.get('content-type')?.split(';')[0], 'application/samlmetadata+xml');
    const text = await metadata.text();
    assert.ok(text.includes(made.saml.entity_id) && text.includes(made.saml.acs_url));
    const nobodys = made.saml.metadata_url.replace(/[\da-f-]{36}/, '00000000-0000-4000-8000-000000000000');
    assert.equal((await fetch(nobodys)).status, 404);
  });
});
