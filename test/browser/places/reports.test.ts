import assert from 'node:assert/strict';
import { takeReport } from '../../../src/services/abuse/take-report.js';
import { connectImap } from '../../../src/services/mailboxes/connect-imap.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { inlineReport, reportOf } from '../../services/abuse-mail.js';
import { loginOf, newUser } from '../../services/mailboxes/mailbox.js';
import { phish } from '../../services/parts.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: reports', function () {
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

  for (const look of LOOKS) {
    it(`a mailbox takes reports, and an administrator decides about them: ${look.name}`, async () => {
      const { parts, database } = desk.server;
      const person = await desk.server.person('org_admin');
      const { tenantId } = person;
      const own = `${look.name}.example`;
      await database.admin`update postern.tenants set profile = ${database.admin.json({ domains: [own] })} where tenant_id = ${tenantId}`;
      const user = newUser(dovecot);
      const ctx = {
        parts,
        client: { ip: '192.0.2.1', userAgent: 'test' },
        identity: { userId: person.userId, tenantId, role: 'org_admin' as const, sessionId: '' },
      };
      const input = { address: `abuse@${own}`, ...loginOf(dovecot, user), backfillDays: 0 };
      const { id } = await connectImap({ ctx, input });
      const tab = await desk.open(look.options);
      const { page } = tab;
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        assert.ok((await overflow(page)) <= 0, `${name} is wider than the window`);
        await picture(page, `reports-${name}-${look.name}`);
      };
      await tab.signIn(person);
      await tab.go('/reports');
      await page.getByRole('heading', { name: 'Nothing waits for a decision' }).waitFor();
      await check('none');
      await tab.go(`/mailboxes/${id}`);
      await page.getByRole('tab', { name: 'Reports' }).click();
      await page.getByRole('button', { name: 'Let it take reports' }).click();
      await page.getByLabel('Who hears what was found').waitFor();
      await check('mailbox');

      const later = { at: new Date(Date.now() + 2000) };
      const message = phish('Your parcel waits');
      dovecot.deliver(user, reportOf([message], { from: `Ann <ann@${own}>` }), later);
      dovecot.deliver(user, inlineReport(`bob@${own}`, 'Your parcel waits', 'Pay http://192.0.2.7/login'), later);
      dovecot.deliver(
        user,
        reportOf([message], { from: 'Robot <robot@elsewhere.example>', headers: ['Precedence: bulk'] }),
        later,
      );
      for (let n = 0; n < 3; n += 1) await syncMailbox(parts, { tenantId, mailboxId: id });
      const waiting = await database.admin<{ id: string }[]>`
        select report_id as id from postern.reports where tenant_id = ${tenantId}`;
      for (const report of waiting) await takeReport(parts, { tenantId, reportId: report.id });

      await tab.go('/reports');
      await page.getByText('3 reports by 3 people').waitFor();
      await check('open');
      await page.getByRole('tab', { name: 'All reports' }).click();
      await page.getByText('Not answered: it came through a list').waitFor();
      await check('all');
      await page.getByRole('tab', { name: 'Open' }).click();
      await page.getByRole('link', { name: 'Your parcel waits' }).click();
      await page.getByText('inline, without its header').waitFor();
      await check('group');
      // As somebody does who has put the mouse away.
      await page.getByLabel('Dangerous').focus();
      await page.keyboard.press('Space');
      await page.getByLabel('A word to those who reported it (optional)').fill('Thank you, well seen.');
      await page.getByRole('button', { name: 'Decide and tell them' }).press('Enter');
      await page.getByText('2 people will hear').waitFor();
      await page.getByText('Decided: dangerous').waitFor();
      await check('decided');
      assert.match((await desk.server.mailTo(`ann@${own}`)).at(-1)!.text, /They write: Thank you, well seen/);
      await page.getByRole('link', { name: 'See the message' }).first().click();
      await page.getByText('Reported by somebody').waitFor();

      // More messages than the plan has for it.
      await database.admin`update postern.tiers set monthly_scans = 4 where tier = 'community'`;
      const many = [1, 2, 3, 4, 5].map((n) => phish(`Parcel ${n}`));
      dovecot.deliver(user, reportOf(many, { from: `Cem <cem@${own}>` }), later);
      for (let n = 0; n < 3; n += 1) await syncMailbox(parts, { tenantId, mailboxId: id });
      const left = await database.admin<{ id: string }[]>`
        select report_id as id from postern.reports where tenant_id = ${tenantId} and status = 'waiting'`;
      for (const report of left) await takeReport(parts, { tenantId, reportId: report.id });
      await tab.go('/reports');
      await page.getByRole('tab', { name: 'Not examined' }).click();
      await page.getByText('a whole month of this plan has 4').waitFor();
      assert.equal(await page.locator('.report-row').count(), 1);
      await check('refused');
      await database.admin`update postern.tiers set monthly_scans = 1000 where tier = 'community'`;
      await page.getByRole('button', { name: 'Take again' }).click();
      await page.getByText('Being read').waitFor();
      for (const report of left) await takeReport(parts, { tenantId, reportId: report.id });
      await tab.go('/reports');
      await page.getByRole('tab', { name: 'All reports' }).click();
      await page.getByText('Message 5').waitFor();
      assert.deepEqual(faults, []);
      assert.deepEqual(tab.faults, []);
      await tab.close();
    });
  }

  it('a member is shown no reports', async () => {
    const tab = await desk.open();
    await tab.signIn(await desk.server.person('org_member'));
    assert.equal(await tab.page.getByRole('link', { name: 'Reports' }).count(), 0);
    await tab.go('/reports');
    await tab.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await tab.close();
  });
});
