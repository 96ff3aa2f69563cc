import assert from 'node:assert/strict';
import { addProvider, allowProviderAt, organisationWith } from '../../api/organisations/organisation-provider.js';
import { startIdentityProvider } from '../../helpers/identity-provider.js';
import { skipWithout } from '../../helpers/requirements.js';
import { hasOpenssl, startSamlProvider } from '../../helpers/saml-provider.js';
import { PASSWORD } from '../../services/parts.js';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk, Tab } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: single sign-on', function () {
  this.timeout(120_000);
  let desk: Desk;
  let owner: TestPerson;
  before(async function () {
    // `localhost` and 127.0.0.1 are two sites: what a provider's page posts comes from another one, as in life.
    desk = await openDesk(this, { localhost: true });
    owner = await desk.server.person('org_owner');
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const withOrganisation = async ({ page, go }: Tab, email: string): Promise<void> => {
    await go('/');
    await page.getByRole('button', { name: 'Use your organisation' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  const isIn = async ({ page, go }: Tab): Promise<void> => {
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    await go('/settings/account');
    await page.getByText('Your organisation signed you in').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Sign-in and security' }).count(), 0);
  };
  /** Nothing is offered that would be refused; what to do instead is. */
  const isTold = async ({ page, go }: Tab): Promise<void> => {
    for (const [place, refused] of [
      ['api-keys', ['Make a key']],
      ['privacy', ['Start an export', 'Delete my account']],
    ] as const) {
      await go(`/settings/${place}`);
      await page.getByRole('button', { name: 'Sign out, to sign in again' }).waitFor();
      for (const name of refused) assert.equal(await page.getByRole('button', { name }).count(), 0, name);
      assert.deepEqual(await axeFaults(page), [], place);
      assert.ok((await overflow(page)) <= 0);
      await picture(page, `confined-${place}`);
    }
    await page.getByRole('button', { name: 'Sign out, to sign in again' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  };

  it('a person types an address, proves who they are at the SAML provider of their organisation, and is in', async function () {
    skipWithout(this, 'openssl', hasOpenssl(), 'install openssl');
    const idp = await startSamlProvider();
    const stop = await allowProviderAt(desk.server, new URL(idp.signInUrl).origin);
    const { owner: admin, domain } = await organisationWith(desk.server);
    const saml = { issuer: idp.issuer, sign_in_url: idp.signInUrl, certificates: [idp.certificate] };
    const made = await addProvider(desk.server, admin, { name: 'Corp', saml });
    idp.acs = (made['saml'] as { acs_url: string }).acs_url;
    idp.person = { id: 'ann', email: `ann@${domain}`, name: 'Ann' };
    const tab = await desk.open();
    await withOrganisation(tab, idp.person.email);
    await isIn(tab);
    // Reloaded, the session goes on: the cookie that keeps it is of this site only, although another one led here.
    await tab.page.reload();
    await tab.page.getByText('Your organisation signed you in').waitFor();
    assert.deepEqual(tab.faults, []);
    await tab.close();
    await stop();
    await idp.close();
  });

  it('the same with OpenID Connect; an unknown domain is told in the page', async () => {
    const { owner: admin, domain } = await organisationWith(desk.server);
    const later = { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' };
    const made = await addProvider(desk.server, admin, { name: 'Corp', oidc: later });
    const idp = await startIdentityProvider((made['oidc'] as { redirect_uri: string }).redirect_uri);
    const stop = await allowProviderAt(desk.server, idp.issuer);
    const oidc = { issuer: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret };
    const path = `/organisation/identity-providers/${made.id}`;
    await desk.server.send('PUT', path, { as: admin, json: { name: 'Corp', oidc, password: PASSWORD } });
    idp.person = { sub: 'bob', email: `bob@${domain}`, name: 'Bob' };
    const tab = await desk.open();
    await withOrganisation(tab, 'bob@elsewhere.example');
    await tab.page.getByText('No organisation here signs in people of this domain.').waitFor();
    await withOrganisation(tab, `bob@${domain}`);
    await isIn(tab);
    await isTold(tab);
    assert.deepEqual(tab.faults, []);
    await tab.close();
    await stop();
    await idp.close();
  });

  it('an owner names a domain, adds a provider, and puts it to use', async () => {
    const tab = await desk.open();
    const { page } = tab;
    await tab.signIn(owner);
    await tab.go('/settings/single-sign-on');
    await page.getByLabel('Domain', { exact: true }).fill('corp.example');
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.getByText('_postern-challenge.corp.example').waitFor();
    await page.getByRole('button', { name: 'Look for the record' }).click();
    await page.getByText('postern asks no name server here').waitFor();
    await page.getByRole('button', { name: 'Add a provider' }).click();
    await page.getByLabel('Name').fill('Corp sign-on');
    await page.getByLabel('Issuer', { exact: true }).fill('https://id.corp.example');
    await page.getByLabel('Client id').fill('postern');
    await page.getByLabel('Client secret').fill('a secret');
    await page.getByLabel('Your password').fill(owner.password);
    await page.getByRole('button', { name: 'Save the provider' }).click();
    const row = page.getByRole('listitem', { name: 'Corp sign-on' });
    await row.getByText('not in use').waitFor();
    await row.getByText(/\/api\/v1\/auth\/organisation\/.*\/callback/).waitFor();
    await row.getByRole('button', { name: 'Use it' }).click();
    await row.getByLabel('Your password').fill(owner.password);
    await row.getByRole('button', { name: 'Use it from now on' }).click();
    await row.getByText('signs people in').first().waitFor();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByLabel('Your password').fill(owner.password);
    await page.getByRole('button', { name: 'Make the token' }).click();
    const box = page.getByRole('group', { name: 'Token of the directory' });
    const token = await box.locator('code').innerText();
    await box.getByRole('button', { name: 'I have it' }).click();
    const sent = await fetch(`${desk.server.url}/scim/v2/Groups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ displayName: 'Mail team' }),
    });
    assert.equal(sent.status, 201);
    await page.reload();
    await page.getByRole('checkbox', { name: 'Mail team' }).click();
    const ask = page.getByRole('form', { name: 'Let Mail team administer' });
    await ask.getByLabel('Your password').fill(owner.password);
    await ask.getByRole('button', { name: 'Let them administer' }).click();
    await page.getByText('Mail team administers from now on.').waitFor();
    await page.getByRole('checkbox', { name: 'Mail team', checked: true }).waitFor();
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });

  it('an owner sees how each domain stands, and the record to put back', async () => {
    const { admin } = desk.server.database;
    await admin`insert into postern.organisation_domains
      (tenant_id, domain, challenge, verified_at, verified_by, checked_at, missing_since, lost_at) values
      (${owner.tenantId}, 'shown.example', 'a', now() - interval '30 days', 'dns', now(), null, null),
      (${owner.tenantId}, 'gone.example', 'b', now() - interval '30 days', 'dns', now(), now() - interval '2 days', null),
      (${owner.tenantId}, 'lost.example', 'c', null, null, now(), null, now() - interval '1 day')`;
    const tab = await desk.open();
    const { page } = tab;
    await tab.signIn(owner);
    await tab.go('/settings/single-sign-on');
    const row = (name: string) => page.getByRole('listitem', { name, exact: true });
    await row('shown.example').getByText('the record was last looked for').waitFor();
    assert.equal(await row('shown.example').getByText('_postern-challenge').count(), 0);
    for (const [name, title] of [
      ['gone.example', 'The record is gone'],
      ['lost.example', 'No longer yours'],
    ] as const) {
      await row(name).getByText(title).waitFor();
      await row(name).getByText(`_postern-challenge.${name}`).waitFor();
    }
    await row('shown.example').getByRole('button', { name: 'Look again' }).click();
    await page.getByText('postern asks no name server here').waitFor();
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });

  for (const look of LOOKS) {
    it(`is fit for assistive technology and fits its window: ${look.name}`, async () => {
      const tab = await desk.open(look.options);
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(tab.page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(tab.page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(tab.page, `${name}-${look.name}`);
      };
      await tab.go('/');
      await tab.page.getByRole('button', { name: 'Use your organisation' }).click();
      await tab.page.getByRole('heading', { name: 'Your organisation' }).waitFor();
      await check('sign-in-organisation');
      await tab.signIn(owner);
      await tab.go('/settings/single-sign-on');
      await tab.page.getByRole('listitem', { name: 'Corp sign-on' }).waitFor();
      await tab.page.getByRole('button', { name: 'Add a provider' }).click();
      await tab.page.getByText('SAML 2.0', { exact: true }).click();
      await tab.page.getByLabel('Certificates').waitFor();
      await check('single-sign-on');
      assert.deepEqual(faults, []);
      await tab.close();
    });
  }
});
