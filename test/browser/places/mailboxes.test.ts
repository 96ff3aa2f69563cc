import assert from 'node:assert/strict';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { newUser } from '../../services/mailboxes/mailbox.js';
import { phish } from '../../services/parts.js';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk, Tab } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: mailboxes', function () {
  this.timeout(120_000);
  let dovecot: Dovecot;
  let desk: Desk;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
    desk = await openDesk(this);
    closing.push(() => desk.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  /** Walks the three steps as a person does. */
  async function connect({ page }: Tab, user: string, password = 'secret'): Promise<void> {
    await page.getByLabel('E-mail address of the mailbox').fill(`${user}@example.test`);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Server').fill('127.0.0.1');
    await page.getByLabel('Encryption').selectOption('plain');
    await page.getByLabel('Port').fill(String(dovecot.port));
    await page.getByLabel('User name').fill(user);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Everything').click();
    await page.getByRole('button', { name: 'Connect' }).click();
  }
  async function sync(person: TestPerson, rounds = 3): Promise<void> {
    const [row] = await desk.server.database.admin<{ id: string }[]>`select mailbox_id as id from postern.mailboxes
      where tenant_id = ${person.tenantId}`;
    for (let n = 0; n < rounds; n += 1) {
      await syncMailbox(desk.server.parts, { tenantId: person.tenantId, mailboxId: row!.id });
    }
  }

  for (const look of LOOKS) {
    it(`is connected, followed, browsed, reconnected and disconnected: ${look.name}`, async () => {
      const person = await desk.server.person('org_member');
      const tab = await desk.open(look.options);
      const { page } = tab;
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(page, `${name}-${look.name}`);
      };
      const user = newUser(dovecot);
      for (let n = 0; n < 70; n += 1) dovecot.deliver(user, message(`Minutes of meeting ${n}`));
      dovecot.deliver(user, message('Holiday pictures', 'x'.repeat(1_100_000)));

      await tab.signIn(person);
      await page.getByRole('link', { name: 'Mailboxes' }).click();
      await page.getByRole('heading', { name: 'No mailbox is connected yet' }).waitFor();
      await check('mailboxes-empty');

      await page.getByRole('link', { name: 'Connect a mailbox' }).click();
      await page.getByLabel('E-mail address of the mailbox').waitFor();
      await check('mailboxes-connect-address');
      await connect(tab, user, 'wrong');
      await page.getByText('does not accept this user name and password').waitFor();
      await check('mailboxes-connect-refused');
      await page.getByLabel('Password').fill('secret');
      await page.getByRole('button', { name: 'Next' }).click();
      await check('mailboxes-connect-older');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('heading', { name: `${user}@example.test` }).waitFor();

      // Shown as it happens, without loading the page again.
      await sync(person, 1);
      await page.getByText('50 of 71 messages').waitFor();
      await check('mailbox-reading');
      dovecot.deliver(user, phish('Your account is suspended'));
      await sync(person);
      await page.getByText('New messages are scanned as they arrive.').waitFor();
      await page.locator('.row-link').first().waitFor();
      await page.getByRole('tab', { name: 'Set aside' }).click();
      await page.getByText('larger than 1 MB').waitFor();
      await check('mailbox-set-aside');
      await page.getByRole('tab', { name: 'Scanned' }).click();
      await page.getByText('Your account is suspended').waitFor();
      await check('mailbox-scanned');

      dovecot.deliver(user, phish('Verify your payment'));
      await page.getByRole('tab', { name: 'In the mailbox' }).click();
      await page.getByText('Verify your payment').waitFor();
      await page.getByRole('searchbox').fill('payment');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByLabel('Pick “Verify your payment”').check();
      await page.getByRole('button', { name: 'Scan 1' }).click();
      await page.getByRole('link', { name: 'Verify your payment' }).waitFor();
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('Minutes of meeting 69').waitFor();
      await check('mailbox-browse');

      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('nothing is read until you resume').waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await dovecot.setPassword(user, 'changed');
      dovecot.kick(user);
      await sync(person);
      await page.getByText('Needs attention').waitFor();
      await check('mailbox-attention');
      await tab.go('/');
      await page.getByText('A mailbox needs you').waitFor();
      await check('home-mailbox-in-need');
      await page.getByRole('link', { name: `${user}@example.test` }).click();
      await page.getByLabel(`Password of ${user}`).fill('changed');
      await page.getByRole('button', { name: 'Reconnect' }).click();
      await page.getByText('New messages are scanned as they arrive.').waitFor();

      await tab.go('/mailboxes');
      await page.getByRole('link', { name: `${user}@example.test` }).waitFor();
      await check('mailboxes');
      await tab.go('/history');
      await page.getByLabel('Mailbox').selectOption({ label: `${user}@example.test` });
      await page.locator('.row-link').first().waitFor();
      await check('history-of-mailbox');

      await tab.go('/mailboxes');
      await page.getByRole('link', { name: `${user}@example.test` }).click();
      await page.getByRole('button', { name: 'Disconnect…' }).click();
      await check('mailbox-disconnect');
      await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
      await page.getByText('What your provider still holds').waitFor();
      await check('mailbox-disconnected');
      assert.deepEqual([...faults, ...tab.faults], []);
      await tab.close();
    });
  }
});
