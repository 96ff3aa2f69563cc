import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eraseDue } from '../../../src/services/privacy/erase-due.js';
import type { TestPerson } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture, SAMPLE } from '../desk.js';
import type { Desk, Tab } from '../desk.js';
import { scan, tokenOf } from '../seed.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: who looks over whose shoulder', function () {
  this.timeout(120_000);
  let desk: Desk;
  let owner: TestPerson;
  let support: TestPerson;
  let message = '';
  before(async function () {
    desk = await openDesk(this);
    owner = await desk.server.person('org_owner');
    support = await desk.server.person('org_owner');
    await desk.server.database.admin`update postern.users set super_admin = true where user_id = ${support.userId}`;
    await desk.server.database
      .admin`update postern.tenants set name = 'Harbour Ltd' where tenant_id = ${owner.tenantId}`;
    message = (await scan(desk.server, await tokenOf(desk.server, owner), await readFile(SAMPLE))).id;
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  const letIn = async ({ page, go }: Tab): Promise<void> => {
    await go('/settings/support');
    await page.getByLabel('What they are to look at').fill('A verdict looks wrong to us');
    await page.getByLabel('Messages too').check();
    await page.getByLabel('Your password').fill(owner.password);
    await page.getByRole('button', { name: 'Let them look in' }).click();
    await page.getByText('Open until').first().waitFor();
  };

  it('an owner lets the platform look in, support reads a message with a reason, and the owner ends it', async () => {
    const [tab, other] = [await desk.open(), await desk.open()];
    await other.signIn(support);
    await other.go('/settings/platform');
    await other.page.getByText('Nobody lets you look in').waitFor();
    await tab.signIn(owner);
    await letIn(tab);
    await other.page.reload();
    await other.page.getByRole('button', { name: 'Look in at Harbour Ltd' }).click();
    await other.page.locator('.support-scan summary').first().click();
    await other.page.getByLabel('Why do you open it?').fill('asked to look at it');
    await other.page.getByRole('button', { name: 'Open the message' }).click();
    await other.page.getByText('Verify your account').first().waitFor();
    await tab.go('/settings/audit');
    await tab.page.getByLabel('Show').selectOption('Support access');
    await tab.page.getByText('opened a message, as support').waitFor();
    await tab.page.getByText('reason: asked to look at it').waitFor();
    await tab.go('/settings/support');
    await tab.page.getByRole('button', { name: 'End it now' }).click();
    await tab.page.getByText('Ended').first().waitFor();
    await other.page.reload();
    await other.page.getByText('Nobody lets you look in').waitFor();
    assert.deepEqual([...tab.faults, ...other.faults], []);
    await tab.close();
    await other.close();
  });

  it('a reader reports a wrong verdict, undoes it, and reports it again; Insights shows it', async () => {
    const tab = await desk.open();
    await tab.signIn(owner);
    await tab.go(`/message/${message}`);
    const report = async (): Promise<void> => {
      await tab.page.getByRole('button', { name: 'Is this verdict wrong?' }).click();
      await tab.page.getByLabel('What postern has overlooked').fill('It is our own exercise');
      await tab.page.getByRole('button', { name: 'Report it' }).click();
      await tab.page.getByText('You say that this message is harmless').waitFor();
    };
    await report();
    await tab.page.getByRole('button', { name: 'Undo' }).click();
    await tab.page.getByRole('button', { name: 'Is this verdict wrong?' }).waitFor();
    await report();
    await tab.page.reload();
    await tab.page.getByText('It is our own exercise').waitFor();
    await tab.go('/insights');
    await tab.page.getByText('1 person says so').waitFor();
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });

  it('an administrator takes the second factor off a member who lost it, and nobody above them', async () => {
    const admin = await desk.server.person('org_admin', owner.tenantId);
    const member = await desk.server.person('org_member', owner.tenantId);
    const tab = await desk.open();
    await tab.signIn(admin);
    await tab.go('/settings/people');
    const row = (person: TestPerson) => tab.page.locator('.person').filter({ hasText: person.email });
    await row(member).getByRole('button', { name: 'Reset second factor' }).click();
    await row(member).getByLabel('Why').fill('lost the phone');
    await row(member).getByLabel('Your password').fill('not this');
    await row(member).getByRole('button', { name: 'Reset it' }).click();
    await row(member).getByText('The password is not right').waitFor();
    await row(member).getByLabel('Your password').fill(admin.password);
    await row(member).getByRole('button', { name: 'Reset it' }).click();
    await tab.page.getByText('signed out everywhere').waitFor();
    assert.equal(await row(owner).getByRole('button', { name: 'Reset second factor' }).count(), 0);
    assert.match((await desk.server.mailTo(member.email)).at(-1)?.text ?? '', /removed the second factor/);
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });

  it('a tier chosen by the platform holds at once, and an organisation its owner deletes is gone after seven days', async () => {
    const boss = await desk.server.person('org_owner');
    const member = await desk.server.person('org_member', boss.tenantId);
    const { admin } = desk.server.database;
    await admin`update postern.tenants set name = 'Short Lived' where tenant_id = ${boss.tenantId}`;
    const [tab, other, third] = [await desk.open(), await desk.open(), await desk.open()];
    await other.signIn(support);
    await other.go('/settings/platform');
    await other.page.getByLabel('Plan of Short Lived').selectOption('Professional');
    await other.page.getByText('stored scans follow its retention').waitFor();
    await tab.signIn(boss);
    await tab.go('/settings/plan');
    await tab.page.getByText('90 days, then scans and messages are deleted').waitFor();
    await tab.go('/settings/privacy');
    await tab.page.getByRole('button', { name: 'Delete the organisation' }).click();
    await tab.page.getByLabel('Your password').fill(boss.password);
    await tab.page.getByRole('button', { name: 'Yes, in seven days' }).click();
    await tab.page.getByText('Everything goes on').waitFor();
    await third.signIn(member);
    await third.go('/settings/privacy');
    await third.page.getByText('Short Lived is deleted on').waitFor();
    await admin`update postern.tenants set deletion_due = now() where tenant_id = ${boss.tenantId}`;
    await eraseDue(desk.server.parts);
    await tab.page.reload();
    await tab.page.getByLabel('E-mail address').waitFor();
    await other.page.reload();
    await other.page.getByLabel('Plan of Harbour Ltd').waitFor();
    assert.equal(await other.page.getByLabel('Plan of erased').count(), 0);
    assert.equal(await other.page.getByLabel('Plan of Short Lived').count(), 0);
    await other.page.getByRole('button', { name: 'Check the log' }).click();
    await other.page.getByText('nothing is missing or changed').waitFor();
    assert.deepEqual([...tab.faults, ...other.faults, ...third.faults], []);
    for (const each of [tab, other, third]) await each.close();
  });

  for (const look of LOOKS) {
    it(`is fit for assistive technology and fits its window: ${look.name}`, async () => {
      const [tab, other] = [await desk.open(look.options), await desk.open(look.options)];
      const faults: string[] = [];
      const check = async (name: string, { page }: Tab): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(page, `${name}-${look.name}`);
      };
      await tab.signIn(owner);
      await letIn(tab);
      await check('settings-support', tab);
      await other.signIn(support);
      await other.go('/settings/platform');
      await other.page.getByRole('button', { name: 'Look in at Harbour Ltd' }).last().click();
      await other.page.locator('.support-scan summary').first().click();
      await other.page.getByLabel('Why do you open it?').waitFor();
      await check('settings-platform-support', other);
      await tab.go(`/message/${message}`);
      await tab.page.getByRole('button', { name: 'Take it back' }).click();
      await tab.page.getByRole('button', { name: 'Is this verdict wrong?' }).click();
      await tab.page.frameLocator('iframe').getByText('Verify your account').waitFor();
      await check('message-wrong', tab);
      await tab.page.getByRole('button', { name: 'Report it' }).click();
      await tab.page.getByText('You say that').waitFor();
      await tab.go('/insights');
      await tab.page.getByRole('heading', { name: 'Missed and wrong' }).waitFor();
      await check('insights-wrong', tab);
      await tab.go('/settings/people');
      await tab.page.getByRole('button', { name: 'Reset second factor' }).first().click();
      await tab.page.getByLabel('Your password').waitFor();
      await check('settings-people-reset', tab);
      await tab.go('/settings/privacy');
      await tab.page.getByRole('button', { name: 'Delete the organisation' }).click();
      await tab.page.getByLabel('Your password').waitFor();
      await check('settings-privacy-sure', tab);
      assert.deepEqual([...faults, ...tab.faults, ...other.faults], []);
      await tab.close();
      await other.close();
    });
  }
});
