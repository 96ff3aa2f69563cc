import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestPerson } from '../services/parts.js';
import { axeFaults, openDesk, picture, SAMPLE } from './desk.js';
import type { Desk, Tab } from './desk.js';
import { scan, tokenOf } from './seed.js';

describe('dashboard: when things are not as they should be', function () {
  this.timeout(60_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  let id = '';
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    tab = await desk.open();
    await tab.signIn(person);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  it('offers a sample message where nothing has been scanned', async () => {
    await tab.go('/history');
    await tab.page.getByRole('button', { name: 'Scan the sample message' }).waitFor();
    assert.deepEqual(await axeFaults(tab.page), []);
    await picture(tab.page, 'history-empty-light');
    await tab.go('/');
    await tab.page.getByRole('heading', { name: 'Welcome to postern' }).waitFor();
    assert.deepEqual(await axeFaults(tab.page), []);
    await picture(tab.page, 'home-empty-light');
  });

  it('says when the server cannot be reached, and goes on by itself when it can', async () => {
    const { page } = tab;
    id = (await scan(desk.server, await tokenOf(desk.server, person), await readFile(SAMPLE))).id;
    await tab.go('/');
    await page
      .getByRole('link', { name: 'Your mailbox is about to be closed' })
      .or(page.getByText('Nothing right now'))
      .waitFor();
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('This could not be loaded').waitFor();
    await page.getByText('What is on this page may be out of date').waitFor();
    assert.deepEqual(await axeFaults(page), []);
    await picture(page, 'offline-light');
    await page.context().setOffline(false);
    await page.locator('.row-link').waitFor();
    assert.equal(await page.locator('.offline').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
  });

  it('hands a message over once although the first try broke off', async () => {
    const { page } = tab;
    let tries = 0;
    await page.route('**/api/v1/scan/upload', async (route) => {
      tries += 1;
      // The server has it, but its answer is lost on the way.
      const answer = await route.fetch();
      if (tries === 1) await route.abort();
      else await route.fulfill({ response: answer });
    });
    const before = (await listed()).length;
    await tab.go('/scan');
    const file = {
      name: 'twice.eml',
      mimeType: 'message/rfc822',
      buffer: Buffer.from('From: a@b.example\nSubject: Twice\n\nHi\n'),
    };
    await page.getByLabel('Message files').setInputFiles(file);
    await page.getByRole('article', { name: 'Twice' }).getByRole('link').waitFor({ timeout: 20_000 });
    assert.equal(tries, 2);
    assert.equal((await listed()).length, before + 1);
    await page.unroute('**/api/v1/scan/upload');
  });

  async function listed(): Promise<readonly unknown[]> {
    const answer = await desk.server.send('GET', '/scan/history', { as: await tokenOf(desk.server, person) });
    return ((await answer.json()) as { items: readonly unknown[] }).items;
  }

  it('keeps the room of what is still loading, so that nothing jumps', async () => {
    const { page } = tab;
    await page.route('**/api/v1/scan/*/message', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
    await tab.go(`/message/${id}`);
    await page.locator('.verdict-card').waitFor();
    const top = (): Promise<number> =>
      page.evaluate<number>(`document.querySelector('.message-pane').getBoundingClientRect().top`);
    const before = await top();
    await picture(page, 'message-loading-light');
    await page.frameLocator('iframe').getByText('Verify your account').waitFor();
    assert.equal(await top(), before);
    await page.unroute('**/api/v1/scan/*/message');
  });

  it('tells the reader in words when the server refuses', async () => {
    const { page } = tab;
    await page.route('**/api/v1/overview*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'database.unavailable', detail: 'The database does not answer.', status: 503 }),
      }),
    );
    await tab.go('/');
    await page.getByText('The database does not answer.').waitFor();
    await page.unroute('**/api/v1/overview*');
    tab.faults.length = 0;
  });

  it('asks to sign in again when the session has ended elsewhere, and goes on at the same place', async () => {
    const { page } = tab;
    await tab.go('/history');
    await page.locator('.row-link').first().waitFor();
    await desk.server.database
      .admin`update postern.users set token_epoch = token_epoch + 1 where user_id = ${person.userId}`;
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Your mailbox is about to be closed' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your mailbox is about to be closed' }).waitFor();
  });

  it('lets an administrator open what belongs to somebody else only with a reason', async () => {
    const member = await desk.server.person('org_member', person.tenantId);
    const theirs = await scan(desk.server, await tokenOf(desk.server, member), await readFile(SAMPLE));
    await tab.go(`/message/${theirs.id}`);
    await tab.page.getByText('This message belongs to somebody else').waitFor();
    assert.deepEqual(await axeFaults(tab.page), []);
    await picture(tab.page, 'message-reason-light');
    await tab.page.getByLabel('Why do you open it?').fill('Reported by the member as strange');
    await tab.page.getByRole('button', { name: 'Open the message' }).click();
    await tab.page.frameLocator('iframe').getByText('Verify your account').waitFor();
  });

  it('takes a message dropped on any place', async () => {
    const { page } = tab;
    await tab.go('/history');
    await page.locator('.row-link').first().waitFor();
    const text = 'From: Bo <bo@corp.example>\\nSubject: Dropped here\\n\\nHello\\n';
    const drop = (name: string): string => `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['${text}'], 'dropped.eml', { type: 'message/rfc822' }));
      document.body.dispatchEvent(new DragEvent('${name}', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    })()`;
    await page.evaluate(drop('dragenter'));
    await page.getByText('Let go to scan it').waitFor();
    await picture(page, 'drop-light');
    await page.evaluate(drop('drop'));
    await page.getByRole('article', { name: 'Dropped here' }).getByRole('link').waitFor();
  });
});
