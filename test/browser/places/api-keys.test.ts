import assert from 'node:assert/strict';
import type { TestPerson } from '../../services/parts.js';
import { phish } from '../../services/parts.js';
import { fileForm } from '../../api/server.js';
import { openDesk } from '../desk.js';
import type { Desk, Tab } from '../desk.js';

describe('dashboard: API keys', function () {
  this.timeout(90_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  let secret = '';
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_member');
    tab = await desk.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await tab.signIn(person);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const works = async (key: string): Promise<boolean> =>
    (await desk.server.send('POST', '/scan/upload', { as: key, body: fileForm(phish()) })).status === 200;
  const row = () => tab.page.getByRole('listitem', { name: 'mx1' });
  const shown = async (): Promise<string> => tab.page.locator('.secret-line code').innerText();

  it('is found from the menu, makes a key, and shows its secret once, to be copied', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByText('There are no keys yet').waitFor();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('mx1');
    await page.getByLabel('Your password').fill(person.password);
    await page.getByText('Only from certain places').click();
    await page.getByLabel('Networks').fill('somewhere');
    await page.getByRole('button', { name: 'Make the key' }).click();
    assert.match(await page.getByRole('alert').innerText(), /network/);
    await page.getByLabel('Networks').fill('127.0.0.0/8');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('Copy the secret of “mx1” now').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('Copied').waitFor();
    secret = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(secret, await shown());
    assert.equal(await works(secret), true);
    await page.getByRole('button', { name: 'I have it' }).click();
    assert.equal(await page.getByText(secret).count(), 0);
  });

  it('lists it with what it may do, where from, and its last use', async () => {
    await desk.server.parts.apiKeys.settle();
    await tab.page.reload();
    await row().getByText('last used just now').waitFor();
    const text = await row().innerText();
    assert.match(text, /Scan messages/);
    assert.match(text, /Only from 127\.0\.0\.0\/8/);
    assert.equal(await tab.page.getByText(secret).count(), 0, 'not even after a reload');
  });

  it('rotates it: the new secret works, and the one before as long as was chosen', async () => {
    const { page } = tab;
    await row().getByRole('button', { name: 'Rotate' }).click();
    await tab.page.getByLabel('Your password').fill(person.password);
    await row().getByLabel('The current secret').selectOption({ label: 'works for another hour' });
    await row().getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByText('The secret before works until').waitFor();
    const next = await shown();
    assert.notEqual(next, secret);
    assert.deepEqual([await works(next), await works(secret)], [true, true]);
    await row().getByText('former secret works until').waitFor();
    secret = next;
    await page.getByRole('button', { name: 'I have it' }).click();
  });

  it('revokes it after asking, by keyboard alone', async () => {
    const { page } = tab;
    await row().getByRole('button', { name: 'Revoke' }).focus();
    await page.keyboard.press('Enter');
    await row().getByText('This cannot be undone').waitFor();
    await row().getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await works(secret), true);
    await row().getByRole('button', { name: 'Revoke' }).focus();
    await page.keyboard.press('Enter');
    await row().getByRole('button', { name: 'Revoke it' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('There are no keys yet').waitFor();
    assert.equal(await works(secret), false);
  });

  it('makes a sandbox key', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('trying out');
    await page.getByLabel('Your password').fill(person.password);
    await page.getByText('Sandbox', { exact: true }).click();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('Copy the secret').waitFor();
    assert.match(await shown(), /^pst_test_/);
    assert.deepEqual(tab.faults, []);
  });
});
