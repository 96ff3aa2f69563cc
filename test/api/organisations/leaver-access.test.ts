import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../../src/jobs/jobs.js';
import type { MemberContext } from '../../../src/services/context.js';
import { completeConsent } from '../../../src/services/mailboxes/consent/complete-consent.js';
import type { ConsentProviderId } from '../../../src/services/mailboxes/consent/consent-provider.js';
import { MAY_STAND, forgetRevocations, revokeAccess } from '../../../src/services/mailboxes/consent/revoke-access.js';
import { startConsent } from '../../../src/services/mailboxes/consent/start-consent.js';
import { renewPushes } from '../../../src/services/mailboxes/push/renew-pushes.js';
import { eraseDue } from '../../../src/services/privacy/erase-due.js';
import type { TenantRole } from '../../../src/store/store.js';
import { startWorker } from '../../../src/store/worker.js';
import { startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';
import { openDirectory } from './directory.js';
import type { Directory, User } from './directory.js';

describe('what a provider granted to somebody who leaves', function () {
  this.timeout(60_000);
  let providers: TestProviders;
  let server: TestServer;
  let directory: Directory;
  let member: Member;
  let person: User;
  before(async () => {
    providers = await startProviders();
    server = await startTestServer({ env: providers.env });
    providers.register(server.url);
    directory = await openDirectory(server);
  });
  beforeEach(async () => {
    providers.reset();
    for (const peer of [providers.google, providers.microsoft]) peer.comeBack();
    await server.database.admin`delete from postern.mailboxes`;
    member = await directory.withPassword('org_member', directory.owner.tenantId);
    person = await directory.create(member.email);
  });
  after(async () => {
    await server.close();
    await providers.close();
  });

  const contextOf = ({ userId, tenantId }: Member, role: TenantRole): MemberContext => ({
    ...{ parts: server.parts, client: { ip: '192.0.2.1', userAgent: 'test' } },
    identity: { userId, tenantId, role, sessionId: randomUUID() },
  });
  const connect = async (provider: ConsentProviderId = 'gmail', as = member, role: TenantRole = 'org_member') => {
    const ctx = contextOf(as, role);
    const input = { provider, access: null, mailboxId: null, backfillDays: 0 };
    const { url } = await startConsent({ ctx, input });
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '').searchParams;
    return await completeConsent({ ctx, input: { state: back.get('state') ?? '', code: back.get('code') } });
  };
  const switchOff = () => directory.patch(`/Users/${person.id}`, { op: 'Replace', path: 'active', value: false });
  const work = (mailboxId: string, tenantId = directory.owner.tenantId) =>
    revokeAccess(server.parts, { tenantId, mailboxId });
  const pending = async () =>
    Array.from(
      await server.database.admin<{ mailbox_id: string; tries: number; credentials: string }[]>`
        select mailbox_id, tries, credentials from postern.mailbox_revocations`,
    );
  const mailbox = async (id: string) => {
    const [row] = await server.database.admin`select * from postern.mailboxes where mailbox_id = ${id}`;
    return row as { status: string; credentials: string | null; still_held: readonly string[] };
  };
  const waits = async (id: string) => {
    const [row] = await server.database.admin`
      select extract(epoch from run_at - now())::float8 as seconds from graphile_worker._private_jobs
      where key = ${`${directory.owner.tenantId}:revoke-access:${id}`}`;
    return row === undefined ? null : Math.round(Number(row['seconds']));
  };

  it('whom the directory switches off does not wait for the provider, which is asked until it answers', async () => {
    const { id } = await connect();
    providers.google.goAway();
    assert.equal((await switchOff()).status, 200);
    const off = await mailbox(id);
    assert.deepEqual([off.status, off.credentials, (await pending()).length], ['disconnected', null, 1]);
    assert.match(off.still_held.join(), /is asking their provider/);
    assert.ok(Math.abs((await waits(id)) ?? 99) <= 2, 'a job is there for it');
    providers.google.comeBack();
    providers.google.cut(/POST \/revoke/, 2);
    await work(id);
    assert.deepEqual([(await pending())[0]?.tries, await waits(id)], [1, 60]);
    await work(id);
    assert.deepEqual([(await pending())[0]?.tries, await waits(id)], [2, 180]);
    providers.google.fail(/POST \/revoke/, { status: 503, json: {} });
    await work(id);
    assert.deepEqual([(await pending())[0]?.tries, providers.google.revoked.length], [3, 0]);
    await work(id);
    assert.deepEqual([await pending(), providers.google.revoked.length], [[], 1]);
    assert.deepEqual((await mailbox(id)).still_held, []);
    await work(id);
    assert.equal(providers.google.revoked.length, 1);
    const { items } = (await (await server.send('GET', '/audit', { as: directory.owner })).json()) as {
      items: { action: string; details: { revoked?: boolean } }[];
    };
    assert.equal(items.find(({ action }) => action === 'mailbox.access-ended')?.details.revoked, true);
  });

  it('the same where an administrator removes somebody, they leave, or the directory deletes them', async () => {
    const ways = [
      () => server.send('DELETE', `/organisation/members/${member.userId}`, { as: directory.owner }),
      () => server.send('POST', '/organisation/leave', { as: member }),
      () => directory.ask('DELETE', `/Users/${person.id}`),
    ];
    for (const leave of ways) {
      await server.database.admin`delete from postern.mailboxes`;
      member = await directory.withPassword('org_member', directory.owner.tenantId);
      person = await directory.create(member.email);
      const { id } = await connect();
      const before = providers.google.revoked.length;
      providers.google.goAway();
      assert.equal((await leave()).status, 204);
      providers.google.comeBack();
      assert.equal((await mailbox(id)).credentials, null);
      await work(id);
      assert.deepEqual([await pending(), providers.google.revoked.length - before], [[], 1]);
    }
  });

  it('a worker does it by itself', async () => {
    await connect();
    const { database, parts } = server;
    await database.admin`delete from graphile_worker._private_jobs`;
    await switchOff();
    const tasks = createJobs(parts).filter(({ name }) => name === 'revoke-access');
    const worker = await startWorker({ ownerUrl: database.ownerUrl, tasks, concurrency: 1, log: parts.log });
    try {
      for (const began = Date.now(); (await pending()).length > 0;) {
        await sleep(50);
        assert.ok(Date.now() - began < 30_000, 'nobody came for it');
      }
    } finally {
      await worker.stop();
    }
    assert.equal(providers.google.revoked.length, 1);
  });

  it('at Microsoft, where no token can be revoked, the subscriptions end', async () => {
    const { id } = await connect('microsoft-graph');
    await renewPushes(server.parts);
    assert.equal(providers.microsoft.subscriptions.size, 1);
    await switchOff();
    await work(id);
    assert.deepEqual([await pending(), providers.microsoft.subscriptions.size], [[], 0]);
    assert.match((await mailbox(id)).still_held.join(), /^Microsoft keeps the permission/);
  });

  it('after three days without an answer what it takes is destroyed, and the page says what may still stand', async () => {
    const { id } = await connect();
    await switchOff();
    providers.google.cut(/POST \/revoke/);
    await server.database.admin`update postern.mailbox_revocations set expires_at = now() + interval '30 seconds'`;
    await work(id);
    assert.deepEqual([await pending(), (await mailbox(id)).still_held], [[], [MAY_STAND]]);
    await server.database
      .admin`insert into postern.mailbox_revocations (tenant_id, mailbox_id, owner_id, credentials, expires_at)
      values (${directory.owner.tenantId}, ${id}, ${member.userId}, 'x', now())`;
    await work(id);
    assert.equal(providers.google.revoked.length, 0, 'what is over is not used');
    await forgetRevocations(server.parts);
    assert.deepEqual(await pending(), []);
  });

  it('what the same person has connected elsewhere, or connects again, does not end with it', async () => {
    const { id } = await connect();
    const own = await server.database.addTenant();
    await server.database.addMember(own, member.userId, 'user');
    const elsewhere = await connect('gmail', { ...member, tenantId: own }, 'user');
    await switchOff();
    await work(id);
    assert.deepEqual([await pending(), providers.google.revoked], [[], []]);
    assert.deepEqual((await mailbox(id)).still_held, [MAY_STAND], 'and says nothing of it');
    await server.database
      .admin`update postern.mailboxes set status = 'disconnected' where mailbox_id = ${elsewhere.id}`;
    await directory.patch(`/Users/${person.id}`, { op: 'Replace', path: 'active', value: true });
    await connect();
    await switchOff();
    assert.equal((await pending()).length, 1);
    await directory.patch(`/Users/${person.id}`, { op: 'Replace', path: 'active', value: true });
    assert.equal((await connect()).id, id);
    assert.deepEqual(await pending(), [], 'at once');
    await work(id);
    assert.deepEqual([providers.google.revoked, (await mailbox(id)).status], [[], 'connected']);
  });

  it('with an erased account it ends too, once, and whatever the provider answers the account is gone', async () => {
    const ids = [(await connect()).id];
    const own = await server.database.addTenant();
    await server.database.addMember(own, member.userId, 'user');
    ids.push((await connect('gmail', { ...member, tenantId: own }, 'user')).id);
    const colleague = await server.member('org_member', directory.owner.tenantId);
    await connect('microsoft-graph', colleague);
    await renewPushes(server.parts);
    const { admin } = server.database;
    await admin`update postern.users set deletion_due = now() + interval '1 hour' where user_id = ${member.userId}`;
    await eraseDue(server.parts);
    assert.deepEqual(
      [providers.google.revoked.length, (await mailbox(ids[0]!)).status],
      [0, 'connected'],
      'not before its time',
    );
    await admin`update postern.users set deletion_due = now() where user_id = ${member.userId}`;
    await eraseDue(server.parts);
    assert.ok(providers.google.revoked.length >= 1);
    assert.equal((await admin`select 1 from postern.mailboxes where mailbox_id = any (${ids})`).length, 0);
    assert.equal(providers.microsoft.subscriptions.size, 1, 'a colleague’s stays');
    await admin`update postern.users set deletion_due = now() where user_id = ${colleague.userId}`;
    providers.microsoft.cut(/./, 50);
    await eraseDue(server.parts);
    assert.equal((await admin`select 1 from postern.users where user_id = ${colleague.userId}`).length, 0);
  });

  it('with an erased organisation what its people have connected in their own space stays', async () => {
    const owner = await server.member('org_owner');
    await connect('gmail', owner, 'org_owner');
    const own = await server.database.addTenant();
    await server.database.addMember(own, owner.userId, 'user');
    const kept = await connect('gmail', { ...owner, tenantId: own }, 'user');
    await server.database.admin`update postern.tenants set deletion_due = now() where tenant_id = ${owner.tenantId}`;
    await eraseDue(server.parts);
    assert.deepEqual([providers.google.revoked, (await mailbox(kept.id)).status], [[], 'connected']);
  });

  it('is nobody’s to read but a worker’s, and no other tenant’s to end', async () => {
    const { id } = await connect();
    await switchOff();
    const [{ credentials } = { credentials: '' }] = await pending();
    const stranger = await server.member('org_owner');
    await work(id, stranger.tenantId);
    assert.deepEqual([(await pending()).length, providers.google.revoked], [1, []]);
    const { store } = server.parts;
    for (const role of ['org_member', 'org_admin', 'org_owner'] as const) {
      const actor = { kind: 'user', userId: directory.owner.userId, role } as const;
      const seen = await store.withTenant(directory.owner.tenantId, actor, async (db) => {
        await db.revocations.remove(id, credentials);
        return await db.revocations.get(id);
      });
      assert.deepEqual([seen, (await pending()).length], [null, 1], role);
    }
  });
});
