import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { TestPerson } from '../services/parts.js';
import { openDesk, showAllFindings } from './desk.js';
import type { Desk, Tab } from './desk.js';

/** Presses Tab until the focus is on an element with this name; fails when the whole page has been walked in vain. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(
      `(() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? ''; })()`,
    );
    if (name.test(focused.trim())) return;
  }
  assert.fail(`no way to ${String(name)} by keyboard`);
}

describe('dashboard: keyboard alone', function () {
  this.timeout(60_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    tab = await desk.open();
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  it('signs in, scans the sample, reads a finding, and signs out', async () => {
    const { page } = tab;
    await tab.go('/');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await tabTo(page, /^E-mail address$/);
    await page.keyboard.type(person.email);
    await tabTo(page, /^Password$/);
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Welcome to postern' }).waitFor();
    await tabTo(page, /^Scan the sample$/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Read the verdict' }).waitFor();
    await tabTo(page, /^Read the verdict$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your mailbox is about to be closed' }).waitFor();
    await showAllFindings(page);
    await page.getByRole('heading', { level: 1 }).focus();
    await tabTo(page, /The sender’s name contains another address/);
    assert.match(await page.locator('.head .is-evidence').innerText(), /notice@/, 'the focus marks the evidence');
    await page.keyboard.press('Enter');
    await tabTo(page, /^Show it in the head of the message$/);
    await tabTo(page, /^Message$/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByText('All header fields').waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await tabTo(page, /^Account$/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Sign out$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('goes past the navigation with the skip link, and shows where the focus is', async () => {
    const { page } = tab;
    await tab.signIn(person);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.innerText'), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'content');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate<string>(
      `(() => { const e = document.activeElement; const own = getComputedStyle(e).outlineStyle; const after = getComputedStyle(e, '::after').outlineStyle; return own + ' ' + after; })()`,
    );
    assert.match(outline, /solid/);
  });

  it('changes the look at once, and keeps it on this device from the first paint on', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Account' }).press('Enter');
    await page.getByRole('radio', { name: 'Dark' }).press('Space');
    const paper = (): Promise<string> =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    assert.equal(await paper(), 'rgb(18, 21, 23)');
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload({ waitUntil: 'commit' });
    await page.locator('#app').waitFor({ state: 'attached' });
    assert.equal(await paper(), 'rgb(18, 21, 23)', 'before any script of the bundle has run');
    await page.unroute('**/assets/*.js');
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  it('keeps the account menu open that was asked for right after the address changed', async () => {
    const { page } = tab;
    // In one turn of the browser: no effect of the change has run yet.
    await page.evaluate(
      `(async () => { dispatchEvent(new PopStateEvent('popstate')); await null; document.querySelector('[aria-label=Account]').click(); })()`,
    );
    await page.getByRole('radio', { name: 'Dark' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Appearance').waitFor({ state: 'detached' });
  });

  it('closes the account menu with Escape and gives the focus back', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Account' }).press('Enter');
    await page.getByText('Appearance').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.getByText('Appearance').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(`document.activeElement.getAttribute('aria-label')`), 'Account');
  });
});
