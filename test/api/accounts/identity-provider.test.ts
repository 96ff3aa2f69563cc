import assert from 'node:assert/strict';
import { generateSync } from 'otplib';
import { openProviders } from '../../../src/services/identity-providers/open-providers.js';
import type { AccountParts } from '../../../src/services/accounts/account-parts.js';
import { startIdentityProvider } from '../../helpers/identity-provider.js';
import type { TestProvider } from '../../helpers/identity-provider.js';
import { Browser } from '../browser.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

const NONE = {
  ...{ oidcGoogleClientId: null, oidcGoogleClientSecret: null, oidcMicrosoftClientId: null },
  ...{ oidcMicrosoftClientSecret: null, oidcMicrosoftDirectory: null },
};

describe('signing in with an identity provider', () => {
  let server: TestServer;
  let idp: TestProvider;
  let home = '';
  const set = (change: Partial<AccountParts>) => Object.assign(server.parts.accounts, change);
  const providers = (oidcIssuer: string) =>
    openProviders({
      ...NONE,
      ...{ oidcIssuer, oidcName: 'Corp', oidcClientId: idp.clientId, oidcClientSecret: idp.clientSecret },
    });
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    home = server.url;
    idp = await startIdentityProvider(`${home}/api/v1/auth/oidc/oidc/callback`);
    set({ providers: providers(idp.issuer) });
  });
  after(async () => {
    await idp.close();
    await server.close();
  });

  let count = 0;
  const somebody = (extra: object = {}) => {
    count += 1;
    return {
      sub: `subject-${count}`,
      email: `person-${count}@example.test`,
      email_verified: true,
      name: 'Ann',
      ...extra,
    };
  };
  const start = (browser: Browser, returnTo = '/history') =>
    browser.get(`${home}/api/v1/auth/oidc/oidc/start?return_to=${encodeURIComponent(returnTo)}`);
  const hashOf = (url: string) => new URLSearchParams(new URL(url).hash.slice(1));
  const me = async (browser: Browser) => {
    const cookie = browser.cookiesOf(home);
    const refreshed = await server.send('POST', '/auth/refresh', { headers: { cookie } });
    assert.equal(refreshed.status, 200);
    const { access_token: as } = (await refreshed.json()) as { access_token: string };
    return { as, ...((await (await server.send('GET', '/auth/me', { as })).json()) as { id: string; email: string }) };
  };

  it('is offered where it is configured', async () => {
    const options = (await (await server.send('GET', '/auth/options')).json()) as { providers: object[] };
    assert.deepEqual(options.providers, [{ id: 'oidc', name: 'Corp' }]);
    assert.equal(
      (await server.send('GET', '/auth/oidc/google/start')).headers.get('location'),
      '/sign-in#fault=account.not-found',
    );
  });

  it('creates the account of a verified address where sign-up is open, and finds it again by the subject', async () => {
    idp.person = somebody();
    const browser = new Browser();
    const { url } = await start(browser);
    assert.equal(new URL(url).pathname, '/signed-in');
    assert.equal(hashOf(url).get('to'), '/history');
    const first = await me(browser);
    assert.equal(first.email, idp.person.email);
    idp.person = { ...idp.person, email: 'renamed@example.test' };
    const again = new Browser();
    await start(again);
    assert.equal((await me(again)).id, first.id);
  });

  it('creates none for an address nobody verified, nor where sign-up is closed', async () => {
    for (const person of [
      somebody({ email_verified: false }),
      somebody({ email_verified: undefined }),
      somebody({ email_verified: 'true' }),
    ]) {
      idp.person = person;
      assert.equal(hashOf((await start(new Browser())).url).get('fault'), 'auth.provider-refused');
    }
    set({ signUp: 'closed' });
    idp.person = somebody();
    assert.equal(hashOf((await start(new Browser())).url).get('fault'), 'auth.provider-refused');
    set({ signUp: 'open' });
  });

  it('enters an existing account only by rule, with an address both sides have verified', async () => {
    const person = await server.person('org_member');
    idp.person = somebody({ email: person.email });
    const fault = async () => hashOf((await start(new Browser())).url).get('fault');
    assert.equal(await fault(), 'auth.provider-refused');
    set({ linkByEmail: true });
    assert.equal(await fault(), 'auth.provider-refused');
    await server.database.admin`update postern.users set email_verified_at = now() where user_id = ${person.userId}`;
    idp.person = { ...idp.person, email_verified: false };
    assert.equal(await fault(), 'auth.provider-refused');
    idp.person = { ...idp.person, email_verified: true };
    const browser = new Browser();
    await start(browser);
    assert.equal((await me(browser)).id, person.userId);
    set({ linkByEmail: false });
    assert.match((await server.mailTo(person.email)).at(-1)?.text ?? '', /Corp was added/);
  });

  it('is added to an account by whoever is signed in to it, and taken away again', async () => {
    const member = await server.member('org_member');
    idp.person = somebody({ email: 'elsewhere@other.example', email_verified: false });
    const browser = new Browser();
    const link = await server.send('POST', '/auth/oidc/oidc/link', { as: member });
    const { location } = (await link.json()) as { location: string };
    const stolen = await browser.get(location);
    assert.equal(
      hashOf(stolen.url).get('fault'),
      'auth.challenge-invalid',
      'without the cookie of the browser that began',
    );

    const good = await server.send('POST', '/auth/oidc/oidc/link', { as: member });
    const cookie =
      good.headers
        .getSetCookie()
        .join()
        .match(/postern_trip=[\w-]+/)?.[0] ?? '';
    const idpOnly = new Browser();
    let url = ((await good.json()) as { location: string }).location;
    for (let turn = 0; turn < 10 && !url.startsWith(home); turn += 1) {
      const { response } = await idpOnly.get(url, false);
      url = new URL(response.headers.get('location') ?? '', url).href;
    }
    const back = await fetch(url, { redirect: 'manual', headers: { cookie } });
    assert.equal(back.headers.get('location'), '/settings/security');
    const identities = async () =>
      (
        (await (await server.send('GET', '/account/identities', { as: member })).json()) as {
          identities: { linked_at: string | null }[];
        }
      ).identities;
    assert.notEqual((await identities())[0]?.linked_at, null);
    const entered = new Browser();
    await start(entered);
    assert.equal((await me(entered)).id, member.userId);
    const unlink = (password: string) =>
      server.send('POST', '/account/identities/oidc/unlink', { as: member, json: { password } });
    assert.equal((await unlink('wrong')).status, 403);
    assert.equal((await unlink('correct horse battery')).status, 204);
    assert.equal((await identities())[0]?.linked_at, null);
    const log = await server.database.admin<{ action: string }[]>`select action from postern.audit_events
      where target = ${`user:${member.userId}`} and action like 'account.%' order by event_id`;
    assert.deepEqual(
      log.map(({ action }) => action),
      ['account.identity-linked', 'account.identity-unlinked'],
    );
  });

  it('refuses an answer that is not for this trip: replayed, of another browser, another state, another code, an error', async () => {
    idp.person = somebody();
    const until = async (browser: Browser) => {
      let url = `${home}/api/v1/auth/oidc/oidc/start`;
      for (let turn = 0; turn < 10 && !url.includes('/callback?'); turn += 1) {
        const { response } = await browser.get(url, false);
        url = new URL(response.headers.get('location') ?? '', url).href;
      }
      return new URL(url);
    };
    const land = async (url: URL, browser: Browser) =>
      (await fetch(url, { redirect: 'manual', headers: { cookie: browser.cookiesOf(home) } })).headers.get(
        'location',
      ) ?? '';
    const [one, two] = [new Browser(), new Browser()];
    const [first, second] = [await until(one), await until(two)];
    assert.match(await land(first, two), /fault=auth\.challenge-invalid/, 'of another browser');
    const third = await until(one);
    const swapped = new URL(third);
    swapped.searchParams.set('code', second.searchParams.get('code') ?? '');
    assert.match(await land(swapped, one), /fault=auth\.provider-refused/, 'with the code of another trip: PKCE');
    const fourth = await until(one);
    const without = new URL(fourth);
    without.searchParams.delete('state');
    assert.match(await land(without, one), /fault=auth\.challenge-invalid/);
    const mixed = new URL(fourth);
    mixed.searchParams.set('iss', 'https://evil.example');
    assert.match(await land(mixed, one), /fault=auth\.provider-refused/, 'of another issuer (RFC 9207)');
    const fifth = await until(one);
    const error = new URL(fifth);
    error.searchParams.delete('code');
    error.searchParams.set('error', 'access_denied');
    assert.match(await land(error, one), /fault=auth\.provider-refused/);
    const sixth = await until(one);
    assert.match(await land(sixth, one), /^\/signed-in#/);
    assert.match(await land(sixth, one), /fault=auth\.challenge-invalid/, 'replayed');
  });

  it('never leads elsewhere', async () => {
    idp.person = somebody();
    for (const evil of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      const { url } = await start(new Browser(), evil);
      assert.equal(new URL(url).origin, home);
      assert.equal(hashOf(url).get('to'), '/');
    }
  });

  it('does not pass the second factor by, and a suspended account stays out', async () => {
    idp.person = somebody();
    const browser = new Browser();
    await start(browser);
    const { as, id } = await me(browser);
    const epoch = () => Math.floor(server.clock.now.getTime() / 1000);
    const { secret } = (await (await server.send('POST', '/account/totp', { as, json: {} })).json()) as {
      secret: string;
    };
    await server.send('POST', '/account/totp/confirm', {
      as,
      json: { code: generateSync({ secret, epoch: epoch() }) },
    });
    const { url } = await start(new Browser());
    assert.equal(new URL(url).pathname, '/sign-in');
    assert.equal(hashOf(url).get('methods'), 'totp,recovery-code');
    server.clock.now = new Date(server.clock.now.getTime() + 31_000);
    const json = {
      challenge: hashOf(url).get('challenge'),
      method: 'totp',
      code: generateSync({ secret, epoch: epoch() }),
    };
    assert.equal((await server.send('POST', '/auth/login/verify', { json })).status, 200);
    await server.database.admin`update postern.users set suspended = true where user_id = ${id}`;
    assert.equal(hashOf((await start(new Browser())).url).get('fault'), 'auth.provider-refused');
  });

  it('says so when the provider does not answer, and tries again the next time', async () => {
    set({ providers: providers('http://127.0.0.1:9') });
    assert.equal(hashOf((await start(new Browser())).url).get('fault'), 'auth.provider-unavailable');
    set({ providers: providers(idp.issuer) });
    idp.person = somebody();
    assert.equal(new URL((await start(new Browser())).url).pathname, '/signed-in');
  });
});
