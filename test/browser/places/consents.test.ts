import assert from 'node:assert/strict';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import { phish } from '../../services/parts.js';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk } from '../desk.js';

const LOOKS = [
  { name: 'light', provider: 'Gmail', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', provider: 'Microsoft 365', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', provider: 'Gmail', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: Gmail and Microsoft 365', function () {
  this.timeout(120_000);
  let providers: TestProviders;
  let desk: Desk;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    providers = await startProviders();
    closing.push(() => providers.close());
    desk = await openDesk(this, { env: providers.env });
    closing.push(() => desk.close());
    providers.register(desk.server.url);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });
  beforeEach(() => providers.reset());

  const mailboxOf = async ({ tenantId }: TestPerson): Promise<string> => {
    const [row] = await desk.server.database.admin<{ id: string }[]>`select mailbox_id as id from postern.mailboxes
      where tenant_id = ${tenantId}`;
    return row?.id ?? '';
  };

  for (const look of LOOKS) {
    it(`${look.provider} is connected, read, reconnected after it was withdrawn, and disconnected: ${look.name}`, async () => {
      const peer = look.provider === 'Gmail' ? providers.google : providers.microsoft;
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
      const sync = async (): Promise<void> => {
        const mailboxId = await mailboxOf(person);
        for (let n = 0; n < 2; n += 1) await syncMailbox(desk.server.parts, { tenantId: person.tenantId, mailboxId });
      };
      if (look.provider === 'Gmail') providers.google.mailbox.add(phish('Your account is suspended'));
      else providers.microsoft.mailbox.add(phish('Your account is suspended'));

      await tab.signIn(person);
      await tab.go('/mailboxes/connect');
      const button = page.getByRole('button', { name: `Connect ${look.provider}` });
      await button.waitFor();
      await check('consent-connect');
      peer.answer = 'deny';
      await button.click();
      await page.getByRole('heading', { name: 'Your mailbox is not connected' }).waitFor();
      await check('consent-refused');
      assert.ok(!page.url().includes('state='), 'nothing of the answer stays in the address');

      peer.answer = 'allow';
      await page.getByRole('link', { name: 'Start again' }).click();
      await page.getByLabel('Older messages to scan as well').selectOption('Everything');
      await button.click();
      await page.getByRole('heading', { name: 'ann@example.test' }).waitFor();
      const [chosen] = await desk.server.database.admin`select backfill, backfill_since from postern.mailboxes
        where tenant_id = ${person.tenantId}`;
      assert.deepEqual([chosen?.['backfill'], chosen?.['backfill_since']], ['running', null], 'all of it was chosen');
      await sync();
      await page.getByText('Your account is suspended').first().waitFor();
      await check('consent-connected');

      peer.withdraw();
      await sync();
      const again = page.getByRole('button', { name: `Reconnect at ${look.provider}` });
      await again.waitFor();
      await check('consent-attention');
      await again.click();
      await page.getByText('is connected.').first().waitFor();

      await page.getByRole('button', { name: 'Disconnect' }).click();
      await page
        .getByRole('group', { name: 'Disconnect this mailbox?' })
        .getByRole('button', { name: 'Disconnect' })
        .click();
      await page.getByText('postern holds nothing that could open this mailbox').first().waitFor();
      await check('consent-disconnected');
      assert.deepEqual(faults, []);
      assert.deepEqual(tab.faults, []);
      await tab.close();
    });
  }

  it('without a registration the ways are shown, and who can open them', async function () {
    const bare = await openDesk(this);
    try {
      const tab = await bare.open();
      await tab.signIn(await bare.server.person('org_member'));
      await tab.go('/mailboxes/connect');
      await tab.page.getByText('whoever runs postern has not set this up yet').waitFor();
      assert.equal(await tab.page.getByRole('button', { name: 'Connect Gmail' }).isDisabled(), true);
      await tab.page.getByLabel('E-mail address of the mailbox').waitFor();
      await tab.close();
    } finally {
      await bare.close();
    }
  });
});
