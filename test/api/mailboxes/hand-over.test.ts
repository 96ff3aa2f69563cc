import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../../src/jobs/jobs.js';
import { handOverScans } from '../../../src/services/mailboxes/sync/hand-over-scans.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { startWorker } from '../../../src/store/worker.js';
import { GoogleMailbox } from '../../peers/google/mailbox.js';
import { phish } from '../../services/parts.js';
import type { Member } from '../server.js';
import { DirectoryDesk } from './directory-desk.js';

describe('a mailbox of the organisation that comes to its person', function () {
  this.timeout(90_000);
  let desk: DirectoryDesk;
  let ann: Member;
  before(async () => {
    desk = await DirectoryDesk.open();
  });
  beforeEach(async () => {
    await desk.begin();
    // Somebody with an account elsewhere.
    ann = await desk.server.member('org_owner');
  });
  after(async () => {
    await (desk as DirectoryDesk | undefined)?.close();
  });

  const join = async (): Promise<Member> => {
    const { tenantId } = desk.admin;
    await desk.server.database.addMember(tenantId, ann.userId, 'org_member');
    const { body } = await desk.call<{ access_token: string }>('POST', '/auth/switch', { tenant_id: tenantId }, ann);
    return { ...ann, tenantId, token: body.access_token };
  };
  const subjects = async (as: Member) =>
    (await desk.call<{ items: { id: string; subject: string }[] }>('GET', '/scan/history', undefined, as)).body.items
      .map(({ subject }) => subject)
      .sort();
  const handOver = (mailboxId: string, tenantId = desk.admin.tenantId) =>
    handOverScans(desk.server.parts, { tenantId, mailboxId });
  const isQueued = async (mailboxId: string) => {
    const rows = await desk.server.database.admin`select 1 from graphile_worker._private_jobs
      where key = ${`${desk.admin.tenantId}:hand-over-scans:${mailboxId}`}`;
    return rows.length === 1;
  };
  /** Read by the organisation before its person has an account. */
  const readAsNobodys = async (...mail: readonly string[]) => {
    const peer = desk.addGoogle('member', ann.email);
    for (const subject of mail) peer.add(phish(subject));
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all', backfill_days: null });
    const mailbox = (await desk.mailboxes()).find(({ address }) => address === ann.email)!;
    await desk.sync(mailbox.id);
    return { directory: id, mailbox: mailbox.id, peer };
  };

  it('what was read of it before is theirs to see and to open, and nobody else’s', async () => {
    const { directory, mailbox } = await readAsNobodys('One', 'Two');
    const { admin } = desk.server.database;
    // A report that came to it is no message of the mailbox.
    await admin`insert into postern.scans
      (tenant_id, scan_id, expires_on, expires_at, mailbox_id, source, sha256, size, subject, from_name, from_address, label, score,
        milliseconds, verdict)
      select tenant_id, scan_id || 'r', expires_on, expires_at, mailbox_id, 'report', sha256, size, 'A report', from_name, from_address,
        label, score, milliseconds, verdict from postern.scans where tenant_id = ${desk.admin.tenantId} and subject = 'One'`;
    const joined = await join();
    const colleague = await desk.server.member('org_member', desk.admin.tenantId);
    assert.equal(await isQueued(mailbox), false);
    await desk.read(directory);
    assert.deepEqual([await subjects(joined), await isQueued(mailbox)], [[], true]);
    await handOver(mailbox, ann.tenantId);
    assert.deepEqual(await subjects(joined), [], 'in another tenant there is no such mailbox');
    await handOver(mailbox);
    assert.deepEqual(await subjects(joined), ['One', 'Two']);
    assert.deepEqual(await subjects(colleague), []);
    const [{ scan_id: scan } = { scan_id: '' }] = await admin<{ scan_id: string }[]>`
      select scan_id from postern.scans where tenant_id = ${desk.admin.tenantId} and subject = 'Two'`;
    assert.equal((await desk.call('GET', `/scan/${scan}/message`, undefined, joined)).status, 200);
    assert.equal((await desk.call('GET', `/scan/${scan}/message`, undefined, colleague)).status, 404);
    assert.equal((await desk.call('GET', `/scan/${scan}/message`)).status, 403, 'an administrator gives a reason');
    const owners = await admin`select 1 from postern.indicators
      where tenant_id = ${desk.admin.tenantId} and scan_id = ${scan} and owner_id is distinct from ${ann.userId}`;
    assert.equal(owners.length, 0);
    const log = await desk.call<{ items: { action: string; details: { scans?: number } }[] }>('GET', '/audit');
    const noted = log.body.items.filter(({ action }) => action === 'mailbox.scans-handed-over');
    assert.deepEqual(
      noted.map(({ details }) => details.scans),
      [2],
    );
    await handOver(mailbox);
    const member = { kind: 'user', userId: ann.userId, role: 'org_member' } as const;
    await assert.rejects(() =>
      desk.server.parts.store.withTenant(desk.admin.tenantId, member, (db) => db.messages.handOver(mailbox, '', 10)),
    );
  });

  it('a worker does it by itself', async () => {
    const { directory } = await readAsNobodys('One');
    const joined = await join();
    const { database, parts } = desk.server;
    await database.admin`delete from graphile_worker._private_jobs`;
    await desk.read(directory);
    const tasks = createJobs(parts).filter(({ name }) => name === 'hand-over-scans');
    const worker = await startWorker({ ownerUrl: database.ownerUrl, tasks, concurrency: 1, log: parts.log });
    try {
      for (const began = Date.now(); (await subjects(joined)).length === 0;) {
        await sleep(50);
        assert.ok(Date.now() - began < 30_000, 'nobody came for it');
      }
    } finally {
      await worker.stop();
    }
  });

  it('a long history goes in portions, to the last message', async () => {
    const { directory, mailbox } = await readAsNobodys('One');
    const { admin } = desk.server.database;
    await admin`with copied as (insert into postern.scans
      (tenant_id, scan_id, expires_on, expires_at, mailbox_id, source, sha256, size, subject, from_name, from_address, label, score,
        milliseconds, verdict)
      select tenant_id, scan_id || n, expires_on, expires_at, mailbox_id, source, sha256, size, subject, from_name, from_address, label,
        score, milliseconds, verdict from postern.scans, generate_series(1, 449) n where tenant_id = ${desk.admin.tenantId}
      returning tenant_id, scan_id, expires_at, mailbox_id)
      insert into postern.messages (tenant_id, mailbox_id, provider_message_id, scan_id, expires_at)
      select tenant_id, mailbox_id, scan_id, scan_id, expires_at from copied`;
    await join();
    await desk.read(directory);
    await handOver(mailbox);
    const [row] = await admin`select count(*)::int as n, count(owner_id)::int as theirs from postern.scans
      where tenant_id = ${desk.admin.tenantId}`;
    assert.deepEqual([row?.['n'], row?.['theirs']], [450, 450]);
  });

  it('what is being scanned at that moment comes along', async () => {
    const { directory, mailbox, peer } = await readAsNobodys();
    peer.add(phish('At that moment'));
    const joined = await join();
    const { parts } = desk.server;
    const scan: typeof parts.pool.scan = async (request) => {
      await desk.read(directory);
      await handOver(mailbox);
      return await parts.pool.scan(request);
    };
    await desk.server.database.admin`delete from graphile_worker._private_jobs`;
    await syncMailbox(
      { ...parts, pool: { ...parts.pool, scan } },
      { tenantId: desk.admin.tenantId, mailboxId: mailbox },
    );
    assert.ok(await isQueued(mailbox));
    await handOver(mailbox);
    assert.deepEqual(await subjects(joined), ['At that moment']);
  });

  it('an address that has gone to another person opens nothing of the first', async () => {
    const { directory, mailbox, peer } = await readAsNobodys('Of the first');
    const { organisation } = desk.providers.google;
    organisation.people = organisation.people.map((one) =>
      one.primaryEmail === ann.email ? { ...one, id: 'g-another' } : one,
    );
    await desk.read(directory);
    peer.add(phish('Of the second'));
    await desk.sync(mailbox);
    const joined = await join();
    await desk.read(directory);
    await handOver(mailbox);
    assert.deepEqual(await subjects(joined), ['Of the second']);
    assert.deepEqual(await subjects(desk.admin), ['Of the first', 'Of the second']);
  });

  it('an address that goes to another person while it is connected is read as theirs, from what was chosen, by no open connector', async () => {
    const { directory, mailbox } = await readAsNobodys('Of the first');
    const { google } = desk.providers;
    google.organisation.people = google.organisation.people.map((one) =>
      one.primaryEmail === ann.email ? { ...one, id: 'g-another' } : one,
    );
    const second = new GoogleMailbox(ann.email);
    google.mailboxes.set(ann.email, second);
    second.add(phish('Of the second, before'));
    const first = async () => {
      const [row] = await desk.server.database.admin`select status, cursor, backfill, push_state,
        push_renew_at <= now() as due from postern.mailboxes where mailbox_id = ${mailbox}`;
      return { ...row };
    };
    await desk.server.database.admin`update postern.mailboxes set push_state = 'of the first',
      push_renew_at = now() + interval '1 day' where mailbox_id = ${mailbox}`;
    await desk.read(directory);
    assert.deepEqual(await first(), {
      ...{ status: 'connected', cursor: null, backfill: 'running', push_state: null, due: true },
    });
    await desk.read(directory);
    await desk.sync(mailbox);
    second.add(phish('Of the second, after'));
    await desk.sync(mailbox);
    assert.deepEqual(await subjects(desk.admin), ['Of the first', 'Of the second, after', 'Of the second, before']);
    assert.equal((await first())['backfill'], 'done', 'begun once, and ended');
    const { items } = (await desk.call<{ items: { action: string }[] }>('GET', '/audit')).body;
    assert.equal(items.filter(({ action }) => action === 'mailbox.reconnected').length, 1);
  });

  it('where nothing says that it is the same person, they see what is still in the mailbox, once it is read anew', async () => {
    const { directory, mailbox, peer } = await readAsNobodys('Still there', 'Deleted since');
    await desk.call('DELETE', `/directories/${directory}`);
    const joined = await join();
    const [gone] = await desk.server.database.admin<{ id: string }[]>`select m.provider_message_id as id
      from postern.messages m join postern.scans s using (tenant_id, scan_id)
      where m.tenant_id = ${desk.admin.tenantId} and s.subject = 'Deleted since'`;
    peer.delete(gone!.id);
    const again = await desk.open(desk.google());
    await desk.choose(again.id, { mode: 'all', backfill_days: null });
    await handOver(mailbox);
    assert.deepEqual(await subjects(joined), []);
    await desk.sync(mailbox);
    assert.deepEqual(await subjects(joined), ['Still there']);
    assert.deepEqual(await subjects(desk.admin), ['Deleted since', 'Still there']);
  });
});
