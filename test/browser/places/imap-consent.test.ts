import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import type { Granted } from '../../../src/services/mailboxes/consent/granted.js';
import { credentialsOwner } from '../../../src/services/mailboxes/open-connectors.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { startIdentityProvider } from '../../helpers/identity-provider.js';
import type { TestProvider } from '../../helpers/identity-provider.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

describe('dashboard: a mailbox of the operator’s own mail server', function () {
  this.timeout(120_000);
  let issuer: TestProvider;
  let dovecot: Dovecot;
  let desk: Desk;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    issuer = await startIdentityProvider(() => `${desk.server.url}/connect/callback`, 'client_secret_post');
    closing.push(() => issuer.close());
    dovecot = await startDovecotOrSkip(this, { introspectionUrl: issuer.introspectionUrl });
    closing.push(() => dovecot.close());
    desk = await openDesk(this, {
      env: {
        POSTERN_IMAP_OAUTH_SERVER: `imap+plain://127.0.0.1:${dovecot.port}`,
        POSTERN_IMAP_OAUTH_ISSUER: issuer.issuer,
        POSTERN_IMAP_OAUTH_NAME: 'Corp mail',
        ...{ POSTERN_IMAP_OAUTH_CLIENT_ID: issuer.clientId, POSTERN_IMAP_OAUTH_CLIENT_SECRET: issuer.clientSecret },
        ...{ POSTERN_PRIVATE_MAIL_HOSTS: 'loopback', POSTERN_IMAP_WITHOUT_TLS: 'loopback' },
      },
    });
    closing.push(() => desk.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  for (const look of LOOKS) {
    it(`is connected by signing in there, waits for the plan, and is connected again: ${look.name}`, async () => {
      const { parts, database } = desk.server;
      const person = await desk.server.person('org_member');
      const { tenantId } = person;
      const email = `${randomBytes(4).toString('hex')}@corp.example.test`;
      issuer.person = { sub: randomBytes(4).toString('hex'), email, email_verified: true };
      dovecot.addUser(email);
      const tab = await desk.open(look.options);
      const { page } = tab;
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        const wide = await overflow(page);
        if (wide > 0) faults.push(`${name}: ${wide} px wider than the window`);
        await picture(page, `${name}-${look.name}`);
      };
      await tab.signIn(person);
      await tab.go('/mailboxes/connect');
      const button = page.getByRole('button', { name: 'Connect Corp mail' });
      await button.waitFor();
      await check('imap-consent-connect');
      await button.click();
      await page.getByRole('heading', { name: email }).waitFor();
      const [row] = await database.admin<{ id: string }[]>`select mailbox_id as id from postern.mailboxes
        where tenant_id = ${tenantId}`;
      const mailboxId = row?.id ?? '';

      await database.admin`insert into postern.usage_months (tenant_id, month, shard, scans)
        values (${tenantId}, postern.this_month(), 0, 1000000)`;
      dovecot.deliver(email, message('it waits'));
      await syncMailbox(parts, { tenantId, mailboxId });
      await page.getByText('Quota used up').first().waitFor();
      await page.getByText('are used up until').first().waitFor();
      await check('imap-consent-waiting');
      await tab.go('/mailboxes');
      await page.getByText('Quota used up').first().waitFor();
      await check('mailboxes-waiting');
      await database.admin`delete from postern.usage_months where tenant_id = ${tenantId}`;
      for (let n = 0; n < 2; n += 1) await syncMailbox(parts, { tenantId, mailboxId });
      await page.getByText(email).first().click();
      await page.getByText('it waits').first().waitFor();

      const [sealed] = await database.admin<{ credentials: string }[]>`select credentials from postern.mailboxes
        where tenant_id = ${tenantId}`;
      const owner = credentialsOwner(tenantId, mailboxId);
      const { refreshToken } = parts.mailboxes.credentials.open(owner, sealed?.credentials ?? '') as Granted;
      await issuer.revoke(refreshToken);
      await parts.mailboxes.connectors.drop(mailboxId);
      await syncMailbox(parts, { tenantId, mailboxId });
      const again = page.getByRole('button', { name: 'Reconnect at your organisation' });
      await again.waitFor();
      await check('imap-consent-attention');
      await again.click();
      await page.getByText('is connected.').first().waitFor();
      assert.deepEqual(faults, []);
      assert.deepEqual(tab.faults, []);
      await tab.close();
    });
  }
});
