import assert from 'node:assert/strict';
import type { TestPerson } from '../../services/parts.js';
import { openDesk } from '../desk.js';
import type { Desk, Tab } from '../desk.js';
import { seedHistory } from '../seed.js';

describe('dashboard: history', function () {
  this.timeout(60_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    // With the one that the seed scans itself: two pages and a bit.
    await seedHistory(desk.server, person, 119);
    tab = await desk.open();
    await tab.signIn(person);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });
  const rows = () => tab.page.locator('.row-link');
  const labels = () => tab.page.locator('.row .label-mark').allInnerTexts();

  it('fetches page after page while one scrolls, to the last message', async () => {
    await tab.go('/history');
    await rows().first().waitFor();
    assert.ok((await rows().count()) < 120);
    for (let turn = 0; turn < 40 && (await rows().count()) < 120; turn += 1) {
      await tab.page.mouse.wheel(0, 4000);
      await tab.page.waitForTimeout(100);
    }
    await tab.page.getByText('120 messages, that is all.').waitFor();
    assert.equal(await rows().count(), 120);
  });

  it('filters by label with one press, and keeps the filter in the address', async () => {
    await tab.go('/history');
    await tab.page.getByRole('button', { name: 'Malware' }).click();
    await tab.page.getByText('that is all').waitFor();
    assert.deepEqual(new Set(await labels()), new Set(['Malware']));
    assert.equal(new URL(tab.page.url()).searchParams.get('q'), 'label:malware');
    await tab.page.reload();
    await tab.page.getByText('that is all').waitFor();
    assert.deepEqual(new Set(await labels()), new Set(['Malware']));
    assert.equal(await tab.page.getByRole('button', { name: 'Malware', pressed: true }).count(), 1);
  });

  it('understands from:, label:, words of the subject and dates together', async () => {
    const search = tab.page.getByRole('searchbox');
    await tab.go('/history');
    await search.fill('from:schmidt label:suspicious since:yesterday bank');
    await search.press('Enter');
    await tab.page.getByText('14 messages, that is all.').or(tab.page.getByText('15 messages, that is all.')).waitFor();
    assert.deepEqual(new Set(await rows().allInnerTexts()), new Set(['Changed bank details for invoice 20-118']));
    await search.fill('from:schmidt until:2020-01-01');
    await search.press('Enter');
    await tab.page.getByRole('heading', { name: 'No message matches' }).waitFor();
  });

  it('moves with j and k and opens with Enter, and leaves typing alone', async () => {
    const { page } = tab;
    await tab.go('/history');
    await rows().first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    const second = await rows().nth(1).innerText();
    assert.equal(await page.evaluate('document.activeElement.innerText'), second);
    await page.keyboard.press('/');
    await page.keyboard.type('jk?');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'jk?');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('heading', { name: 'History' }).click();
    await page.keyboard.press('?');
    await page.getByText('next message').waitFor();
    await page.keyboard.press('j');
    const name = await rows().first().innerText();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
  });

  it('comes back to where one was', async () => {
    const { page } = tab;
    await tab.go('/history');
    await rows().first().waitFor();
    await page.mouse.wheel(0, 1500);
    await page.waitForTimeout(200);
    const before = await page.evaluate<number>('scrollY');
    assert.ok(before > 1000);
    await rows().nth(30).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goBack();
    await rows().nth(30).waitFor();
    await page.waitForTimeout(200);
    const after = await page.evaluate<number>('scrollY');
    assert.ok(Math.abs(after - before) < 80, `${before} before, ${after} after`);
  });

  it('remembers the density on this device', async () => {
    await tab.go('/history');
    await tab.page.getByRole('button', { name: 'Compact rows' }).click();
    await tab.page.reload();
    await tab.page.getByRole('button', { name: 'Compact rows', pressed: true }).waitFor();
    await tab.page.locator('.row').first().waitFor();
    const height = await tab.page.evaluate<number>(`document.querySelector('.row').getBoundingClientRect().height`);
    assert.ok(height <= 44, `a compact row is ${height} px high`);
  });

  it('keeps every score on one line, in each list and at any width', async () => {
    for (const [path, width] of [
      ['/', 1280],
      ['/history', 1280],
      ['/history', 360],
    ] as const) {
      await tab.page.setViewportSize({ width, height: 800 });
      await tab.go(path);
      await rows().first().waitFor();
      const scores = await tab.page.locator('.row-score:visible').all();
      const heights = await Promise.all(scores.slice(0, 12).map(async (score) => (await score.boundingBox())?.height));
      // A line is 23 pixels high, two are 46.
      for (const height of heights)
        assert.ok((height ?? 0) > 10 && (height ?? 0) < 30, `${path} at ${width}: ${height}`);
    }
  });
});
