import assert from 'node:assert/strict';
import { renewPushes } from '../../../src/services/mailboxes/push/renew-pushes.js';
import { PUSH_ACCOUNT } from '../../peers/providers.js';
import { createTestParts } from '../../services/parts.js';
import { ACCOUNT, BOSS, DirectoryDesk } from './directory-desk.js';

const TOPIC = 'projects/acme/topics/postern';

describe('a whole organisation: news is pushed', function () {
  this.timeout(90_000);
  let desk: DirectoryDesk;
  before(async () => {
    desk = await DirectoryDesk.open();
  });
  beforeEach(() => desk.begin());
  after(async () => {
    await (desk as DirectoryDesk | undefined)?.close();
  });

  it('Google and Microsoft tell of news in mailboxes that the organisation opened, and are asked again in time', async () => {
    desk.addMicrosoft('eve');
    for (const json of [desk.microsoft(), desk.google()]) {
      const { id } = await desk.open(json);
      await desk.choose(id, { mode: 'all' });
    }
    await renewPushes(desk.server.parts);
    const subscriptions = [...desk.providers.microsoft.subscriptions.values()];
    const hers = subscriptions.filter(({ resource }) => resource === 'users/eve@acme.example/messages');
    assert.equal(hers.length, 1);
    assert.equal(await desk.providers.microsoft.notify(hers[0]!), 202);
    const { mailboxes } = desk.providers.google;
    const watched = () => [...mailboxes.values()].filter(({ watchedBy }) => watchedBy === TOPIC).length;
    assert.equal(watched(), 3);
    const asked = () => desk.providers.google.requests.filter(({ path }) => path.endsWith('/watch')).length;
    const before = asked();
    await renewPushes(desk.server.parts);
    assert.equal(asked(), before, 'not before its time');
    const due = desk.server.database.admin`select 1 from postern.mailboxes where tenant_id = ${desk.admin.tenantId}
      and provider = 'gmail' and push_renew_at between now() + interval '12 hours' and now() + interval '25 hours'`;
    assert.equal((await due).length, 3, 'daily');
    await desk.server.database
      .admin`update postern.mailboxes set push_renew_at = now() where tenant_id = ${desk.admin.tenantId}`;
    await renewPushes(desk.server.parts);
    assert.equal(asked(), before + 3);
    const [mailbox] = (await desk.mailboxes()).filter(({ address }) => address === BOSS);
    assert.equal((await desk.call('DELETE', `/mailboxes/${mailbox!.id}`)).status, 200);
    assert.equal(watched(), 2, 'one that is disconnected is told of no more');
  });

  it('a Google service account of another project than the topic’s is polled, and Google is not asked in vain', async () => {
    const elsewhere = 'postern@elsewhere.iam.gserviceaccount.com';
    const { delegations, mailboxes } = desk.providers.google;
    delegations.set(elsewhere, delegations.get(ACCOUNT)!);
    for (const [key, tells] of [
      [{ client_email: elsewhere }, false],
      // As the key file says it, whatever the address.
      [{ project_id: 'other' }, false],
      [{ project_id: 'acme' }, true],
    ] as const) {
      const { id } = await desk.open(desk.google({ service_account: desk.keyFile(key) }));
      await desk.choose(id, { mode: 'all' });
      desk.providers.google.requests.splice(0);
      // New keys are tried at once.
      await renewPushes(desk.server.parts);
      const asked = desk.providers.google.requests.filter(({ path }) => path.endsWith('/watch')).length;
      assert.equal(asked, tells ? 3 : 0, JSON.stringify(key));
      const waits = await desk.server.database.admin`select 1 from postern.mailboxes
        where tenant_id = ${desk.admin.tenantId} and push_renew_at > now() + interval '5 hours'`;
      assert.equal(waits.length, 3);
    }
    assert.ok([...mailboxes.values()].every(({ watchedBy }) => watchedBy === TOPIC));
  });

  it('it takes the topic and who signs for it, and no registration that people consent to', async () => {
    const env = { POSTERN_GOOGLE_PUSH_TOPIC: TOPIC, POSTERN_GOOGLE_PUSH_ACCOUNT: PUSH_ACCOUNT };
    const bare = await createTestParts({}, env);
    const { parts } = bare;
    try {
      assert.ok(parts.consents.pushing.includes('gmail'));
      assert.notEqual(parts.consents.gmailPush, null);
      assert.deepEqual(Object.keys(parts.consents.providers), []);
    } finally {
      await bare.close();
    }
  });
});
