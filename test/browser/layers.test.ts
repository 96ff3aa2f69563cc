import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lookup } from '../../src/scanners/scanner.js';
import { openFeedsOnly } from '../../src/services/reputation/feeds-only.js';
import { createLookup } from '../../src/services/scanning/lookup.js';
import type { TestPerson } from '../services/parts.js';
import { axeFaults, openDesk, picture } from './desk.js';
import type { Desk, Tab } from './desk.js';
import { scan, tokenOf } from './seed.js';

const MESSAGE = [
  'From: Parcel Service <notice@parcel-desk.net>',
  'To: Ann Bell <ann@corp.example>',
  'Subject: Your parcel is waiting',
  'Date: Mon, 02 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@parcel-desk.net>',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hello Ann, a small fee is open. <a href="https://pay.parcel-fee.net/now?id=4471">Pay the fee</a></p>',
  '',
].join('\r\n');

const PROGRAM = [
  'Authentication-Results: mx.corp.example; dmarc=pass header.from=partner-desk.net',
  'Received: from out.partner-desk.net (out.partner-desk.net [192.0.2.9]) by mx.corp.example with ESMTPS id a1; Mon, 02 Nov 2026 10:00:01 +0000',
  'From: Jo Park <jo@partner-desk.net>',
  'To: Ann Bell <ann@corp.example>',
  'Subject: The figures you asked for',
  'Date: Mon, 02 Nov 2026 10:00:00 +0000',
  'Message-ID: <2@partner-desk.net>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Hello Ann, attached are the figures of the second quarter. Best, Jo',
  '--b',
  'Content-Type: application/octet-stream; name=figures.pdf.exe',
  'Content-Disposition: attachment; filename=figures.pdf.exe',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from(`MZ${'\0'.repeat(58)}@\0\0\0PE\0\0`).toString('base64'),
  '--b--',
  '',
].join('\r\n');

describe('dashboard: what the layers say', function () {
  this.timeout(60_000);
  let desk: Desk;
  let person: TestPerson;
  let tab: Tab;
  let token = '';
  const folder = mkdtempSync(join(tmpdir(), 'postern-feed-'));
  const feed = join(folder, 'own-list.txt');
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    token = await tokenOf(desk.server, person);
    tab = await desk.open();
    await tab.signIn(person);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (lookup: Lookup | undefined): void => {
    Object.assign(desk.server.parts, { lookup });
  };
  const layer = (name: string) => tab.page.locator('.layers li', { hasText: name });

  it('shows what a feed of the operator lists, with the link in place and others like it one press away', async () => {
    writeFileSync(feed, 'parcel-fee.net\n');
    ask(createLookup({ reputation: await openFeedsOnly([feed]), resolver: null }));
    const { id } = await scan(desk.server, token, MESSAGE);
    const { page, go } = tab;
    await go(`/message/${id}`);
    const finding = page.locator('.finding', { hasText: 'A link is on your block list' });
    await finding.getByRole('button').first().click();
    await finding.getByText('parcel-fee.net is on the list own-list').waitFor();
    await layer('Reputation').getByText('What others know of its links and files').waitFor();
    assert.match(await layer('Reputation').innerText(), /ms/);
    assert.match(await layer('Language model').innerText(), /not run/);
    await page.frameLocator('iframe').getByText('a small fee is open').waitFor();
    await picture(page, 'message-reputation');
    assert.deepEqual(await axeFaults(page), []);
    await finding
      .getByRole('link', { name: /find others/ })
      .first()
      .click();
    await page.getByText('1 message, that is all.').waitFor();
    assert.match(await page.getByRole('searchbox').inputValue(), /^url:https:\/\/pay\.parcel-fee\.net/);
    await page.getByRole('searchbox').fill('domain:parcel-fee.net');
    await page.getByRole('searchbox').press('Enter');
    await page.getByText('1 message, that is all.').waitFor();
    await page.getByRole('searchbox').fill('domain:elsewhere.net');
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('heading', { name: 'No message matches' }).waitFor();
  });

  it('shows that an allowed sender has no say beside a dangerous file', async () => {
    await desk.server.send('POST', '/detection/lists', {
      as: token,
      json: { entry: 'partner-desk.net', list: 'allow' },
    });
    const { id, label } = await scan(desk.server, token, PROGRAM);
    assert.equal(label, 'malware');
    await tab.go(`/message/${id}`);
    const aside = tab.page.getByRole('region', { name: 'Set aside' });
    await aside.getByText('partner-desk.net is on your allow list', { exact: false }).waitFor();
    await picture(tab.page, 'message-set-aside');
    assert.deepEqual(await axeFaults(tab.page), []);
  });

  it('says in words why a layer failed, and that the verdict lacks it', async () => {
    const unavailable = () => Promise.resolve({ unavailable: 'VirusTotal does not answer' });
    ask({ dns: unavailable, reputation: unavailable, llm: unavailable });
    const { id } = await scan(desk.server, token, MESSAGE.replace('waiting', 'still waiting'));
    await tab.go(`/message/${id}`);
    await layer('Reputation')
      .getByText(/VirusTotal does not answer/)
      .waitFor();
    assert.match(await layer('Reputation').innerText(), /failed/);
    await tab.page.frameLocator('iframe').getByText('a small fee is open').waitFor();
    await picture(tab.page, 'message-layer-failed');
    ask(undefined);
  });
});
