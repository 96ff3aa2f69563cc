import assert from 'node:assert/strict';
import { generateSync } from 'otplib';
import { openProviders } from '../../../src/services/identity-providers/open-providers.js';
import { startIdentityProvider } from '../../helpers/identity-provider.js';
import type { TestPerson } from '../../services/parts.js';
import { openDesk } from '../desk.js';
import type { Desk, Tab } from '../desk.js';

const FRESH = 'a quiet river in november';

describe('dashboard: signing in and one’s own account', function () {
  this.timeout(120_000);
  let desk: Desk;
  let tab: Tab;
  let secret = '';
  let recovery: string[] = [];
  before(async function () {
    desk = await openDesk(this, { localhost: true });
    tab = await desk.open();
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const code = () => generateSync({ secret, epoch: Math.floor(desk.server.clock.now.getTime() / 1000) });
  const pass = (ms: number) => (desk.server.clock.now = new Date(desk.server.clock.now.getTime() + ms));
  const linkTo = async (address: string): Promise<string> => {
    const text = (await desk.server.mailTo(address)).at(-1)?.text ?? '';
    return new URL(/https?:\S+/.exec(text)?.[0] ?? 'http://localhost/').href.replace(/^https?:\/\/[^/]+/, '');
  };
  const signOut = async (): Promise<void> => {
    await tab.page.getByRole('button', { name: 'Account', exact: true }).click();
    await tab.page.getByRole('button', { name: 'Sign out' }).click();
    await tab.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  };
  const enter = async (person: Pick<TestPerson, 'email' | 'password'>): Promise<void> => {
    await tab.page.getByLabel('E-mail address').fill(person.email);
    await tab.page.getByLabel('Password').fill(person.password);
    await tab.page.getByRole('button', { name: 'Sign in' }).click();
  };
  const inside = () => tab.page.getByRole('navigation', { name: 'Places' }).waitFor();
  const ann = { email: 'ann@example.test', password: 'correct horse battery' };

  it('signs up by a link, with the keyboard alone', async () => {
    const { page } = tab;
    await tab.go('/');
    await page.getByRole('link', { name: 'Sign up' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign up' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(ann.email);
    await page.keyboard.press('Enter');
    await page.getByText('Look into your mailbox').waitFor();
    await tab.go(await linkTo(ann.email));
    await page.getByLabel('Name').fill('Ann');
    await page.getByLabel('Password').fill('iloveyou1');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.locator('.field-error').waitFor();
    await page.getByLabel('Password').fill(ann.password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(ann);
    await inside();
  });

  it('sets up an authenticator app, shows its recovery codes once, and asks for the app from then on', async () => {
    const { page } = tab;
    await tab.go('/settings/security');
    await page.getByRole('button', { name: 'Set up an app' }).click();
    await page.getByLabel('Your password').fill(ann.password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByAltText('QR code for an authenticator app').waitFor();
    secret = (await page.locator('.totp-secret').innerText()).replaceAll(' ', '');
    await page.getByLabel('Code the app shows').fill('000000');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.locator('.form-error').waitFor();
    await page.getByLabel('Code the app shows').fill(code());
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('Keep these recovery codes').waitFor();
    recovery = await page.locator('.recovery-codes li').allInnerTexts();
    assert.equal(recovery.length, 10);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes are left.').waitFor();

    await signOut();
    await enter(ann);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByLabel('Code from your authenticator app').fill('000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('.form-error').waitFor();
    pass(31_000);
    await page.getByLabel('Code from your authenticator app').fill(code());
    await page.getByRole('button', { name: 'Continue' }).click();
    await inside();
  });

  it('lets in with a recovery code when the phone is lost', async () => {
    const { page } = tab;
    await signOut();
    await enter(ann);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recovery[0] ?? '');
    await page.getByRole('button', { name: 'Continue' }).click();
    await inside();
    await tab.go('/settings/security');
    await page.getByText('9 recovery codes are left.').waitFor();
  });

  it('adds a passkey, signs in with it and nothing else, renames it and takes it away', async () => {
    const { page } = tab;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await tab.go('/settings/security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel('Name of the device').fill('Laptop');
    await page.getByLabel('Your password').fill(ann.password);
    await page.getByRole('button', { name: 'Add the passkey' }).click();
    await page.locator('.settings-row-name', { hasText: 'Laptop' }).waitFor();
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    assert.deepEqual(
      credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]),
      [['localhost', true]],
    );

    await signOut();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await inside();
    await tab.go('/settings/security');
    await page.getByText('Signed in with a passkey').waitFor();

    await page.getByRole('button', { name: 'Rename Laptop' }).click();
    await page.getByLabel('New name').fill('Work laptop');
    await page.getByRole('button', { name: 'Save the name' }).click();
    await page.getByRole('button', { name: 'Remove Work laptop' }).click();
    await page.getByLabel('Your password').fill(ann.password);
    await page.getByRole('button', { name: 'Remove the passkey' }).click();
    await page.locator('.settings-row-name', { hasText: 'Work laptop' }).waitFor({ state: 'detached' });
    const log = await desk.server.database.admin<{ action: string }[]>`select action from postern.audit_events e
      join postern.users u on e.actor = 'user:' || u.user_id
      where u.email = ${ann.email} and action like 'account.passkey%' order by event_id`;
    assert.deepEqual(
      log.map(({ action }) => action),
      ['account.passkey-added', 'account.passkey-renamed', 'account.passkey-removed'],
    );

    await signOut();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('This passkey does not sign in here.').waitFor();
  });

  it('ends other sessions and takes the app away with password and code', async () => {
    const { page } = tab;
    await enter(ann);
    pass(31_000);
    await page.getByLabel('Code from your authenticator app').fill(code());
    await page.getByRole('button', { name: 'Continue' }).click();
    await inside();
    await desk.server.database
      .admin`insert into postern.sessions (session_id, user_id, tenant_id, token_hash, expires_at)
      select gen_random_uuid(), m.user_id, m.tenant_id, '', now() + interval '1 hour' from postern.memberships m
      join postern.users u using (user_id) where u.email = ${ann.email}`;
    await tab.go('/settings/security');
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByText('All other sessions have ended.').waitFor();
    await page.getByRole('button', { name: 'Remove the app' }).click();
    await page.getByLabel('Your password').fill(ann.password);
    pass(31_000);
    await page.getByLabel('Code', { exact: true }).fill(code());
    await page.getByRole('button', { name: 'Remove the app' }).click();
    await page.getByRole('button', { name: 'Set up an app' }).waitFor();
  });

  it('changes name, address and password', async () => {
    const { page } = tab;
    await tab.go('/settings/account');
    await page.getByLabel('Name', { exact: true }).fill('Ann Smith');
    await page.getByRole('button', { name: 'Change the name' }).click();
    await page.getByText('Your name is changed.').waitFor();
    await page.getByLabel('New address').fill('ann.smith@example.test');
    const address = page.getByRole('form', { name: 'Change your address' });
    await address.getByLabel('Your password').fill(ann.password);
    await page.getByRole('button', { name: 'Send a link to the new address' }).click();
    await page.getByText('Open the link that is on its way to ann.smith@example.test').waitFor();
    const change = page.getByRole('form', { name: 'Change your password' });
    await change.getByLabel('Your password').fill('not this one');
    await change.getByLabel('New password').fill(FRESH);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is not right.').waitFor();
    await tab.go(await linkTo('ann.smith@example.test'));
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await page.getByText('The address is confirmed').waitFor();
    await page.getByRole('link', { name: 'Go on to postern' }).click();
    await inside();
    await tab.go('/settings/account');
    await page.getByText('ann.smith@example.test, which is confirmed.').waitFor();
  });

  it('replaces a forgotten password by a link, which works once', async () => {
    const { page } = tab;
    await signOut();
    await page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await page.getByLabel('E-mail address').fill('ann.smith@example.test');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('Look into your mailbox').waitFor();
    const link = await linkTo('ann.smith@example.test');
    await tab.go(link);
    await page.getByLabel('New password').fill(FRESH);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter({ email: 'ann.smith@example.test', password: FRESH });
    await inside();
    await tab.go(link);
    await page.getByLabel('New password').fill('another river in november');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This link does not work any more').waitFor();
  });

  it('signs in with a code by e-mail', async () => {
    const { page } = tab;
    await tab.go('/');
    await inside();
    await signOut();
    await page.getByRole('button', { name: 'E-mail me a code' }).click();
    await page.getByLabel('E-mail address').fill('ann.smith@example.test');
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('Code from the message').waitFor();
    const text = (await desk.server.mailTo('ann.smith@example.test')).at(-1)?.text ?? '';
    await page.getByLabel('Code from the message').fill(/\d{4} \d{4}/.exec(text)?.[0] ?? '');
    await page.getByRole('button', { name: 'Continue' }).click();
    await inside();
  });

  it('an owner demands a second factor, and a member sets one up on the way in', async () => {
    const owner = await desk.server.person('org_owner');
    const member = await desk.server.person('org_member', owner.tenantId);
    const { page } = tab;
    await signOut();
    await enter(owner);
    await inside();
    await tab.go('/settings/sign-in-rules');
    await page.getByLabel('Ask everybody for a second factor').check();
    await page.getByLabel('Your password').fill(owner.password);
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText('Set up a second factor for yourself first.').waitFor();
    await desk.server.database
      .admin`insert into postern.sign_in_rules (tenant_id, second_factor) values (${owner.tenantId}, true)`;
    await tab.go('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await enter(member);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    secret = (await page.locator('.totp-secret').innerText()).replaceAll(' ', '');
    await page.getByLabel('Code the app shows').fill(code());
    await page.getByRole('button', { name: 'Continue' }).click();
    await inside();
  });

  it('signs in with an identity provider, and is told when nobody here belongs to it', async () => {
    const { page } = tab;
    const home = desk.server.parts.accounts.publicUrl();
    const idp = await startIdentityProvider(`${home}/api/v1/auth/oidc/oidc/callback`);
    try {
      const none = { oidcGoogleClientId: null, oidcGoogleClientSecret: null, oidcMicrosoftClientId: null };
      const providers = openProviders({
        ...{ ...none, oidcMicrosoftClientSecret: null, oidcMicrosoftDirectory: null, oidcName: 'Corp' },
        ...{ oidcIssuer: idp.issuer, oidcClientId: idp.clientId, oidcClientSecret: idp.clientSecret },
      });
      Object.assign(desk.server.parts.accounts, { providers });
      idp.person = { sub: 'ben', email: 'ben@example.test', email_verified: false };
      await signOut();
      await page.reload();
      await page.getByRole('link', { name: 'Continue with Corp' }).click();
      await page.getByText('The provider did not sign you in').waitFor();
      idp.person = { sub: 'ben', email: 'ben@example.test', email_verified: true, name: 'Ben' };
      await page.getByRole('link', { name: 'Continue with Corp' }).click();
      await inside();
      assert.equal(new URL(page.url()).pathname, '/');
      await tab.go('/settings/security');
      await page.getByText('Signed in with the identity provider').waitFor();
      await page.getByRole('button', { name: 'Unlink Corp' }).click();
      await page.getByRole('button', { name: 'Unlink', exact: true }).click();
      await page.getByText('this is the only way in').waitFor();
    } finally {
      await idp.close();
    }
  });

  it('broke no policy and logged no fault on the way', () => {
    assert.deepEqual(tab.faults, []);
  });
});
