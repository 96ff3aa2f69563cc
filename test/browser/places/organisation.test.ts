import assert from 'node:assert/strict';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk, Tab } from '../desk.js';
import { seedHistory } from '../seed.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: the organisation', function () {
  this.timeout(120_000);
  let desk: Desk;
  let owner: TestPerson;
  before(async function () {
    desk = await openDesk(this);
    owner = await desk.server.person('org_owner');
    await desk.server.database.admin`update postern.users set super_admin = true where user_id = ${owner.userId}`;
    await seedHistory(desk.server, owner, 16);
    await desk.server.person('org_admin', owner.tenantId);
    await desk.server.person('org_member', owner.tenantId);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const inviteFrom = async ({ page, go }: Tab, email: string): Promise<string> => {
    await go('/settings/people');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    return await page.locator('.secret-line code').innerText();
  };

  it('an owner invites a person, who sets a password, joins, and finds both their spaces', async () => {
    const tab = await desk.open();
    await tab.signIn(owner);
    const link = new URL(await inviteFrom(tab, 'guest@example.test'));
    const guest = await desk.open();
    await guest.go(link.pathname + link.hash);
    await guest.page.getByLabel('Your name').fill('Gwen Guest');
    await guest.page.getByLabel('Choose a password').fill('a quiet lagoon at noon');
    await guest.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.page.getByRole('navigation', { name: 'Places' }).waitFor();
    await guest.page.getByRole('button', { name: 'Account' }).click();
    const choice = guest.page.getByLabel('Work in');
    assert.deepEqual(await choice.locator('option').allInnerTexts(), ['Test', 'Gwen Guest']);
    await choice.selectOption('Gwen Guest');
    await guest.page.locator('#account-panel').waitFor({ state: 'detached' });
    await guest.page.getByRole('button', { name: 'Account' }).click();
    await guest.page.getByText('Personal account · Gwen Guest').waitFor();
    await tab.page.reload();
    const row = tab.page.locator('.person').filter({ hasText: 'Gwen Guest' });
    await row.getByRole('button', { name: 'Make administrator' }).click();
    const proof = row.getByRole('form', { name: 'Make Gwen Guest an administrator' });
    await proof.getByLabel('Your password').fill('not the password');
    await proof.getByRole('button', { name: 'Make administrator' }).click();
    await proof.getByRole('alert').waitFor();
    assert.deepEqual(await axeFaults(tab.page), []);
    await picture(tab.page, 'make-administrator');
    await proof.getByLabel('Your password').fill(owner.password);
    await proof.getByRole('button', { name: 'Make administrator' }).click();
    await row.getByText('Administrator').first().waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await tab.page
      .getByRole('group', { name: 'Sure about Gwen Guest?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual([...tab.faults, ...guest.faults], []);
    await tab.close();
    await guest.close();
  });

  it('an owner hands the organisation over with their password, and administers it from then on', async () => {
    const first = await desk.server.person('org_owner');
    const heir = await desk.server.person('org_member', first.tenantId);
    const tab = await desk.open({ viewport: { width: 360, height: 780 } });
    await tab.signIn(first);
    await tab.go('/settings/people');
    const row = tab.page.locator('.person').filter({ hasText: heir.email });
    await row.getByRole('button', { name: 'Make owner' }).click();
    const form = row.getByRole('form');
    await form.getByLabel('Your password').fill('not the password');
    await form.getByRole('button', { name: 'Hand over' }).click();
    await form.getByRole('alert').waitFor();
    assert.deepEqual(await axeFaults(tab.page), []);
    assert.ok((await overflow(tab.page)) <= 0, 'wider than the window');
    await picture(tab.page, 'hand-over-narrow');
    await form.getByLabel('Your password').fill(first.password);
    await form.getByRole('button', { name: 'Hand over' }).click();
    await row.getByText('Owner').waitFor();
    const own = tab.page.locator('.person').filter({ hasText: first.email });
    await own.getByText('Administrator').waitFor();
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });

  it('a member is not shown the pages of administrators', async () => {
    const tab = await desk.open();
    await tab.signIn(await desk.server.person('org_member', owner.tenantId));
    await tab.go('/settings/people');
    await tab.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await tab.close();
  });

  for (const look of LOOKS) {
    it(`is fit for assistive technology and fits its window: ${look.name}`, async () => {
      const tab = await desk.open(look.options);
      const faults: string[] = [];
      const check = async (name: string, page = tab): Promise<void> => {
        faults.push(...(await axeFaults(page.page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(page.page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(page.page, `${name}-${look.name}`);
      };
      await tab.signIn(owner);
      const link = new URL(await inviteFrom(tab, `${look.name}@example.test`));
      await tab.page.getByLabel('E-mail address').fill(`admin-${look.name}@example.test`);
      await tab.page.getByLabel('Role').selectOption('Administrator');
      await tab.page.getByLabel('Your password').fill(owner.password);
      await check('settings-people');
      await tab.page.getByRole('button', { name: 'Invite', exact: true }).click();
      await tab.page.getByText(`Pass this link on to admin-${look.name}@example.test`).waitFor();
      await tab.go('/insights');
      await tab.page.getByRole('heading', { name: 'Who it was aimed at' }).waitFor();
      await tab.page.getByRole('rowheader', { name: 'notice@mail-notice.example' }).waitFor();
      await check('insights');
      await tab.go('/settings/audit');
      await tab.page.getByText('signed in').first().waitFor();
      await tab.page.getByRole('button', { name: 'Check the log' }).click();
      await tab.page.getByText('nothing is missing or changed').waitFor();
      await check('settings-audit');
      await tab.go('/settings/plan');
      await tab.page.getByText('for all members together').waitFor();
      await check('settings-plan');
      await tab.go('/settings/platform');
      await tab.page.getByLabel('What it is for').fill('Welcome');
      await tab.page.getByLabel('Scans', { exact: true }).fill('50');
      await tab.page.getByLabel('Redemptions').fill('3');
      await tab.page.getByRole('button', { name: 'Make a coupon' }).click();
      const code = await tab.page.locator('.secret-line code').innerText();
      await check('settings-platform');
      await tab.go('/settings/plan');
      await tab.page.getByLabel('Code').fill(code);
      await tab.page.getByRole('button', { name: 'Redeem' }).click();
      await tab.page.getByText('50 further scans for Test').waitFor();
      await tab.go('/settings/privacy');
      await tab.page.getByRole('button', { name: 'Agree' }).first().click();
      await tab.page.getByText('Agreed on').first().waitFor();
      await tab.page.getByRole('button', { name: 'Start an export' }).click();
      await tab.page.getByLabel('Your password').fill(owner.password);
      await tab.page.getByRole('button', { name: 'Export everything' }).click();
      await tab.page.getByText('waiting its turn').first().waitFor();
      await tab.page.getByRole('button', { name: 'Delete the organisation' }).click();
      await tab.page.getByLabel('Your password').fill(owner.password);
      await tab.page.getByRole('button', { name: 'Yes, in seven days' }).click();
      await tab.page.getByText('Everything goes on').waitFor();
      await check('settings-privacy');
      await tab.page.getByRole('button', { name: 'Keep it after all' }).click();
      await tab.page.getByRole('button', { name: 'Delete the organisation' }).waitFor();
      await tab.page.getByRole('button', { name: 'Withdraw' }).first().click();
      await tab.page.getByText('Withdrawn on').first().waitFor();
      await desk.server.database.admin`delete from postern.exports`;
      const guest = await desk.open(look.options);
      await guest.go(link.pathname + link.hash);
      await guest.page.getByLabel('Choose a password').waitFor();
      await check('invitation', guest);
      await guest.close();
      assert.deepEqual([...faults, ...tab.faults], []);
      await tab.close();
    });
  }
});
