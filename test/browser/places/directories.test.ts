import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readDirectory } from '../../../src/services/directories/read-directory.js';
import { GoogleMailbox } from '../../peers/google/mailbox.js';
import { startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import { axeFaults, openDesk, overflow, picture } from '../desk.js';
import type { Desk } from '../desk.js';

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1360, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1360, height: 900 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 360, height: 780 } } },
] as const;

const ACCOUNT = 'postern@acme.iam.gserviceaccount.com';
const SCOPES = ['gmail.readonly', 'admin.directory.user.readonly', 'admin.directory.group.readonly'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);

describe('dashboard: a whole organisation', function () {
  this.timeout(120_000);
  let providers: TestProviders;
  let desk: Desk;
  let keyFile: string;
  before(async function () {
    providers = await startProviders();
    desk = await openDesk(this, { env: providers.env });
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const { google } = providers;
    google.delegations.set(ACCOUNT, { publicKey, scopes: SCOPES });
    google.organisation.admins.add('boss@acme.example');
    for (const name of ['boss', 'ann', 'bob', 'carol']) {
      const address = `${name}@acme.example`;
      google.mailboxes.set(address, new GoogleMailbox(address));
      google.organisation.people.push({ id: `g-${name}`, primaryEmail: address, fullName: `${name} Acme` });
    }
    google.organisation.people.push({
      id: 'g-old',
      primaryEmail: 'old@acme.example',
      fullName: 'Old',
      suspended: true,
    });
    google.organisation.groups.push({ id: 'team', name: 'Finance', email: 'finance@acme.example', members: ['g-ann'] });
    keyFile = JSON.stringify({ type: 'service_account', client_email: ACCOUNT, private_key: privateKey });
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
    await (providers as TestProviders | undefined)?.close();
  });

  for (const look of LOOKS) {
    it(`is connected in three steps, and disconnected: ${look.name}`, async () => {
      const person = await desk.server.person('org_admin');
      const tab = await desk.open(look.options);
      const { page } = tab;
      const faults: string[] = [];
      const check = async (name: string): Promise<void> => {
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        assert.ok((await overflow(page)) <= 0, `${name} is wider than the window`);
        await picture(page, `directories-${name}-${look.name}`);
      };
      const read = async (): Promise<void> => {
        const [row] = await desk.server.database.admin<
          { id: string }[]
        >`select directory_id as id from postern.directories
          where tenant_id = ${person.tenantId}`;
        await readDirectory(desk.server.parts, { tenantId: person.tenantId, directoryId: row!.id });
      };
      await tab.signIn(person);
      await tab.go('/mailboxes');
      await page.getByRole('link', { name: 'Whole organisation' }).click();
      await page.getByRole('heading', { name: 'Connect a whole organisation' }).waitFor();
      await check('providers');
      await page.getByRole('button', { name: 'Google Workspace' }).click();
      await page.getByLabel('The JSON key file of the service account').fill(keyFile);
      await page.getByLabel('Address of an administrator').fill('ann@acme.example');
      await page.getByLabel('Your password').fill(person.password);
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByText('does not let this administrator read the directory').waitFor();
      await check('refused');
      await page.getByLabel('Address of an administrator').fill('boss@acme.example');
      await page.getByRole('button', { name: 'Try it' }).press('Enter');
      await page.getByText('Some people').click();
      await page.getByText('old@acme.example · suspended').waitFor();
      await page.getByLabel('Search by name').fill('bob@');
      await page.getByText('carol@acme.example').waitFor({ state: 'detached' });
      await page.getByRole('checkbox').first().check();
      await page.getByLabel('Search by name').fill('');
      await page.getByText('carol@acme.example').waitFor();
      await page.getByText('1 person chosen').waitFor();
      await check('people');
      await page.getByLabel('Your password').fill(person.password);
      await page.getByRole('button', { name: 'Connect them' }).click();
      await page.getByText('the directory is being read').waitFor();
      await read();
      await tab.go('/mailboxes/organisation');
      await page.getByText('1 mailbox is connected, of the people you named.').waitFor();
      await check('connected');
      await page.getByRole('button', { name: 'Change the choice' }).click();
      await page.getByText('A group').click();
      await page.getByText('Finance', { exact: true }).click();
      await page.getByText('Finance is chosen').waitFor();
      await check('group');
      await page.getByLabel('Your password').fill(person.password);
      await page.getByRole('button', { name: 'Connect them' }).click();
      await page.getByRole('button', { name: 'Change the choice' }).waitFor();
      await read();
      await tab.go('/mailboxes');
      await page.getByText('of the organisation').first().waitFor();
      await check('mailboxes');
      await tab.go('/mailboxes/organisation');
      await page.getByRole('button', { name: 'Disconnect everything…' }).click();
      await page.getByRole('button', { name: 'Disconnect everything', exact: true }).click();
      await page.getByText('1 mailbox disconnected.').waitFor();
      await page.getByRole('button', { name: 'Google Workspace' }).waitFor();
      await page.getByRole('button', { name: 'Microsoft 365' }).click();
      await page.getByText('a certificate').click();
      await page.getByLabel('Certificate (PEM)').waitFor();
      await check('microsoft');
      assert.deepEqual(faults, []);
      assert.deepEqual(tab.faults, []);
      await tab.close();
    });
  }
});
