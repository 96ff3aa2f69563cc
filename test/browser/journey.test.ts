import assert from 'node:assert/strict';
import { offerSetupLink } from '../../src/services/setup/offer-setup-link.js';
import { openDesk, picture, SAMPLE, showAllFindings } from './desk.js';
import type { Desk, Tab } from './desk.js';

describe('dashboard: the whole way', function () {
  this.timeout(90_000);
  let desk: Desk;
  let tab: Tab;
  before(async function () {
    desk = await openDesk(this);
    tab = await desk.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  });
  after(async () => {
    // Absent where the suite was skipped.
    await (desk as Desk | undefined)?.close();
  });

  it('sets postern up from the one-time link and lands in a Home that says what to do first', async () => {
    const token = await offerSetupLink({ ctx: { parts: desk.server.parts } });
    await tab.go(`/setup#token=${token}`);
    const { page } = tab;
    await page.getByLabel('Organisation').fill('Corp Example');
    await page.getByLabel('E-mail address').fill('anna@corp.example');
    await page.getByLabel('Password').fill('password');
    await page.getByRole('button', { name: 'Create the account' }).click();
    assert.match(await page.locator('.field-error').innerText(), /password/i);
    await page.getByLabel('Password').fill('a quiet river in november');
    await picture(page, 'setup-filled');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('heading', { name: 'Welcome to postern' }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token is gone from the address');
  });

  it('says so when the password is wrong, and signs in with the right one', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const field = page.getByLabel('Password');
    assert.equal(await field.getAttribute('type'), 'password');
    assert.equal(await field.getAttribute('autocomplete'), 'current-password', 'for password managers');
    await page.getByLabel('E-mail address').fill('anna@corp.example');
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.form-error').waitFor();
    await page.getByLabel('Password').fill('a quiet river in november');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Welcome to postern' }).waitFor();
  });

  it('stays signed in when the page is loaded again, and keeps no token in storage', async () => {
    await tab.page.reload();
    await tab.page.getByRole('navigation', { name: 'Places' }).waitFor();
    const stored = await tab.page.evaluate<string>('JSON.stringify({ ...localStorage, ...sessionStorage })');
    assert.doesNotMatch(stored, /eyJ/);
  });

  it('takes an .eml, shows its layers as they finish, and its verdict', async () => {
    const { page } = tab;
    await page.getByRole('link', { name: 'Scan', exact: true }).click();
    await page.getByLabel('Message files').setInputFiles(SAMPLE);
    const card = page.getByRole('article', { name: 'Your mailbox is about to be closed' });
    await card.getByRole('link', { name: 'Read the verdict' }).waitFor();
    assert.match(await card.innerText(), /Phishing/);
    assert.equal(await card.locator('.layer-steps [data-state="ran"]').count(), 4);
    assert.equal(await card.locator('.layer-steps [data-state="skipped"]').count(), 2);
    await card.getByRole('link', { name: 'Read the verdict' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your mailbox is about to be closed' }).waitFor();
  });

  it('marks the evidence of a finding in the message while it is pointed at, without loading the message again', async () => {
    const { page } = tab;
    const frame = page.frameLocator('iframe');
    await frame.getByText('will be closed').waitFor();
    const renderings = (): number => tab.requests.filter((url) => url.includes('/render/')).length;
    assert.equal(renderings(), 1);
    await showAllFindings(page);
    const finding = page.locator('.finding', { hasText: 'A link shows one site and opens another' });
    await finding.hover();
    await frame.locator('[id^="finding-"]:target').first().waitFor();
    await page.locator('.finding', { hasText: 'The sender’s name contains another address' }).hover();
    assert.match(await page.locator('.head .is-evidence').innerText(), /notice@mail-notice\.example/);
    assert.equal(renderings(), 1);
  });

  it('opens a finding to its meaning and advice and takes the reader to its place', async () => {
    const { page } = tab;
    const finding = page.locator('.finding', { hasText: 'Answers go to somebody else' });
    await finding.getByRole('button', { expanded: false }).click();
    await finding.getByText('What to do.').waitFor();
    await finding.getByRole('button', { name: 'Show it in the head of the message' }).click();
    assert.match(await page.locator('.head .is-evidence').innerText(), /desk\.support@free-inbox\.example/);
  });

  it('shows text, route, links and files of the message', async () => {
    const { page } = tab;
    const places = async () =>
      Promise.all((await page.getByRole('tab').all()).map(async (one) => (await one.boundingBox())?.x));
    const before = await places();
    await page.getByRole('tab', { name: 'Text' }).click();
    assert.deepEqual(await places(), before, 'no tab moves when another is chosen');
    await page.getByText('HTML source').click();
    await page.getByText('<!doctype html>').waitFor();
    await page.getByRole('tab', { name: 'Route' }).click();
    assert.deepEqual(await page.locator('.route .hop-name').allInnerTexts(), [
      'worker',
      'edge7.mail-notice.example',
      'mx.postern.example',
    ]);
    await page.getByRole('tab', { name: 'Links' }).click();
    assert.match(await page.locator('.parts-tab').innerText(), /shown as “https:\/\/postern\.example\/mailbox”/);
    assert.equal(await page.locator('.parts-tab a').count(), 0, 'no link of the message can be followed');
  });

  it('scans again, downloads the result as JSON and copies the id', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Scan again' }).click();
    await page.getByText(/^Scanned again\. /).waitFor();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as JSON' }).click();
    assert.match((await waiting).suggestedFilename(), /^postern-.+\.json$/);
    await page.getByRole('button', { name: 'Copy id' }).click();
    await page.getByText('Copied').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), id);
  });

  it('deletes with a way back, and for good once the page is left', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Nothing has been scanned yet' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Your mailbox is about to be closed' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Nothing has been scanned yet' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing has been scanned yet' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
  });

  it('scans what is pasted and what is entered by hand', async () => {
    const { page } = tab;
    await page.getByRole('link', { name: 'Scan', exact: true }).click();
    await page.getByRole('tab', { name: 'Paste source' }).click();
    await page
      .getByLabel('The message with its headers')
      .fill('From: Bo <bo@corp.example>\nSubject: Lunch on Friday\n\nAt noon?\n');
    await page.getByRole('button', { name: 'Scan the message' }).click();
    await page.getByRole('article', { name: 'Lunch on Friday' }).getByRole('link').waitFor();
    await page.getByRole('tab', { name: 'Enter by hand' }).click();
    await page.getByLabel('Sender’s address').fill('it@corp.example');
    await page.getByLabel('Subject').fill('Password change');
    await page.getByLabel('Text or HTML').fill('Please see http://203.0.113.5/login');
    await page.getByRole('button', { name: 'Scan the message' }).click();
    await page.getByRole('article', { name: 'Password change' }).getByRole('link').waitFor();
  });

  it('says plainly when a file is no message', async () => {
    const { page } = tab;
    const file = { name: 'empty.eml', mimeType: 'message/rfc822', buffer: Buffer.from('') };
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByLabel('Message files').setInputFiles(file);
    const card = page.getByRole('article', { name: 'empty.eml' });
    assert.match(await card.locator('.scan-error').innerText(), /nothing in this message/i);
  });

  it('signs out and forgets what was on the page', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByText('anna@corp.example').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.getByText('Password change').count(), 0);
  });

  it('leaves a clean console all the way', () => {
    assert.deepEqual(tab.faults, []);
    const away = tab.requests.filter((url) => !url.startsWith(desk.server.url) && !url.startsWith('blob:'));
    assert.deepEqual(away, []);
  });
});
