import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../src/jobs/jobs.js';
import { createOutbox } from '../../src/mailer/outbox.js';
import { takeReport } from '../../src/services/abuse/take-report.js';
import { syncMailbox } from '../../src/services/mailboxes/sync/sync-mailbox.js';
import { startWorker } from '../../src/store/worker.js';
import { startDovecotOrSkip } from '../helpers/dovecot.js';
import type { Dovecot } from '../helpers/dovecot.js';
import { inlineReport, reportOf } from '../services/abuse-mail.js';
import { loginOf, newUser } from '../services/mailboxes/mailbox.js';
import { phish } from '../services/parts.js';
import { startTestServer } from './server.js';
import type { Member, TestServer } from './server.js';

interface Group {
  readonly id: string;
  readonly subject: string;
  readonly label: string;
  readonly state: string;
  readonly decision: string | null;
  readonly reports: number;
  readonly reporters: number;
  readonly told?: number;
  readonly grouped: readonly {
    readonly kind: string;
    readonly answer: string;
    readonly reporter: { readonly address: string; readonly member_id: string | null };
    readonly scan: { readonly id: string; readonly label: string } | null;
  }[];
}
interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly status: string;
    readonly reason: string | null;
    readonly answer: string | null;
    readonly reporter: { readonly address: string } | null;
    readonly messages: readonly { readonly kind: string; readonly scan_id: string; readonly group_id: string }[];
  }[];
  readonly next_cursor: string | null;
}

describe('an abuse mailbox', function () {
  this.timeout(90_000);
  let dovecot: Dovecot;
  let server: TestServer;
  let admin: Member;
  const outbox = mkdtempSync(join(tmpdir(), 'postern-outbox-'));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(outbox, { recursive: true, force: true })];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
    server = await startTestServer({}, { mailer: createOutbox(outbox, 'postern@corp.example') });
    closing.push(() => server.close());
  });
  beforeEach(async () => {
    admin = await server.member('org_admin');
    await server.database.admin`update postern.tenants set profile = '{"domains": ["corp.example"]}'
      where tenant_id = ${admin.tenantId}`;
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller expects the answer to be
  const call = async <T>(method: string, path: string, json?: unknown, as = admin) => {
    const answer = await server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  };
  const connect = async (as = admin) => {
    const user = newUser(dovecot);
    const json = { address: `${user}@corp.example`, ...loginOf(dovecot, user), backfill_days: null };
    const { body } = await call<{ id: string }>('POST', '/mailboxes/imap', json, as);
    return { user, id: body.id };
  };
  /** A mailbox that takes reports from this moment on. */
  const abuse = async (answers?: string) => {
    const mailbox = await connect();
    await syncMailbox(server.parts, { tenantId: admin.tenantId, mailboxId: mailbox.id });
    const marked = await call('PUT', `/mailboxes/${mailbox.id}/abuse`, answers === undefined ? {} : { answers });
    assert.equal(marked.status, 200);
    return mailbox;
  };
  /** As the jobs would: what came is noted, and each report taken. */
  const work = async (mailbox: { readonly id: string }) => {
    const { tenantId } = admin;
    for (let n = 0; n < 4; n += 1) await syncMailbox(server.parts, { tenantId, mailboxId: mailbox.id });
    const waiting = await server.database.admin<{ id: string }[]>`
      select report_id as id from postern.reports where mailbox_id = ${mailbox.id} and status = 'waiting' order by received_at`;
    for (const { id } of waiting) await takeReport(server.parts, { tenantId, reportId: id });
  };
  // A moment later than the mailbox was marked, by the clock of the file system.
  const deliver = (mailbox: { readonly user: string }, raw: Uint8Array) =>
    dovecot.deliver(mailbox.user, raw, { at: new Date(Date.now() + 2000) });
  const groups = async (state = 'open') =>
    (await call<{ items: Group[] }>('GET', `/report-groups?state=${state}`)).body.items;
  const reports = async () => (await call<Listed>('GET', '/reports')).body.items;
  const detail = async (id: string) => (await call<Group>('GET', `/report-groups/${id}`)).body;
  const lettersTo = (address: string) => server.mailTo(address);

  it('a report becomes a scan, joins a group, and its reporter finds the answer, without anybody asking', async () => {
    const reporter = await server.member('org_member', admin.tenantId);
    const mailbox = await connect();
    await call('PUT', `/mailboxes/${mailbox.id}/abuse`, {});
    const worker = await startWorker({
      ownerUrl: server.database.ownerUrl,
      tasks: createJobs(server.parts).filter(({ name }) => ['sync-mailbox', 'take-report', 'send-mail'].includes(name)),
      concurrency: 2,
      log: server.parts.log,
    });
    try {
      deliver(mailbox, reportOf([phish('Account on hold')], { from: `Ann <${reporter.email}>`, id: 'report-1' }));
      await server.parts.store.withTenant(admin.tenantId, { kind: 'worker', job: 'test' }, (db) =>
        db.enqueue('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id }),
      );
      for (const began = Date.now(); readdirSync(outbox).filter((name) => name.endsWith('.eml')).length === 0;) {
        await sleep(50);
        if (Date.now() - began > 60_000) assert.fail('no answer left within a minute');
      }
    } finally {
      await worker.stop();
    }
    const [group] = await groups();
    assert.deepEqual(
      [group!.subject, group!.label, group!.reports, group!.reporters],
      ['Account on hold', 'phishing', 1, 1],
    );
    const [report] = (await detail(group!.id)).grouped;
    assert.deepEqual([report!.kind, report!.answer, report!.reporter.member_id], ['attached', 'sent', reporter.userId]);
    const [file] = readdirSync(outbox).filter((name) => name.endsWith('.eml'));
    const letter = readFileSync(join(outbox, file!), 'utf8');
    assert.match(letter, /^Auto-Submitted: auto-replied/m);
    assert.match(letter, /^In-Reply-To: <report-1@corp\.example>/m);
    assert.match(letter, new RegExp(`^To: ${reporter.email}`, 'm'));
    // The reporter, and nobody else among the members, opens what they reported.
    const scan = `/scan/${report!.scan!.id}`;
    const own = await call<{ source: string; label: string }>('GET', scan, undefined, reporter);
    assert.deepEqual([own.status, own.body.source, own.body.label], [200, 'report', 'phishing']);
    assert.equal((await call('GET', scan, undefined, await server.member('org_member', admin.tenantId))).status, 404);
  });

  it('the answer says what was found in plain words and holds no link that could be followed by mistake', async () => {
    const reporter = await server.member('org_member', admin.tenantId);
    const mailbox = await abuse();
    const subject = 'Pay at http://192.0.2.7/login or www.evil.example now';
    deliver(mailbox, reportOf([phish(subject)], { from: reporter.email }));
    await work(mailbox);
    const [letter] = await lettersTo(reporter.email);
    assert.match(letter!.text, /tries to deceive you/);
    assert.match(letter!.text, /http\[:\]\/\/192\[\.\]0\[\.\]2\[\.\]7\/login or www\[\.\]evil\[\.\]example now/);
    for (const body of [letter!.text, letter!.html]) {
      const links = body.match(/https?:\/\/[^\s"<]+/g) ?? [];
      assert.ok(links.length > 0 && links.every((link) => link.startsWith(`${server.url}/message/`)), links.join(' '));
      assert.ok(!body.includes('paypa1-account.example') && !body.includes('www.evil.example'));
    }
  });

  it('the same message from several people, attached or inline, is one group that shows all of them', async () => {
    const mailbox = await abuse();
    const message = phish('Your account is suspended');
    deliver(mailbox, reportOf([message], { from: 'ann@corp.example' }));
    deliver(mailbox, reportOf([message, phish('Something else entirely')], { from: 'bob@corp.example' }));
    deliver(
      mailbox,
      inlineReport('carol@mail.corp.example', 'Your account is suspended', 'Verify: http://192.0.2.7/login'),
    );
    await work(mailbox);
    const found = await groups();
    // The second message has the same dangerous link: it belongs to the same wave.
    assert.equal(found.length, 1);
    assert.deepEqual([found[0]!.reports, found[0]!.reporters], [4, 3]);
    const { grouped } = await detail(found[0]!.id);
    assert.deepEqual(grouped.map(({ kind }) => kind).sort(), ['attached', 'attached', 'attached', 'inline']);
    const [letter] = await lettersTo('carol@mail.corp.example');
    assert.match(letter!.text, /its header is missing/);
    assert.doesNotMatch(letter!.text, /\/message\//, 'no link for somebody without an account');
    const listed = await reports();
    assert.deepEqual(listed.map(({ messages }) => messages.length).sort(), [1, 1, 2]);
  });

  it('messages that only share a sender’s home page or a logo are not taken for the same', async () => {
    const mailbox = await abuse();
    const honest = (n: string) =>
      Buffer.from(
        `From: News ${n} <news-${n}@shop.example>\r\nSubject: Offer ${n === 'a' ? 'of shoes' : 'of hats'}\r\nMessage-ID: <${n}@shop.example>\r\nContent-Type: text/html\r\n\r\n<p>${n === 'a' ? 'Shoes for everybody who likes to walk far, in all sizes and colours, today and tomorrow.' : 'Hats for those who stay at home and look out of the window while it rains on the others.'}</p><a href="https://shop.example/">shop</a>`,
      );
    deliver(mailbox, reportOf([honest('a'), honest('b')]));
    await work(mailbox);
    assert.equal((await groups()).length, 2);
  });

  it('a decision is told to everybody who was answered, once, and to who reports the same later', async () => {
    const mailbox = await abuse();
    const message = phish();
    for (const from of [
      'ann@decided.corp.example',
      'ann@decided.corp.example',
      'bob@decided.corp.example',
      'stranger@elsewhere.example',
    ])
      deliver(mailbox, reportOf([message], { from }));
    await work(mailbox);
    const [group] = await groups();
    const resolve = (decision: string, words = '') =>
      call<Group>('POST', `/report-groups/${group!.id}/resolve`, { decision, words });
    const told = await resolve('dangerous', 'Seen in https://evil.example/x too.');
    assert.deepEqual([told.body.told, told.body.state, told.body.decision], [2, 'resolved', 'dangerous']);
    assert.equal((await resolve('dangerous')).body.told, 0);
    const letters = async (to: string) => (await lettersTo(to)).map(({ subject }) => subject);
    assert.equal((await letters('ann@decided.corp.example')).length, 3);
    const last = (await lettersTo('bob@decided.corp.example')).at(-1)!;
    assert.match(last.text, /an administrator has looked at it, and it is dangerous/);
    assert.match(last.text, /https\[:\]\/\/evil\[\.\]example\/x too/);
    assert.deepEqual(await letters('stranger@elsewhere.example'), []);
    assert.deepEqual((await groups()).length, 0);
    deliver(mailbox, reportOf([message], { from: 'dan@decided.corp.example' }));
    await work(mailbox);
    assert.match(
      (await lettersTo('dan@decided.corp.example'))[0]!.text,
      /an administrator has looked at it before, and it is dangerous/,
    );
    assert.equal((await groups('resolved'))[0]!.reporters, 4);
    // What was wrong is put right, also with the one who came later.
    assert.equal((await resolve('harmless')).body.told, 3);
  });

  it('machines, lists, strangers, forgers and the mailbox itself are never answered, and floods only so often', async () => {
    const mailbox = await abuse();
    const answers = async () => (await reports()).map(({ reporter, answer }) => [reporter!.address, answer]);
    const one = (name: string) => phish(`From ${name}`);
    const from = (name: string) => ({ from: `${name}@corp.example` });
    deliver(mailbox, reportOf([one('robot')], { ...from('robot'), headers: ['Auto-Submitted: auto-replied'] }));
    deliver(mailbox, reportOf([one('bulk')], { ...from('bulk'), headers: ['Precedence: bulk'] }));
    deliver(mailbox, reportOf([one('list')], { ...from('list'), headers: ['List-Id: <all.corp.example>'] }));
    deliver(mailbox, reportOf([one('bounce')], { ...from('bounce'), headers: ['Return-Path: <>'] }));
    deliver(mailbox, reportOf([one('out')], { from: 'out@evilcorp.example' }));
    deliver(mailbox, reportOf([one('own')], { from: `${mailbox.user}@corp.example` }));
    deliver(mailbox, reportOf([one('none')], { from: 'nobody at all' }));
    await work(mailbox);
    assert.deepEqual(
      new Map((await answers()) as [string, string][]),
      new Map([
        ['robot@corp.example', 'automatic'],
        ['bulk@corp.example', 'list'],
        ['list@corp.example', 'list'],
        ['bounce@corp.example', 'automatic'],
        ['out@evilcorp.example', 'outside'],
        [`${mailbox.user}@corp.example`, 'own'],
        ['', 'no-address'],
      ]),
    );
    const sent = await server.database
      .admin`select 1 from postern.reports where tenant_id = ${admin.tenantId} and answer = 'sent'`;
    assert.equal(sent.length, 0);
    for (let n = 0; n < 13; n += 1) deliver(mailbox, reportOf([phish(`Flood ${n}`)], from('flood')));
    await work(mailbox);
    assert.equal((await lettersTo('flood@corp.example')).length, 10);
    assert.equal((await answers()).filter(([, answer]) => answer === 'too-many').length, 3);
    // Everything was scanned all the same.
    assert.equal(
      (await reports()).every(({ status, messages }) => status === 'done' && messages.length === 1),
      true,
    );
  });

  it('somebody from outside is answered only where that was allowed and the mail is proven to be theirs', async () => {
    await server.database
      .admin`update postern.tenants set profile = '{"domains": ["corp.example"], "trustedAuthservIds": ["mx.corp.example"]}'
      where tenant_id = ${admin.tenantId}`;
    const mailbox = await abuse('anyone');
    const results = (address: string, result: string) =>
      `Authentication-Results: mx.corp.example; dmarc=${result} header.from=${address.split('@')[1]}`;
    const report = (address: string, result: string) =>
      deliver(mailbox, reportOf([phish(address)], { from: address, headers: [results(address, result)] }));
    report('proven@partner.example', 'pass');
    report('unproven@partner.example', 'none');
    report('forged@corp.example', 'fail');
    await work(mailbox);
    assert.deepEqual(
      new Map((await reports()).map(({ reporter, answer }) => [reporter!.address, answer])),
      new Map([
        ['proven@partner.example', 'sent'],
        ['unproven@partner.example', 'unproven'],
        ['forged@corp.example', 'unproven'],
      ]),
    );
  });

  it('a mail in somebody’s name that is proven not to be theirs puts nothing in their history', async () => {
    const victim = await server.member('org_member', admin.tenantId);
    await server.database
      .admin`update postern.tenants set profile = '{"domains": ["example.test"], "trustedAuthservIds": ["mx.corp.example"]}'
      where tenant_id = ${admin.tenantId}`;
    const mailbox = await abuse();
    const headers = ['Authentication-Results: mx.corp.example; dmarc=fail header.from=example.test'];
    deliver(mailbox, reportOf([phish()], { from: victim.email, headers }));
    await work(mailbox);
    const history = await call<{ items: unknown[] }>('GET', '/scan/history', undefined, victim);
    assert.deepEqual([history.body.items.length, (await lettersTo(victim.email)).length], [0, 0]);
    assert.equal((await groups())[0]!.reports, 1, 'the administrator sees it all the same');
  });

  it('what was there before the mailbox took reports is taken in, and nobody is written to about it', async () => {
    const mailbox = await connect();
    dovecot.deliver(mailbox.user, reportOf([phish()]), { at: new Date(Date.now() - 86_400_000) });
    await call('PUT', `/mailboxes/${mailbox.id}/abuse`, {});
    await work(mailbox);
    assert.deepEqual(
      (await reports()).map(({ answer }) => answer),
      ['older'],
    );
  });

  it('a report is taken once: run twice, moved to new numbers, or delivered twice', async () => {
    const mailbox = await abuse();
    const raw = reportOf([phish()], { from: 'eve@corp.example' });
    deliver(mailbox, raw);
    await work(mailbox);
    const [{ id } = { id: '' }] = await reports();
    await takeReport(server.parts, { tenantId: admin.tenantId, reportId: id });
    deliver(mailbox, raw);
    await dovecot.forgetUids(mailbox.user);
    dovecot.kick(mailbox.user);
    await work(mailbox);
    assert.equal((await groups())[0]!.reports, 1);
    assert.equal((await lettersTo('eve@corp.example')).length, 1);
    assert.equal((await reports()).length, 1);
  });

  it('two that are taken at the same time find each other’s group', async () => {
    const mailbox = await abuse();
    for (let n = 0; n < 6; n += 1) deliver(mailbox, reportOf([phish()], { from: `p${n}@corp.example` }));
    const { tenantId } = admin;
    for (let n = 0; n < 3; n += 1) await syncMailbox(server.parts, { tenantId, mailboxId: mailbox.id });
    const waiting = await server.database.admin<{ id: string }[]>`
      select report_id as id from postern.reports where mailbox_id = ${mailbox.id}`;
    assert.equal(waiting.length, 6);
    await Promise.all(waiting.map(({ id }) => takeReport(server.parts, { tenantId, reportId: id })));
    assert.deepEqual(
      (await groups()).map(({ reporters }) => reporters),
      [6],
    );
  });

  it('a mailbox that cannot be read keeps its reports until it can; one that is gone says so', async () => {
    const mailbox = await abuse();
    const { tenantId } = admin;
    deliver(mailbox, reportOf([phish()]));
    for (let n = 0; n < 3; n += 1) await syncMailbox(server.parts, { tenantId, mailboxId: mailbox.id });
    const [{ id } = { id: '' }] = await reports();
    await server.parts.mailboxes.connectors.drop(mailbox.id);
    await dovecot.stop();
    await takeReport(server.parts, { tenantId, reportId: id });
    assert.equal((await reports())[0]!.status, 'waiting');
    await dovecot.start();
    await call('DELETE', `/mailboxes/${mailbox.id}`);
    await takeReport(server.parts, { tenantId, reportId: id });
    const [row] = await reports();
    assert.deepEqual([row!.status, row!.reason], ['gone', 'The mailbox was disconnected before this was read.']);
  });

  it('only administrators mark a mailbox, and only their own', async () => {
    const member = await server.member('org_member', admin.tenantId);
    const theirs = await connect(member);
    assert.equal((await call('PUT', `/mailboxes/${theirs.id}/abuse`, {}, member)).status, 403);
    assert.equal((await call('PUT', `/mailboxes/${theirs.id}/abuse`, {})).status, 404);
    const mailbox = await abuse();
    const stranger = await server.member('org_owner');
    for (const method of ['PUT', 'DELETE'])
      assert.equal(
        (await call(method, `/mailboxes/${mailbox.id}/abuse`, method === 'PUT' ? {} : undefined, stranger)).status,
        404,
      );
    assert.equal((await call<{ reports: unknown }>('DELETE', `/mailboxes/${mailbox.id}/abuse`)).body.reports, null);
    deliver(mailbox, phish('An ordinary message'));
    await work(mailbox);
    const history = await call<{ items: { subject: string; source: string }[] }>(
      'GET',
      `/scan/history?mailbox=${mailbox.id}`,
    );
    assert.deepEqual(
      history.body.items.map(({ subject, source }) => [subject, source]),
      [['An ordinary message', 'mailbox']],
    );
    const log = await call<{ items: { action: string }[] }>('GET', '/audit');
    const actions = log.body.items.map(({ action }) => action);
    assert.ok(actions.includes('mailbox.takes-reports') && actions.includes('mailbox.reports-ended'));
  });

  it('groups and reports are nobody’s business in another tenant or with a lesser role', async () => {
    const mailbox = await abuse();
    deliver(mailbox, reportOf([phish()]));
    await work(mailbox);
    const [group] = await groups();
    const stranger = await server.member('org_owner');
    assert.equal((await call('GET', `/report-groups/${group!.id}`, undefined, stranger)).status, 404);
    assert.equal(
      (await call('POST', `/report-groups/${group!.id}/resolve`, { decision: 'spam' }, stranger)).status,
      404,
    );
    assert.deepEqual((await call<Listed>('GET', '/reports', undefined, stranger)).body.items, []);
    assert.equal(
      (await call('GET', '/reports', undefined, await server.member('org_member', admin.tenantId))).status,
      403,
    );
    assert.equal((await groups())[0]!.state, 'open');
  });

  it('lists are paged, and a report whose verdict was deleted stays without it', async () => {
    const mailbox = await abuse();
    for (const n of [1, 2, 3])
      deliver(mailbox, reportOf([phish(`Number ${'x'.repeat(n)}`)], { from: `p${n}@corp.example` }));
    await work(mailbox);
    const first = await call<Listed>('GET', '/reports?limit=2');
    const second = await call<Listed>('GET', `/reports?limit=2&cursor=${first.body.next_cursor}`);
    assert.deepEqual([first.body.items.length, second.body.items.length, second.body.next_cursor], [2, 1, null]);
    assert.equal((await call('GET', `/report-groups?cursor=${first.body.next_cursor}`)).status, 400);
    const [group] = await groups();
    const { grouped } = await detail(group!.id);
    assert.equal((await call('DELETE', `/scan/${grouped[0]!.scan!.id}`)).status, 204);
    assert.equal((await detail(group!.id)).grouped[0]!.scan, null);
  });

  it('reports expire with their verdicts, and go with the person who is erased', async () => {
    const reporter = await server.member('org_member', admin.tenantId);
    const mailbox = await abuse();
    deliver(mailbox, reportOf([phish('One')], { from: reporter.email }));
    deliver(mailbox, reportOf([phish('Two')], { from: 'ann@corp.example' }));
    await work(mailbox);
    await server.database.admin`update postern.users set deletion_due = now() where user_id = ${reporter.userId}`;
    await server.parts.store.withSystem('erasure', (db) => db.erasure.next());
    const left = await server.database
      .admin`select reporter_address as a from postern.reports where tenant_id = ${admin.tenantId}`;
    assert.deepEqual(
      left.map(({ a }) => a as string),
      ['ann@corp.example'],
    );
    await server.database.admin`update postern.reports set expires_at = now() where tenant_id = ${admin.tenantId}`;
    await server.database
      .admin`update postern.report_groups set expires_at = now() where tenant_id = ${admin.tenantId}`;
    assert.deepEqual([(await reports()).length, (await groups()).length], [0, 0]);
    assert.ok((await server.parts.store.withSystem('partitions', (db) => db.forgetReports())) >= 1);
    const [row] = await server.database
      .admin`select count(*)::int as n from postern.report_marks where tenant_id = ${admin.tenantId}`;
    assert.equal(row?.['n'], 0);
  });
});
