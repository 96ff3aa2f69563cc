import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture, SAMPLE } from '../desk.js';
import type { Desk, Tab } from '../desk.js';
import { scan, seedHistory, tokenOf } from '../seed.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

const PROVEN = [
  'Authentication-Results: mx.corp.example; dkim=pass header.d=partner-news.net; dmarc=pass header.from=partner-news.net',
  'Received: from out.partner-news.net (out.partner-news.net [192.0.2.9]) by mx.corp.example with ESMTPS id a1; Mon, 02 Nov 2026 10:00:01 +0000',
  'From: Jo Park <jo@partner-news.net>',
  'To: Ann Bell <ann@corp.example>',
  'Subject: Minutes of Thursday',
  'Date: Mon, 02 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@partner-news.net>',
  '',
  'Hello Ann, here are the minutes of Thursday. Jo',
  '',
].join('\r\n');

describe('dashboard: what an administrator tells detection', function () {
  this.timeout(180_000);
  let desk: Desk;
  let person: TestPerson;
  before(async function () {
    desk = await openDesk(this);
  });
  beforeEach(async () => {
    person = await desk.server.person('org_owner');
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();
  const opened = async (who: TestPerson, options = {}): Promise<Tab> => {
    const one = await desk.open(options);
    await one.signIn(who);
    await one.go('/settings/detection');
    await one.page.getByRole('tab', { name: 'Lists' }).waitFor();
    return one;
  };
  const block = async (page: Page, entry: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Block an address or domain' }).fill(entry);
    await page.getByRole('textbox', { name: 'Block an address or domain' }).press('Enter');
  };

  for (const look of LOOKS) {
    it(`every section looks right in ${look.name}, and axe finds nothing`, async () => {
      await seedHistory(desk.server, person, 24);
      await scan(desk.server, await tokenOf(desk.server, person), PROVEN);
      const { page, faults, close } = await opened(person, look.options);
      const seen = async (name: string): Promise<void> => {
        await picture(page, `detection-${name}-${look.name}`);
        assert.deepEqual(await axeFaults(page), [], name);
        assert.ok((await overflow(page)) <= 0, name);
      };
      await block(page, 'mail-notice.example, deals.example, @partner-news.net');
      await page.getByRole('textbox', { name: 'Allow an address or domain' }).fill('anna@corp.example');
      await page.keyboard.press('Enter');
      await seen('lists');
      await page.getByRole('button', { name: 'Preview the effect' }).click();
      await page.getByRole('heading', { name: '1 verdict would change' }).waitFor();
      await seen('preview');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. It counts').waitFor();
      await tab(page, 'People and domains');
      await page.getByRole('textbox', { name: 'Add a domain of yours' }).fill('corp.example');
      await page.keyboard.press('Enter');
      await page.getByLabel('Name').fill('Anna Bell');
      await page.getByLabel('Their addresses').fill('anna@corp.example, anna.bell@home.example');
      await page.keyboard.press('Enter');
      await page.getByText('anna.bell@home.example').waitFor();
      await seen('people');
      await tab(page, 'Brands');
      await page.getByRole('searchbox', { name: 'Search brands' }).fill('paypal');
      await page.getByRole('button', { name: 'Add a domain of PayPal' }).click();
      await page.getByLabel('Domains it really uses').fill('paypal-treuhand.de');
      await seen('brand-form');
      await page.getByRole('button', { name: 'Done' }).click();
      await seen('brands');
      await tab(page, 'Findings and weights');
      await page.locator('.catalogue > li').first().waitFor();
      await page.getByRole('combobox').first().selectOption('Double');
      await page.locator('.catalogue-text button').nth(1).click();
      await seen('findings');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
      await tab(page, 'Changes');
      await page.getByText('Version 2').waitFor();
      await seen('changes');
      assert.deepEqual(faults, []);
      await close();
    });
  }

  it('by keyboard alone: block, look at the effect, save, and go back', async () => {
    await scan(desk.server, await tokenOf(desk.server, person), PROVEN);
    const { page, close } = await opened(person);
    await page.getByRole('tab', { name: 'Lists' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('textbox', { name: 'Block an address or domain' }).focus();
    await page.keyboard.type('jo@partner-news.net');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Preview the effect' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 verdict would change' }).waitFor();
    // The heading is focused with the next frame.
    await page.waitForFunction(`document.activeElement?.id === 'preview-title'`);
    await page.getByRole('link', { name: 'Minutes of Thursday' }).waitFor();
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText('Saved. It counts').waitFor();
    await tab(page, 'Changes');
    await page.getByRole('button', { name: /version 0$/ }).press('Enter');
    await page.getByText('Went back to version 0.').waitFor();
    await tab(page, 'Lists');
    await page.getByText('Nobody is blocked.').waitFor();
    await close();
  });

  it('a draft survives looking elsewhere, a lost update is told, and what the API refuses is said in words', async () => {
    const { page, go, close } = await opened(person);
    await block(page, 'evil.example');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await page.goBack();
    await page.getByText('evil.example').waitFor();
    const token = await tokenOf(desk.server, person);
    await desk.server.send('POST', '/detection/lists', { as: token, json: { entry: 'other.example', list: 'block' } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has changed these settings').waitFor();
    await page.getByRole('button', { name: 'Drop my changes and show theirs' }).click();
    await page.getByText('other.example').waitFor();
    await page.getByRole('textbox', { name: 'Allow an address or domain' }).fill('gmail.com');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Allowed senders: "gmail.com" gives an address to anybody').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await go('/settings/detection');
    await close();
  });

  it('a member sees the settings and cannot change them', async () => {
    const member = await desk.server.person('org_member', person.tenantId);
    const { page, close } = await opened(member);
    await page.getByText('Only administrators can change this').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Block an address or domain' }).isDisabled(), true);
    await close();
  });

  it('from a message: block its sender and take it back; allow only who is proven', async () => {
    const token = await tokenOf(desk.server, person);
    const proven = await scan(desk.server, token, PROVEN);
    const unproven = await scan(desk.server, token, await readFile(SAMPLE));
    const { page, go, close } = await opened(person);
    const listed = async (): Promise<unknown> => {
      const answer = await desk.server.send('GET', '/detection/profile', { as: token });
      const { profile } = (await answer.json()) as { profile: { allow: string[]; block: string[] } };
      return [profile.block, profile.allow];
    };
    await go(`/message/${proven.id}`);
    await page.getByRole('button', { name: 'Block this sender' }).click();
    await page.getByText('jo@partner-news.net is blocked').waitFor();
    assert.deepEqual(await listed(), [['jo@partner-news.net'], []]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('is on neither list again').waitFor();
    assert.deepEqual(await listed(), [[], []]);
    await page.getByRole('button', { name: 'Allow this sender' }).click();
    await page.getByRole('button', { name: 'No longer allow this sender' }).waitFor();
    assert.deepEqual(await listed(), [[], ['jo@partner-news.net']]);
    await picture(page, 'message-sender-actions');
    await go(`/message/${unproven.id}`);
    await page.getByRole('button', { name: 'Sender not proven' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Allow this sender' }).count(), 0);
    await close();
  });
});
