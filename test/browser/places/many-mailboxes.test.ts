import assert from 'node:assert/strict';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;
const MANY = 2000;

describe('dashboard: an organisation with thousands of mailboxes', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  for (const look of LOOKS) {
    it(`those that need somebody come first, one is found by its address, the rest comes as one scrolls: ${look.name}`, async () => {
      const person = await desk.server.person('org_admin');
      await desk.server.database.admin`insert into postern.mailboxes
        (tenant_id, mailbox_id, provider, address, status, attention, paused, cursor)
        select ${person.tenantId}, gen_random_uuid(), 'gmail', 'person-' || lpad(n::text, 4, '0') || '@corp.example',
          case when n % 250 = 0 then 'attention' else 'connected' end, 'Google no longer accepts the permission.', n % 7 = 0, 'c'
        from generate_series(1, ${MANY}::int) n`;
      const tab = await desk.open(look.options);
      const { page } = tab;
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(page, `${name}-${look.name}`);
      };
      const pagesAsked = () => tab.requests.filter((url) => /\/mailboxes\?.*limit=50/.test(url)).length;
      await tab.signIn(person);
      await page.getByText('More than 5 mailboxes need you').waitFor();
      await check('home-many-in-need');
      await page.getByRole('link', { name: 'See all of them' }).click();
      const cards = page.getByRole('list', { name: 'Mailboxes', exact: true }).getByRole('listitem');
      await page.getByRole('link', { name: 'person-2000@corp.example' }).waitFor();
      assert.equal(await cards.count(), MANY / 250);
      await check('mailboxes-in-need');

      await page.getByLabel('State').selectOption('');
      const needy = page.getByRole('list', { name: 'Mailboxes that need attention' });
      await needy.getByRole('link', { name: 'person-0250@corp.example' }).waitFor();
      assert.equal(await needy.getByRole('listitem').count(), 5);
      assert.equal(await cards.count(), 50);
      await check('mailboxes-many');
      const before = pagesAsked();
      for (let shown = 50; shown < 250;) {
        await page.mouse.wheel(0, 20_000);
        await cards.nth(shown).waitFor();
        shown = await cards.count();
      }
      assert.ok(pagesAsked() - before >= 4);
      const all = await cards.getByRole('link').allTextContents();
      assert.deepEqual([all.length, all], [new Set(all).size, [...all].sort()]);

      await page.getByLabel('Part of an address').fill('-1234@');
      await page.getByRole('link', { name: 'person-1234@corp.example' }).waitFor();
      await page.locator('.mailbox-card').nth(1).waitFor({ state: 'detached' });
      await check('mailboxes-found');
      await page.getByLabel('Part of an address').fill('nobody@');
      await page.getByText('No mailbox matches').waitFor();

      await tab.go('/history');
      await page.getByLabel('Mailbox, by its address').pressSequentially('person-1234@corp.example');
      // Chosen from what is offered, or typed to its end.
      await page.locator('#mailbox-addresses option').first().waitFor({ state: 'attached' });
      await page.getByLabel('Mailbox, by its address').fill('person-1234@corp.example');
      await page.waitForURL(/mailbox%3A/);
      await page.getByText('No message matches').waitFor();
      await check('history-of-many');

      await tab.go('/history');
      // Pasted whole, before anything is offered.
      await page.getByLabel('Mailbox, by its address').fill(' Person-1500@corp.example');
      await page.waitForURL(/mailbox%3A/);
      assert.deepEqual([...faults, ...tab.faults], []);
      await tab.close();
    });
  }
});
