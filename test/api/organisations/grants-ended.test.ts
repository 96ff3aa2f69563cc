import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MemberContext } from '../../../src/services/context.js';
import { completeConsent } from '../../../src/services/mailboxes/consent/complete-consent.js';
import type { ConsentProviderId } from '../../../src/services/mailboxes/consent/consent-provider.js';
import { MAY_STAND, forgetRevocations, revokeAccess } from '../../../src/services/mailboxes/consent/revoke-access.js';
import { startConsent } from '../../../src/services/mailboxes/consent/start-consent.js';
import { renewPushes } from '../../../src/services/mailboxes/push/renew-pushes.js';
import { eraseDue } from '../../../src/services/privacy/erase-due.js';
import type { TenantRole } from '../../../src/store/store.js';
import { DirectoryDesk } from '../mailboxes/directory-desk.js';
import type { Member } from '../server.js';

describe('where a grant of somebody who leaves is ended, what others have goes on', function () {
  this.timeout(60_000);
  let desk: DirectoryDesk;
  let owner: Member;
  let leaver: Member;
  before(async () => {
    desk = await DirectoryDesk.open();
    desk.providers.register(desk.server.url);
  });
  beforeEach(async () => {
    await desk.begin();
    for (const peer of [desk.providers.google, desk.providers.microsoft]) peer.comeBack();
    await desk.server.database.admin`delete from postern.mailboxes`;
    owner = await desk.server.member('org_owner');
    leaver = await desk.server.member('org_member', owner.tenantId);
  });
  after(async () => {
    await (desk as DirectoryDesk | undefined)?.close();
  });

  const admin = () => desk.server.database.admin;
  const connect = async (provider: ConsentProviderId = 'gmail', as = leaver, role: TenantRole = 'org_member') => {
    const ctx: MemberContext = {
      ...{ parts: desk.server.parts, client: { ip: '192.0.2.1', userAgent: 'test' } },
      identity: { userId: as.userId, tenantId: as.tenantId, role, sessionId: randomUUID() },
    };
    const input = { provider, access: null, mailboxId: null, backfillDays: 0 };
    const { url } = await startConsent({ ctx, input });
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '').searchParams;
    return await completeConsent({ ctx, input: { state: back.get('state') ?? '', code: back.get('code') } });
  };
  const leave = async () => {
    const path = `/organisation/members/${leaver.userId}`;
    assert.equal((await desk.server.send('DELETE', path, { as: owner })).status, 204);
  };
  const comeBack = () => desk.server.database.addMember(owner.tenantId, leaver.userId, 'org_member');
  const work = (mailboxId: string, parts = desk.server.parts) =>
    revokeAccess(parts, { tenantId: owner.tenantId, mailboxId });
  const pending = async () =>
    Array.from(
      await admin()<
        { credentials: string; tries: number }[]
      >`select credentials, tries from postern.mailbox_revocations`,
    );
  const mailbox = async (id: string) => {
    const [row] = await admin()`select * from postern.mailboxes where mailbox_id = ${id}`;
    return row as { status: string; credentials: string | null; still_held: string[]; push_state: string | null };
  };
  /** Parts whose connectors do something else around each call. */
  const around = (step: (call: () => Promise<unknown>) => Promise<unknown>) => {
    const { parts } = desk.server;
    const { connectors } = parts.mailboxes;
    const use: typeof connectors.use = async (tenant, row, take) =>
      (await step(() => connectors.use(tenant, row, take))) as Awaited<ReturnType<typeof take>>;
    return { ...parts, mailboxes: { ...parts.mailboxes, connectors: { ...connectors, use } } };
  };

  it('Google goes on telling of the organisation’s mailbox, whichever way the person’s own connection ends', async () => {
    const { google } = desk.providers;
    const { address } = google.mailbox;
    google.organisation.people.push({ id: 'g-own', primaryEmail: address, fullName: 'Own' });
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all' });
    await renewPushes(desk.server.parts);
    const ways: Record<string, (mailboxId: string) => Promise<unknown>> = {
      'by Disconnect': (mailboxId) => desk.call('DELETE', `/mailboxes/${mailboxId}`, undefined, leaver),
      'by a job': async (mailboxId) => {
        await leave();
        await work(mailboxId);
        await comeBack();
      },
      'with the account': async () => {
        await admin()`update postern.users set deletion_due = now() where user_id = ${leaver.userId}`;
        await eraseDue(desk.server.parts);
      },
    };
    for (const [name, end] of Object.entries(ways)) {
      const own = await connect();
      const before = google.revoked.length;
      await end(own.id);
      assert.ok(google.revoked.length > before, name);
      assert.equal(google.mailbox.watchedBy, null, name);
      await renewPushes(desk.server.parts);
      assert.notEqual(google.mailbox.watchedBy, null, name);
    }
  });

  it('one that has ended already at Microsoft is no provider that does not answer', async () => {
    const { id } = await connect('microsoft-graph');
    await renewPushes(desk.server.parts);
    desk.providers.microsoft.withdraw();
    await leave();
    await work(id);
    assert.deepEqual(await pending(), []);
    assert.match((await mailbox(id)).still_held.join(' '), /^Microsoft did not confirm .*myapps\.microsoft\.com/);
  });

  it('a password, which ends nothing, is not kept', async () => {
    const id = randomUUID();
    const { credentials } = desk.server.parts.mailboxes;
    await admin()`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address, credentials, settings)
      values (${owner.tenantId}, ${id}, ${leaver.userId}, 'imap', 'x@corp.example',
        ${credentials.seal(`mailbox ${owner.tenantId} ${id}`, { password: 'secret' })},
        '{"host":"h","port":993,"security":"tls","user":"u"}')`;
    await leave();
    const row = await mailbox(id);
    assert.deepEqual([await pending(), row.status, row.credentials], [[], 'disconnected', null]);
    assert.match(row.still_held.join(), /^The mail server still accepts the password/);
  });

  it('whoever connects it again during the call and leaves once more has the new grant ended too, not forgotten', async () => {
    const { id } = await connect();
    await leave();
    const [first] = await pending();
    await work(
      id,
      around(async (call) => {
        const report = await call();
        await comeBack();
        await connect();
        await leave();
        return report;
      }),
    );
    const [second, ...more] = await pending();
    assert.deepEqual([more, second?.tries], [[], 0]);
    assert.notEqual(second?.credentials, first?.credentials);
    assert.match((await mailbox(id)).still_held.join(), /is asking their provider/);
    await work(id);
    assert.deepEqual([await pending(), (await mailbox(id)).still_held], [[], []]);
  });

  it('whoever connects it again during the call is told at once what became of the new grant', async () => {
    const { id } = await connect();
    await leave();
    await work(
      id,
      around(async (call) => {
        await comeBack();
        await connect();
        await admin()`delete from graphile_worker._private_jobs`;
        return await call();
      }),
    );
    assert.deepEqual([await pending(), (await mailbox(id)).still_held], [[], []]);
    const jobs = await admin()`select 1 from graphile_worker._private_jobs
      where key = ${`${owner.tenantId}:sync-mailbox:${id}`} and run_at <= now()`;
    assert.equal(jobs.length, 1);
  });

  it('what no job came for in three days says what may stand, not that it is being asked', async () => {
    const { id } = await connect();
    await leave();
    await forgetRevocations(desk.server.parts);
    assert.match((await mailbox(id)).still_held.join(), /is asking their provider/, 'not before');
    await admin()`update postern.mailbox_revocations set expires_at = now()`;
    await forgetRevocations(desk.server.parts);
    assert.deepEqual([await pending(), (await mailbox(id)).still_held], [[], [MAY_STAND]]);
  });

  it('with an organisation that goes with its last member, what its leavers were granted is asked for a last time', async () => {
    const abuse = await connect('microsoft-graph', owner, 'org_owner');
    await renewPushes(desk.server.parts);
    // Stays the organisation's when somebody leaves.
    await admin()`update postern.mailboxes set owner_id = null where mailbox_id = ${abuse.id}`;
    const { id } = await connect();
    await leave();
    const { google, microsoft } = desk.providers;
    assert.deepEqual([google.revoked.length, microsoft.subscriptions.size], [0, 1]);
    const colleague = await desk.server.member('org_member', owner.tenantId);
    await admin()`update postern.users set deletion_due = now() where user_id = ${owner.userId}`;
    const toEnd = async () => {
      const { store } = desk.server.parts;
      const named = await store.withSystem('erasure', (db) => db.erasure.mailboxesToEnd());
      return named.map(({ mailboxId }) => mailboxId).sort();
    };
    assert.deepEqual(await toEnd(), [], 'a colleague is left');
    await admin()`update postern.users set deletion_due = now() where user_id = ${colleague.userId}`;
    assert.deepEqual(await toEnd(), [abuse.id, id].sort());
    await eraseDue(desk.server.parts);
    assert.deepEqual([google.revoked.length, microsoft.subscriptions.size, await pending()], [1, 0, []]);
    assert.equal((await admin()`select 1 from postern.mailboxes where tenant_id = ${owner.tenantId}`).length, 0);
  });

  it('a mailbox that is disconnected while its subscription is renewed keeps nothing of it', async () => {
    const { id } = await connect('microsoft-graph');
    await renewPushes(
      around(async (call) => {
        const lease = await call();
        await desk.call('DELETE', `/mailboxes/${id}`, undefined, leaver);
        return lease;
      }),
    );
    const row = await mailbox(id);
    assert.deepEqual([row.status, row.push_state], ['disconnected', null]);
  });
});
