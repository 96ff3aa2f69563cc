import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { TestPerson } from '../services/parts.js';
import { axeFaults, openDesk, overflow, picture, SAMPLE } from './desk.js';
import type { Desk, Tab } from './desk.js';
import { scan, seedHistory, tokenOf } from './seed.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

interface Place {
  readonly name: string;
  readonly show: (tab: Tab) => Promise<void>;
}

describe('dashboard: every place in every look', function () {
  this.timeout(120_000);
  let desk: Desk;
  let person: TestPerson;
  /** Has an authenticator app. */
  let guarded: TestPerson;
  let message = '';
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    await seedHistory(desk.server, person, 24);
    guarded = await desk.server.person('org_member');
    await desk.server.parts.store.withSystem('sign-in', async ({ secondFactors }) => {
      await secondFactors.proposeTotp(guarded.userId, 'sealed');
      await secondFactors.confirmTotp(guarded.userId);
      await secondFactors.replaceRecoveryCodes(guarded.userId, [randomBytes(32)]);
    });
    message = (await scan(desk.server, await tokenOf(desk.server, person), await readFile(SAMPLE))).id;
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const tabOf = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();
  const opened = async ({ page, go }: Tab): Promise<void> => {
    await go(`/message/${message}`);
    await page.frameLocator('iframe').getByText('Verify your account').waitFor();
  };
  const places: readonly Place[] = [
    {
      name: 'home',
      async show({ page, go }) {
        await go('/');
        await page.locator('.row-link').first().waitFor();
        await page.locator('.days-legend a').first().waitFor();
      },
    },
    {
      name: 'home-table-and-account',
      async show({ page }) {
        await page.getByRole('button', { name: 'Show as table' }).click();
        await page.getByRole('button', { name: 'Account' }).click();
      },
    },
    {
      name: 'scan',
      async show({ page, go }) {
        await go('/scan');
        await page.getByRole('button', { name: 'Scan the sample message' }).waitFor();
      },
    },
    {
      name: 'scan-result',
      async show({ page }) {
        await page.getByRole('button', { name: 'Scan the sample message' }).click();
        await page.getByRole('link', { name: 'Read the verdict' }).waitFor();
        await tabOf(page, 'Paste source');
      },
    },
    { name: 'scan-fields', show: ({ page }) => tabOf(page, 'Enter by hand') },
    { name: 'message', show: opened },
    {
      name: 'message-finding',
      async show({ page }) {
        await page.locator('.finding button').first().click();
      },
    },
    {
      name: 'message-term',
      async show({ page }) {
        await page.getByRole('button', { name: 'DMARC' }).hover();
        await page.getByRole('tooltip').waitFor();
      },
    },
    { name: 'message-text', show: ({ page }) => tabOf(page, 'Text') },
    { name: 'message-route', show: ({ page }) => tabOf(page, 'Route') },
    { name: 'message-links', show: ({ page }) => tabOf(page, 'Links') },
    {
      name: 'message-content-gone',
      async show({ page, go }) {
        await go('/history?q=label:malware');
        await page.locator('.row-link').first().click();
        await page.getByText('The content is gone').waitFor();
      },
    },
    {
      name: 'message-missing',
      async show({ page, go }) {
        await go('/message/nothing-like-this');
        await page.getByRole('heading', { name: 'This message is not here' }).waitFor();
      },
    },
    {
      name: 'history',
      async show({ page, go }) {
        await go('/history');
        await page.locator('.row-link').first().waitFor();
      },
    },
    {
      name: 'history-compact',
      async show({ page }) {
        await page.getByRole('button', { name: 'Compact rows' }).click();
        await page.keyboard.press('?');
      },
    },
    {
      name: 'history-nothing-found',
      async show({ page, go }) {
        await go('/history?q=label:nonsense%20since:never%20zebra');
        await page.getByRole('heading', { name: 'No message matches' }).waitFor();
        await page.getByRole('alert').waitFor();
      },
    },
    {
      name: 'settings',
      async show({ page, go }) {
        await go('/');
        await page.getByRole('button', { name: 'Account' }).click();
        await page.getByRole('link', { name: 'Settings' }).click();
        await page.getByRole('heading', { name: 'Account' }).waitFor();
      },
    },
    {
      name: 'settings-security',
      async show({ page, go }) {
        await go('/settings/security');
        await page.getByText('this one').waitFor();
        await page.getByRole('button', { name: 'Add a passkey' }).click();
      },
    },
    {
      name: 'settings-security-app',
      async show({ page }) {
        await page.getByRole('button', { name: 'Set up an app' }).click();
        await page.getByRole('form', { name: 'Set up an app' }).getByLabel('Your password').fill(person.password);
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByAltText('QR code for an authenticator app').waitFor();
      },
    },
    {
      name: 'settings-sign-in-rules',
      async show({ page, go }) {
        await go('/settings/sign-in-rules');
        await page.getByRole('button', { name: 'Save the rules' }).waitFor();
      },
    },
    {
      name: 'api-keys-new',
      async show({ page, go }) {
        await go('/settings/api-keys');
        await page.getByText('There are no keys yet').or(page.locator('.api-key')).first().waitFor();
        await page.getByRole('button', { name: 'Make a key' }).click();
        await page.getByText('Only from certain places').click();
      },
    },
    {
      name: 'api-keys',
      async show({ page }) {
        await page.getByLabel('Name').fill('Mail server mx1');
        await page.getByLabel('Read verdicts').check();
        await page.getByLabel('Networks').fill('192.0.2.0/24');
        await page.getByLabel('Your password').fill(person.password);
        await page.getByRole('button', { name: 'Make the key' }).click();
        await page.getByText('Copy the secret').waitFor();
        await page.locator('.api-key').first().getByRole('button', { name: 'Rotate' }).click();
      },
    },
    {
      name: 'not-found',
      async show({ page, go }) {
        await go('/nowhere');
        await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
      },
    },
  ];
  const outside: readonly Place[] = [
    {
      name: 'sign-in',
      async show({ page, go }) {
        await go('/');
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
      },
    },
    {
      name: 'sign-in-second-step',
      async show({ page, go }) {
        await go('/');
        await page.getByLabel('E-mail address').fill(guarded.email);
        await page.getByLabel('Password').fill(guarded.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('button', { name: 'Use a recovery code' }).waitFor();
      },
    },
    {
      name: 'sign-in-by-email',
      async show({ page, go }) {
        await go('/');
        await page.getByRole('button', { name: 'E-mail me a code' }).click();
        await page.getByRole('button', { name: 'Send the code' }).waitFor();
      },
    },
    ...(['sign-up', 'forgot', 'welcome#token=x', 'reset#token=x', 'reset', 'confirm#token=x'] as const).map((path) => ({
      name: `door-${path.replace('#token=x', '')}${path === 'reset' ? '-dead' : ''}`,
      async show({ page, go }: Tab) {
        await go(`/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
      },
    })),
    {
      name: 'setup',
      async show({ page, go }) {
        await go('/setup#token=some-token');
        await page.getByRole('button', { name: 'Create the account' }).waitFor();
      },
    },
  ];

  for (const look of LOOKS) {
    it(`is fit for assistive technology, fits its window and breaks no policy: ${look.name}`, async () => {
      const tab = await desk.open(look.options);
      const faults: string[] = [];
      const check = async (place: Place): Promise<void> => {
        await place.show(tab);
        faults.push(...(await axeFaults(tab.page)).map((fault) => `${place.name}: ${fault}`));
        const wide = await overflow(tab.page);
        if (wide > 0) faults.push(`${place.name}: ${wide} px wider than the window`);
        await picture(tab.page, `${place.name}-${look.name}`);
      };
      for (const place of outside) await check(place);
      await tab.signIn(person);
      for (const place of places) await check(place);
      assert.deepEqual([...faults, ...tab.faults], []);
      await tab.close();
    });
  }
});
