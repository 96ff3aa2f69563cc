import assert from 'node:assert/strict';
import { reportOf } from '../../services/abuse-mail.js';
import { loginOf } from '../../services/mailboxes/mailbox.js';
import { phish } from '../../services/parts.js';
import { AbuseDesk } from './abuse-desk.js';
import type { Listed } from './abuse-desk.js';

describe('reports: once, and only for whom they are', function () {
  this.timeout(90_000);
  let desk: AbuseDesk;
  before(async function () {
    desk = await AbuseDesk.open(this);
  });
  beforeEach(() => desk.begin());
  after(async () => {
    await (desk as AbuseDesk | undefined)?.close();
  });

  it('a report is taken once: run twice, moved to new numbers, or delivered twice', async () => {
    const mailbox = await desk.abuse();
    const raw = reportOf([phish()], { from: 'eve@corp.example' });
    desk.deliver(mailbox, raw);
    await desk.work(mailbox);
    const [{ id } = { id: '' }] = await desk.reports();
    await desk.take(id);
    desk.deliver(mailbox, raw);
    await desk.dovecot.forgetUids(mailbox.user);
    desk.dovecot.kick(mailbox.user);
    await desk.work(mailbox);
    assert.equal((await desk.groups())[0]!.reports, 1);
    assert.equal((await desk.server.mailTo('eve@corp.example')).length, 1);
    assert.equal((await desk.reports()).length, 1);
  });

  it('two that are taken at the same time find each other’s group', async () => {
    const mailbox = await desk.abuse();
    for (let n = 0; n < 6; n += 1) desk.deliver(mailbox, reportOf([phish()], { from: `p${n}@corp.example` }));
    await desk.sync(mailbox, 3);
    const waiting = await desk.server.database.admin<{ id: string }[]>`
      select report_id as id from postern.reports where mailbox_id = ${mailbox.id}`;
    assert.equal(waiting.length, 6);
    await Promise.all(waiting.map(({ id }) => desk.take(id)));
    assert.deepEqual(
      (await desk.groups()).map(({ reporters }) => reporters),
      [6],
    );
  });

  it('a mailbox that cannot be read keeps its reports until it can; one that is gone says so', async () => {
    const mailbox = await desk.abuse();
    desk.deliver(mailbox, reportOf([phish()]));
    await desk.sync(mailbox, 3);
    const [{ id } = { id: '' }] = await desk.reports();
    await desk.server.parts.mailboxes.connectors.drop(mailbox.id);
    await desk.dovecot.stop();
    await desk.take(id);
    assert.equal((await desk.reports())[0]!.status, 'waiting');
    await desk.dovecot.start();
    await desk.call('DELETE', `/mailboxes/${mailbox.id}`);
    await desk.take(id);
    const [row] = await desk.reports();
    assert.deepEqual([row!.status, row!.reason], ['gone', 'The mailbox was disconnected before this was read.']);
  });

  it('only administrators mark a mailbox, and only their own', async () => {
    const member = await desk.server.member('org_member', desk.admin.tenantId);
    const theirs = await desk.connect(member);
    assert.equal((await desk.call('PUT', `/mailboxes/${theirs.id}/abuse`, {}, member)).status, 403);
    assert.equal((await desk.call('PUT', `/mailboxes/${theirs.id}/abuse`, {})).status, 404);
    const mailbox = await desk.abuse();
    const stranger = await desk.server.member('org_owner');
    for (const method of ['PUT', 'DELETE'])
      assert.equal(
        (await desk.call(method, `/mailboxes/${mailbox.id}/abuse`, method === 'PUT' ? {} : undefined, stranger)).status,
        404,
      );
    assert.equal(
      (await desk.call<{ reports: unknown }>('DELETE', `/mailboxes/${mailbox.id}/abuse`)).body.reports,
      null,
    );
    desk.deliver(mailbox, phish('An ordinary message'));
    await desk.work(mailbox);
    const history = await desk.call<{ items: { subject: string; source: string }[] }>(
      'GET',
      `/scan/history?mailbox=${mailbox.id}`,
    );
    assert.deepEqual(
      history.body.items.map(({ subject, source }) => [subject, source]),
      [['An ordinary message', 'mailbox']],
    );
    const log = await desk.call<{ items: { action: string }[] }>('GET', '/audit');
    const actions = log.body.items.map(({ action }) => action);
    assert.ok(actions.includes('mailbox.takes-reports') && actions.includes('mailbox.reports-ended'));
  });

  it('what an administrator who is none any more connects anew is a mailbox like any other', async () => {
    const again = async ({ user, id }: { readonly user: string; readonly id: string }) => {
      assert.equal((await desk.call('DELETE', `/mailboxes/${id}`)).status, 200);
      const json = { address: `${user}@corp.example`, ...loginOf(desk.dovecot, user), backfill_days: 0 };
      const { status, body } = await desk.call<{ id: string; reports: object | null }>('POST', '/mailboxes/imap', json);
      assert.deepEqual([status, body.id], [201, id]);
      return body.reports !== null;
    };
    const mailbox = await desk.abuse();
    assert.equal(await again(mailbox), true, 'an administrator’s stays what it was');
    await desk.server.database.admin`update postern.memberships set role = 'org_member'
      where tenant_id = ${desk.admin.tenantId} and user_id = ${desk.admin.userId}`;
    assert.equal(await again(mailbox), false);
  });

  it('groups and reports are nobody’s business in another tenant or with a lesser role', async () => {
    const mailbox = await desk.abuse();
    desk.deliver(mailbox, reportOf([phish()]));
    await desk.work(mailbox);
    const [group] = await desk.groups();
    const stranger = await desk.server.member('org_owner');
    assert.equal((await desk.call('GET', `/report-groups/${group!.id}`, undefined, stranger)).status, 404);
    assert.equal(
      (await desk.call('POST', `/report-groups/${group!.id}/resolve`, { decision: 'spam' }, stranger)).status,
      404,
    );
    assert.deepEqual((await desk.call<Listed>('GET', '/reports', undefined, stranger)).body.items, []);
    assert.equal(
      (await desk.call('GET', '/reports', undefined, await desk.server.member('org_member', desk.admin.tenantId)))
        .status,
      403,
    );
    assert.equal((await desk.groups())[0]!.state, 'open');
    await desk.call('POST', `/report-groups/${group!.id}/resolve`, { decision: 'spam' });
    const log = await desk.call<{ items: { action: string }[] }>('GET', '/audit');
    const actions = new Set(log.body.items.map(({ action }) => action));
    assert.ok(actions.has('report.received') && actions.has('report.resolved'));
  });

  it('lists are paged, and a report whose verdict was deleted stays without it', async () => {
    const mailbox = await desk.abuse();
    for (const n of [1, 2, 3])
      desk.deliver(mailbox, reportOf([phish(`Number ${'x'.repeat(n)}`)], { from: `p${n}@corp.example` }));
    await desk.work(mailbox);
    const first = await desk.call<Listed>('GET', '/reports?limit=2');
    const second = await desk.call<Listed>('GET', `/reports?limit=2&cursor=${first.body.next_cursor}`);
    assert.deepEqual([first.body.items.length, second.body.items.length, second.body.next_cursor], [2, 1, null]);
    assert.equal((await desk.call('GET', `/report-groups?cursor=${first.body.next_cursor}`)).status, 400);
    const [group] = await desk.groups();
    const { grouped } = await desk.detail(group!.id);
    assert.equal((await desk.call('DELETE', `/scan/${grouped[0]!.scan!.id}`)).status, 204);
    assert.equal((await desk.detail(group!.id)).grouped[0]!.scan, null);
  });

  it('reports expire with their verdicts, and go with the person who is erased', async () => {
    const reporter = await desk.server.member('org_member', desk.admin.tenantId);
    const mailbox = await desk.abuse();
    desk.deliver(mailbox, reportOf([phish('One')], { from: reporter.email }));
    desk.deliver(mailbox, reportOf([phish('Two')], { from: 'ann@corp.example' }));
    await desk.work(mailbox);
    await desk.server.database.admin`update postern.users set deletion_due = now() where user_id = ${reporter.userId}`;
    await desk.server.parts.store.withSystem('erasure', (db) => db.erasure.next());
    const left = await desk.server.database
      .admin`select reporter_address as a from postern.reports where tenant_id = ${desk.admin.tenantId}`;
    assert.deepEqual(
      left.map(({ a }) => a as string),
      ['ann@corp.example'],
    );
    await desk.server.database
      .admin`update postern.reports set expires_at = now() where tenant_id = ${desk.admin.tenantId}`;
    await desk.server.database
      .admin`update postern.report_groups set expires_at = now() where tenant_id = ${desk.admin.tenantId}`;
    assert.deepEqual([(await desk.reports()).length, (await desk.groups()).length], [0, 0]);
    assert.ok((await desk.server.parts.store.withSystem('partitions', (db) => db.forgetReports())) >= 1);
    const [row] = await desk.server.database
      .admin`select count(*)::int as n from postern.report_marks where tenant_id = ${desk.admin.tenantId}`;
    assert.equal(row?.['n'], 0);
  });
});
