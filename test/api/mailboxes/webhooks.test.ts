import assert from 'node:assert/strict';
import { renewPushes } from '../../../src/services/mailboxes/push/renew-pushes.js';
import { PUSH_ACCOUNT, startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';
import { LocalWindow } from '../../../src/services/limits/local-window.js';

describe('providers call when there is news', function () {
  this.timeout(30_000);
  let providers: TestProviders;
  let server: TestServer;
  let ann: Member;
  before(async () => {
    providers = await startProviders();
    server = await startTestServer({ env: providers.env });
    providers.register(server.url);
  });
  after(async () => {
    await server.close();
    await providers.close();
  });
  beforeEach(async () => {
    providers.reset();
    await server.database.admin`delete from postern.mailboxes`;
    ann = await server.member('org_member');
  });

  /** Through the API, as the dashboard does. */
  async function connect(provider: string, as = ann): Promise<string> {
    const started = await server.send('POST', '/mailbox-consents', { as, json: { provider } });
    const { url } = (await started.json()) as { url: string };
    const back = await fetch(url, { redirect: 'manual' });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    const json = { state: searchParams.get('state'), code: searchParams.get('code') };
    const done = await server.send('POST', '/mailbox-consents/redeem', { as, json });
    assert.equal(done.status, 200, await done.clone().text());
    return ((await done.json()) as { id: string }).id;
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const unprovenAtMost = (limit: number) =>
    Object.assign(server.parts, { requests: { unproven: new LocalWindow('unproven', limit, 60_000) } });
  afterEach(() => Object.assign(server.parts, { requests: undefined }));
  const noJobs = () => server.database.admin`delete from graphile_worker._private_jobs`;
  const queued = async () => {
    const rows = await server.database.admin<{ id: string }[]>`
      select payload ->> 'mailbox_id' as id from graphile_worker._private_jobs`;
    return rows.map(({ id }) => id);
  };

  describe('Gmail, through Pub/Sub', () => {
    const seconds = () => Math.floor(Date.now() / 1000);
    const token = (change: object = {}) =>
      providers.google.pushToken({
        iss: 'https://accounts.google.com',
        aud: `${server.url}/webhooks/gmail`,
        email: PUSH_ACCOUNT,
        email_verified: true,
        iat: seconds(),
        exp: seconds() + 3600,
        ...change,
      });
    const news = (emailAddress: string) => ({
      message: {
        data: Buffer.from(JSON.stringify({ emailAddress, historyId: 12 })).toString('base64'),
        messageId: '1',
      },
      subscription: 'projects/acme/subscriptions/postern',
    });

    it('a genuine notice has the mailbox looked at, in every tenant it is connected in, and once when it comes twice', async () => {
      const bob = await server.member('org_member');
      const ids = [await connect('gmail'), await connect('gmail', bob)];
      await noJobs();
      const authorization = `Bearer ${await token()}`;
      for (let n = 0; n < 2; n += 1)
        assert.equal((await post('/webhooks/gmail', news('Ann@example.test'), { authorization })).status, 204);
      assert.deepEqual((await queued()).sort(), ids.sort());
    });

    it('a notice about a mailbox that the organisation opened has that one looked at, and no paused or disconnected one', async () => {
      const { admin } = server.database;
      const [row] = await admin<{ id: string }[]>`insert into postern.mailboxes
        (tenant_id, mailbox_id, provider, address, directory_id, person_id)
        values (${ann.tenantId}, gen_random_uuid(), 'gmail', 'bob@acme.example', gen_random_uuid(), 'g-bob') returning mailbox_id as id`;
      for (const [change, looked] of [
        [{ paused: false, status: 'connected' }, true],
        [{ paused: true, status: 'connected' }, false],
        [{ paused: false, status: 'disconnected' }, false],
      ] as const) {
        await admin`update postern.mailboxes set ${admin(change)} where mailbox_id = ${row!.id}`;
        await noJobs();
        const authorization = `Bearer ${await token()}`;
        assert.equal((await post('/webhooks/gmail', news('Bob@acme.example'), { authorization })).status, 204);
        assert.deepEqual(await queued(), looked ? [row!.id] : []);
      }
    });

    it('a notice that Google did not sign is refused, and nothing is looked at', async () => {
      await connect('gmail');
      await noJobs();
      for (const headers of [
        {},
        { authorization: 'Bearer x.y.z' },
        { authorization: `Bearer ${await token({ aud: 'https://other.example' })}` },
        { authorization: `Bearer ${await token({ email: 'eve@example.test' })}` },
        { authorization: `Bearer ${ann.token}` },
      ])
        assert.equal((await post('/webhooks/gmail', news('ann@example.test'), headers)).status, 401);
      assert.deepEqual(await queued(), []);
    });

    it('a genuine notice about nobody here, or about nothing, is not sent again', async () => {
      const authorization = `Bearer ${await token()}`;
      for (const body of [news('nobody@example.test'), { message: { data: 'e30=' } }, {}])
        assert.equal((await post('/webhooks/gmail', body, { authorization })).status, 204);
    });

    it('bodies have a bound, and other methods are answered with the one there is', async () => {
      const large = { x: 'y'.repeat(20_000) };
      assert.equal((await post('/webhooks/gmail', large)).status, 401, 'of a stranger it is not read');
      const authorization = `Bearer ${await token()}`;
      assert.equal((await post('/webhooks/gmail', large, { authorization })).status, 413);
      const got = await fetch(`${server.url}/webhooks/gmail`);
      assert.equal(got.status, 405);
      assert.equal(got.headers.get('allow'), 'POST');
    });

    it('a flood of what Google did not sign is refused, and loses no genuine notice from the same address', async () => {
      const id = await connect('gmail');
      await noJobs();
      unprovenAtMost(3);
      const statuses = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await post('/webhooks/gmail', news('ann@example.test'))).status);
      assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
      const authorization = `Bearer ${await token()}`;
      for (let n = 0; n < 6; n += 1)
        assert.equal((await post('/webhooks/gmail', news('ann@example.test'), { authorization })).status, 204);
      assert.deepEqual(await queued(), [id]);
    });

    it('a connected mailbox is watched by the next round of renewals', async () => {
      await connect('gmail');
      await renewPushes(server.parts);
      assert.equal(providers.google.mailbox.watchedBy, 'projects/acme/topics/postern');
      const asked = () => providers.google.requests.filter(({ path }) => path.endsWith('/watch')).length;
      assert.equal(asked(), 1);
      await renewPushes(server.parts);
      assert.equal(asked(), 1, 'not before it is due');
      await server.database.admin`update postern.mailboxes set push_renew_at = now()`;
      await renewPushes(server.parts);
      assert.equal(asked(), 2);
    });
  });

  describe('Microsoft Graph', () => {
    async function subscribed() {
      const id = await connect('microsoft-graph');
      // The handshake: the stand-in asks our own address, and accepts nothing but the right answer.
      await renewPushes(server.parts);
      const [subscription] = providers.microsoft.subscriptions.values();
      assert.ok(subscription !== undefined, 'no subscription was made');
      await noJobs();
      return { id, subscription };
    }

    it('the handshake answers with the token as plain text, and what is no plain token comes back harmless', async () => {
      const url = `${server.url}/webhooks/microsoft?validationToken=`;
      const answer = await fetch(`${url}${encodeURIComponent('Validation: a+b c/d')}`, { method: 'POST' });
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
      assert.equal(await answer.text(), 'Validation: a+b c/d');
      const script = await fetch(`${url}${encodeURIComponent('<script>alert(1)</script>')}`, { method: 'POST' });
      assert.ok(!(await script.text()).includes('<'));
      assert.equal(script.headers.get('x-content-type-options'), 'nosniff');
      assert.equal((await fetch(`${url}${'x'.repeat(2000)}`, { method: 'POST' })).status, 400);
    });

    it('a genuine notification has the mailbox looked at, once when it is delivered twice', async () => {
      const { id, subscription } = await subscribed();
      assert.equal(await providers.microsoft.notify(subscription), 202);
      assert.equal(await providers.microsoft.notify(subscription), 202);
      assert.deepEqual(await queued(), [id]);
    });

    it('a notification with another client state is passed over', async () => {
      const { subscription } = await subscribed();
      const { clientState } = subscription;
      const last = clientState.at(-2) === 'A' ? 'B' : 'A';
      for (const state of [
        '',
        'x',
        null,
        clientState.slice(0, -2) + last + clientState.slice(-1),
        clientState.slice(1),
      ])
        assert.equal(await providers.microsoft.notify(subscription, { clientState: state }), 202);
      assert.deepEqual(await queued(), []);
    });

    it('a flood of what does not prove itself is refused, and loses no genuine notification from the same address', async () => {
      const { id, subscription } = await subscribed();
      unprovenAtMost(3);
      const forged = { value: [{ clientState: 'invented' }] };
      const statuses = [];
      for (const body of [forged, '{"value":', { value: 'x' }, forged, forged])
        statuses.push((await post('/webhooks/microsoft', body)).status);
      assert.deepEqual(statuses, [202, 400, 400, 429, 429]);
      const large = { value: [{ clientState: 'y'.repeat(100_000) }] };
      assert.equal((await post('/webhooks/microsoft', large)).status, 429, 'and little of it is read');
      for (let n = 0; n < 6; n += 1) assert.equal(await providers.microsoft.notify(subscription), 202);
      assert.deepEqual(await queued(), [id]);
    });

    it('what names no mailbox at all proves nothing either', async () => {
      unprovenAtMost(3);
      const statuses = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await post('/webhooks/microsoft', { value: [] })).status);
      assert.deepEqual(statuses, [202, 202, 202, 429, 429]);
      const large = { value: [], pad: 'y'.repeat(100_000) };
      assert.equal((await post('/webhooks/microsoft', large)).status, 429, 'and little of it is read');
    });

    it('a subscription that Microsoft removed is made anew, and the mailbox looked at meanwhile', async () => {
      const { id, subscription } = await subscribed();
      providers.microsoft.subscriptions.delete(subscription.id);
      const event = { lifecycleEvent: 'subscriptionRemoved' };
      assert.equal(await providers.microsoft.notify(subscription, event), 202);
      assert.deepEqual(await queued(), [id]);
      await renewPushes(server.parts);
      assert.equal(providers.microsoft.subscriptions.size, 1);
      assert.ok(!providers.microsoft.subscriptions.has(subscription.id));
    });

    it('a subscription that has to be reauthorised is renewed', async () => {
      const { subscription } = await subscribed();
      subscription.expirationDateTime = new Date(Date.now() + 60_000).toISOString();
      assert.equal(await providers.microsoft.notify(subscription, { lifecycleEvent: 'reauthorizationRequired' }), 202);
      await renewPushes(server.parts);
      assert.ok(Date.parse(subscription.expirationDateTime) - Date.now() > 86_400_000);
      assert.equal(providers.microsoft.subscriptions.size, 1);
    });

    it('a missed notification has the mailbox looked at', async () => {
      const { id, subscription } = await subscribed();
      assert.equal(await providers.microsoft.notify(subscription, { lifecycleEvent: 'missed' }), 202);
      assert.deepEqual(await queued(), [id]);
    });

    it('what is no notification, and what is too large, is refused', async () => {
      assert.equal((await post('/webhooks/microsoft', { value: 'x' })).status, 400);
      assert.equal((await post('/webhooks/microsoft', '{"value":')).status, 400);
      assert.equal((await post('/webhooks/microsoft', { value: ['y'.repeat(600_000)] })).status, 413);
    });

    it('what stands at the provider is kept sealed, and goes with the credentials', async () => {
      const { id, subscription } = await subscribed();
      const [row] = await server.database.admin`select * from postern.mailboxes where mailbox_id = ${id}`;
      assert.ok(!JSON.stringify(row).includes(subscription.id));
      await server.parts.store.withTenant(ann.tenantId, { kind: 'worker', job: 'test' }, (db) =>
        db.mailboxes.disconnect(id),
      );
      const [after] = await server.database.admin`select push_state, push_renew_at, credentials
        from postern.mailboxes where mailbox_id = ${id}`;
      assert.deepEqual({ ...after }, { push_state: null, push_renew_at: null, credentials: null });
    });
  });
});
