import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../../src/jobs/jobs.js';
import { queueDueDirectories } from '../../../src/services/directories/read-directory.js';
import { startWorker } from '../../../src/store/worker.js';
import { PASSWORD, phish } from '../../services/parts.js';
import { DirectoryDesk } from './directory-desk.js';
import type { People, Problem } from './directory-desk.js';

describe('a whole organisation: keys, and who may what', function () {
  this.timeout(90_000);
  let desk: DirectoryDesk;
  before(async () => {
    desk = await DirectoryDesk.open();
  });
  beforeEach(() => desk.begin());
  after(async () => {
    await (desk as DirectoryDesk | undefined)?.close();
  });

  it('new keys for the same provider go to everything that is connected', async () => {
    const ann = desk.addMicrosoft('ann');
    const { id } = await desk.open(desk.microsoft());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const [mailbox] = await desk.mailboxes();
    await desk.sync(mailbox!.id);
    await desk.server.database
      .admin`update postern.mailboxes set status = 'attention' where tenant_id = ${desk.admin.tenantId}`;
    assert.equal((await desk.open(desk.microsoft())).id, id);
    ann.add(phish('Meanwhile'));
    await desk.sync(mailbox!.id);
    const history = await desk.call<{ items: { subject: string }[] }>('GET', '/scan/history');
    assert.deepEqual(
      history.body.items.map(({ subject }) => subject),
      ['Meanwhile'],
    );
  });

  it('new keys wake no mailbox that was paused', async () => {
    desk.addMicrosoft('ann');
    const { id } = await desk.open(desk.microsoft());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const [mailbox] = await desk.mailboxes();
    assert.equal((await desk.call('POST', `/mailboxes/${mailbox!.id}/pause`)).status, 200);
    await desk.open(desk.microsoft());
    assert.equal((await desk.mailboxes())[0]!.state, 'paused');
    assert.equal((await desk.call('POST', `/mailboxes/${mailbox!.id}/resume`)).status, 200);
    assert.equal((await desk.mailboxes())[0]!.state, 'reading');
  });

  it('removing the access disconnects everything and destroys what opened it', async () => {
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const closed = await desk.call<{ disconnected: number; still_held: string[] }>('DELETE', `/directories/${id}`);
    assert.equal(closed.body.disconnected, 3);
    assert.match(closed.body.still_held.join(), /Domain-wide delegation/);
    assert.deepEqual(await desk.connected(), []);
    for (const table of ['mailboxes', 'directories']) {
      const held = await desk.server.database.admin.unsafe(
        `select 1 from postern.${table} where tenant_id = '${desk.admin.tenantId}' and credentials is not null`,
      );
      assert.equal(held.length, 0, table);
    }
    await desk.read(id);
    assert.deepEqual(await desk.connected(), []);
    const log = await desk.call<{ items: { action: string }[] }>('GET', '/audit?limit=100');
    const actions = new Set(log.body.items.map(({ action }) => action));
    for (const action of ['directory.opened', 'directory.mailboxes-chosen', 'mailbox.connected', 'directory.closed'])
      assert.ok(actions.has(action), action);
    const privacy = await desk.call<{ consents: { kind: string; granted: boolean }[] }>('GET', '/privacy');
    assert.deepEqual(
      privacy.body.consents.map(({ kind, granted }) => [kind, granted]),
      [
        ['mailbox', false],
        ['mailbox', true],
      ],
    );
  });

  it('an access that is closed while its directory is read opens nothing afterwards', async () => {
    const { id } = await desk.open(desk.google());
    await desk.call('PUT', `/directories/${id}/choice`, { mode: 'all', password: PASSWORD });
    const answered = desk.providers.google.requests.length;
    desk.providers.google.fail(/directory\/v1\/users/, { status: 429, json: {}, headers: { 'retry-after': '1' } });
    const reading = desk.read(id);
    // Between the page that was refused and the one that is asked for again.
    while (!desk.providers.google.requests.slice(answered).some(({ path }) => path.endsWith('/users'))) await sleep(10);
    assert.equal((await desk.call('DELETE', `/directories/${id}`)).status, 200);
    await reading;
    assert.deepEqual(await desk.connected(), []);
    const again = await desk.open(desk.google());
    await desk.choose(again.id, { mode: 'all', password: PASSWORD });
    desk.providers.google.organisation.people.find((one) => one.id === 'g-ann')!.primaryEmail = 'anna@acme.example';
    await desk.read(again.id);
    assert.deepEqual(
      (await desk.connected()).filter((address) => address.startsWith('ann')),
      ['anna@acme.example'],
    );
  });

  it('a member does not stop what the organisation connected; one that an administrator stops stays so', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    desk.addGoogle('member', ann.email);
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const [own] = await desk.mailboxes(ann);
    for (const [method, path] of [
      ['POST', '/pause'],
      ['DELETE', ''],
    ] as const) {
      const refused = await desk.call<Problem>(method, `/mailboxes/${own!.id}${path}`, undefined, ann);
      assert.deepEqual([refused.status, refused.body.code], [403, 'mailbox.of-organisation']);
    }
    assert.equal((await desk.call('DELETE', `/mailboxes/${own!.id}`)).status, 200);
    await desk.read(id);
    assert.ok(!(await desk.connected()).includes(ann.email));
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    assert.ok((await desk.connected()).includes(ann.email), 'until the choice is made anew');
  });

  it('the organisation’s own mailbox can take its reports; that of a member cannot', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    desk.addGoogle('member', ann.email);
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    for (const mailbox of await desk.mailboxes()) {
      const { status } = await desk.call('PUT', `/mailboxes/${mailbox.id}/abuse`, {});
      assert.equal(status, mailbox.owner_id === null ? 200 : 404, mailbox.address);
    }
  });

  it('a mailbox that takes reports and came to a member since can still be ended', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    desk.addGoogle('member', ann.email);
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const mailbox = (await desk.mailboxes()).find(({ address }) => address === ann.email)!;
    const end = (as = desk.admin) => desk.call('DELETE', `/mailboxes/${mailbox.id}/abuse`, undefined, as);
    assert.equal((await end()).status, 404, 'it takes none');
    await desk.server.database.admin`update postern.mailboxes set abuse_since = now() where mailbox_id = ${mailbox.id}`;
    assert.equal((await end(ann)).status, 403);
    assert.equal((await end(await desk.server.member('org_owner'))).status, 404, 'in another tenant');
    assert.equal((await end()).status, 200);
  });

  it('who joins later scans what they pick of their mailbox, also what was read before it was theirs', async () => {
    const ann = await desk.server.member('org_owner');
    desk.addGoogle('member', ann.email).add(phish('Before'));
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', backfill_days: null });
    const mailbox = (await desk.mailboxes()).find(({ address }) => address === ann.email)!;
    await desk.sync(mailbox.id);
    await desk.server.database.addMember(desk.admin.tenantId, ann.userId, 'org_member');
    await desk.read(id);
    const switched = await desk.call<{ access_token: string }>(
      ...(['POST', '/auth/switch', { tenant_id: desk.admin.tenantId }, ann] as const),
    );
    const joined = { ...ann, tenantId: desk.admin.tenantId, token: switched.body.access_token };
    const browsed = await desk.call<{ items: { message_id: string }[] }>(
      ...(['GET', `/mailboxes/${mailbox.id}/messages`, undefined, joined] as const),
    );
    const picked = { mailbox_id: mailbox.id, message_id: browsed.body.items[0]!.message_id };
    const scan = await desk.call<{ subject: string }>('POST', '/scan/mailbox', picked, joined);
    assert.equal(scan.status, 200, JSON.stringify(scan.body));
    const own = await desk.call<{ items: unknown[] }>('GET', '/scan/history', undefined, joined);
    assert.equal(own.body.items.length, 1);
  });

  it('a mailbox that its person connected in their own way stays theirs', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    desk.addGoogle('member', ann.email);
    await desk.server.database
      .admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address, credentials)
      values (${desk.admin.tenantId}, gen_random_uuid(), ${ann.userId}, 'gmail', ${ann.email}, 'theirs')`;
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const [row] = await desk.server.database.admin`select credentials, directory_id from postern.mailboxes
      where tenant_id = ${desk.admin.tenantId} and address = ${ann.email}`;
    assert.deepEqual([row?.['credentials'], row?.['directory_id']], ['theirs', null]);
    const shown = await desk.call<People>('GET', `/directories/${id}/people`);
    assert.equal(shown.body.items.find(({ address }) => address === ann.email)!.mailbox!.own_way, true);
    await desk.call('DELETE', `/directories/${id}`);
    assert.deepEqual(await desk.connected(), [ann.email]);
  });

  it('of messages that are picked, one that the provider does not give takes no other along', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    const mailbox = desk.addGoogle('member', ann.email);
    const [first, second] = [mailbox.add(phish('One')), mailbox.add(phish('Two'))];
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', password: PASSWORD });
    const [own] = await desk.mailboxes(ann);
    const batch = (ids: readonly string[]) =>
      desk.call<{ items: { scan: object | null; problem: Problem | null }[]; code?: string }>(
        ...(['POST', '/scan/mailbox/batch', { mailbox_id: own!.id, message_ids: ids }, ann] as const),
      );
    desk.providers.google.fail(new RegExp(`messages/${first}`), { status: 503, json: {} }, 20);
    const mixed = await batch([first, second]);
    assert.equal(mixed.status, 200);
    assert.deepEqual(
      mixed.body.items.map(({ scan, problem }) => [scan !== null, problem?.code]),
      [
        [false, 'mailbox.unreachable'],
        [true, undefined],
      ],
    );
    assert.deepEqual([(await batch([first])).status, (await batch([first])).body.code], [502, 'mailbox.unreachable']);
  });

  it('the directory is read by itself: at once after a choice, and again when its hour has come', async () => {
    const { database, parts } = desk.server;
    const { id } = await desk.open(desk.google());
    const worker = await startWorker({
      ownerUrl: database.ownerUrl,
      tasks: createJobs(parts).filter(({ name }) => name === 'read-directory'),
      concurrency: 1,
      log: parts.log,
    });
    const until = async (many: number): Promise<void> => {
      for (const began = Date.now(); (await desk.connected()).length !== many;) {
        await sleep(50);
        if (Date.now() - began > 30_000) assert.fail(`${(await desk.connected()).length} are connected, not ${many}`);
      }
    };
    try {
      assert.equal(
        (await desk.call('PUT', `/directories/${id}/choice`, { mode: 'all', password: PASSWORD })).status,
        200,
      );
      await until(3);
      desk.addGoogle('dan');
      await queueDueDirectories(parts);
      await sleep(300);
      assert.equal((await desk.connected()).length, 3, 'not before its time');
      await database.admin`update postern.directories set next_read_at = now() where directory_id = ${id}`;
      await queueDueDirectories(parts);
      await until(4);
    } finally {
      await worker.stop();
    }
  });

  it('accesses are nobody’s business in another tenant or with a lesser role', async () => {
    const { id } = await desk.open(desk.google());
    const [stranger, member] = [
      await desk.server.member('org_owner'),
      await desk.server.member('org_member', desk.admin.tenantId),
    ];
    const operations = [
      ['GET', `/directories/${id}/people`],
      ['GET', `/directories/${id}/groups`],
      ['PUT', `/directories/${id}/choice`, { mode: 'all', password: PASSWORD }],
      ['DELETE', `/directories/${id}`],
    ] as const;
    for (const [method, path, json] of operations) {
      assert.equal((await desk.call(method, path, json, stranger)).status, 404, path);
      assert.equal((await desk.call(method, path, json, member)).status, 403, path);
    }
    assert.deepEqual(
      (await desk.call<{ items: unknown[] }>('GET', '/directories', undefined, stranger)).body.items,
      [],
    );
    const shown = JSON.stringify((await desk.call('GET', '/directories')).body);
    assert.ok(!shown.includes('PRIVATE KEY'));
    const personal = await desk.server.member('org_owner');
    await desk.server.database
      .admin`update postern.tenants set kind = 'personal' where tenant_id = ${personal.tenantId}`;
    assert.equal(
      (await desk.call<Problem>('POST', '/directories/google', desk.google(), personal)).body.code,
      'organisation.personal',
    );
  });
});
