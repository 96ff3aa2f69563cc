import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../../src/jobs/jobs.js';
import { startWorker } from '../../../src/store/worker.js';
import { inlineReport, reportOf } from '../../services/abuse-mail.js';
import { phish } from '../../services/parts.js';
import { AbuseDesk } from './abuse-desk.js';
import type { Group } from './abuse-desk.js';

describe('an abuse mailbox', function () {
  this.timeout(90_000);
  let desk: AbuseDesk;
  before(async function () {
    desk = await AbuseDesk.open(this);
  });
  beforeEach(() => desk.begin());
  after(async () => {
    await (desk as AbuseDesk | undefined)?.close();
  });

  it('a report becomes a scan, joins a group, and its reporter finds the answer, without anybody asking', async () => {
    const reporter = await desk.server.member('org_member', desk.admin.tenantId);
    const mailbox = await desk.connect();
    await desk.call('PUT', `/mailboxes/${mailbox.id}/abuse`, {});
    const worker = await startWorker({
      ownerUrl: desk.server.database.ownerUrl,
      tasks: createJobs(desk.server.parts).filter(({ name }) =>
        ['sync-mailbox', 'take-report', 'send-mail'].includes(name),
      ),
      concurrency: 2,
      log: desk.server.parts.log,
    });
    try {
      desk.deliver(mailbox, reportOf([phish('Account on hold')], { from: `Ann <${reporter.email}>`, id: 'report-1' }));
      await desk.server.parts.store.withTenant(desk.admin.tenantId, { kind: 'worker', job: 'test' }, (db) =>
        db.enqueue('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id }),
      );
      for (const began = Date.now(); readdirSync(desk.outbox).filter((name) => name.endsWith('.eml')).length === 0;) {
        await sleep(50);
        if (Date.now() - began > 60_000) assert.fail('no answer left within a minute');
      }
    } finally {
      await worker.stop();
    }
    const [group] = await desk.groups();
    assert.deepEqual(
      [group!.subject, group!.label, group!.reports, group!.reporters],
      ['Account on hold', 'phishing', 1, 1],
    );
    const [report] = (await desk.detail(group!.id)).grouped;
    assert.deepEqual([report!.kind, report!.answer, report!.reporter.member_id], ['attached', 'sent', reporter.userId]);
    const [file] = readdirSync(desk.outbox).filter((name) => name.endsWith('.eml'));
    const letter = readFileSync(join(desk.outbox, file!), 'utf8');
    assert.match(letter, /^Auto-Submitted: auto-replied/m);
    assert.match(letter, /^In-Reply-To: <report-1@corp\.example>/m);
    assert.match(letter, new RegExp(`^To: ${reporter.email}`, 'm'));
    // The reporter, and nobody else among the members, opens what they reported.
    const scan = `/scan/${report!.scan!.id}`;
    const own = await desk.call<{ source: string; label: string }>('GET', scan, undefined, reporter);
    assert.deepEqual([own.status, own.body.source, own.body.label], [200, 'report', 'phishing']);
    assert.equal(
      (await desk.call('GET', scan, undefined, await desk.server.member('org_member', desk.admin.tenantId))).status,
      404,
    );
  });

  it('the answer says what was found in plain words and holds no link that could be followed by mistake', async () => {
    const reporter = await desk.server.member('org_member', desk.admin.tenantId);
    const mailbox = await desk.abuse();
    const subject = 'Pay at http://192.0.2.7/login or www.evil.example now';
    desk.deliver(mailbox, reportOf([phish(subject)], { from: reporter.email }));
    await desk.work(mailbox);
    const [letter] = await desk.server.mailTo(reporter.email);
    assert.match(letter!.text, /tries to deceive you/);
    assert.match(letter!.text, /http\[:\]\/\/192\[\.\]0\[\.\]2\[\.\]7\/login or www\[\.\]evil\[\.\]example now/);
    for (const body of [letter!.text, letter!.html]) {
      const links = body.match(/https?:\/\/[^\s"<]+/g) ?? [];
      assert.ok(
        links.length > 0 && links.every((link) => link.startsWith(`${desk.server.url}/message/`)),
        links.join(' '),
      );
      assert.ok(!body.includes('paypa1-account.example') && !body.includes('www.evil.example'));
    }
  });

  it('the same message from several people, attached or inline, is one group that shows all of them', async () => {
    const mailbox = await desk.abuse();
    const message = phish('Your account is suspended');
    desk.deliver(mailbox, reportOf([message], { from: 'ann@corp.example' }));
    desk.deliver(mailbox, reportOf([message, phish('Something else entirely')], { from: 'bob@corp.example' }));
    desk.deliver(
      mailbox,
      inlineReport('carol@mail.corp.example', 'Your account is suspended', 'Verify: http://192.0.2.7/login'),
    );
    await desk.work(mailbox);
    const found = await desk.groups();
    // The second message has the same dangerous link: it belongs to the same wave.
    assert.equal(found.length, 1);
    assert.deepEqual([found[0]!.reports, found[0]!.reporters], [4, 3]);
    const { grouped } = await desk.detail(found[0]!.id);
    assert.deepEqual(grouped.map(({ kind }) => kind).sort(), ['attached', 'attached', 'attached', 'inline']);
    const [letter] = await desk.server.mailTo('carol@mail.corp.example');
    assert.match(letter!.text, /its header is missing/);
    assert.doesNotMatch(letter!.text, /\/message\//, 'no link for somebody without an account');
    const listed = await desk.reports();
    assert.deepEqual(listed.map(({ messages }) => messages.length).sort(), [1, 1, 2]);
  });

  it('messages that only share a sender’s home page or a logo are not taken for the same', async () => {
    const mailbox = await desk.abuse();
    const honest = (n: string) =>
      Buffer.from(
        `From: News ${n} <news-${n}@shop.example>\r\nSubject: Offer ${n === 'a' ? 'of shoes' : 'of hats'}\r\nMessage-ID: <${n}@shop.example>\r\nContent-Type: text/html\r\n\r\n<p>${n === 'a' ? 'Shoes for everybody who likes to walk far, in all sizes and colours, today and tomorrow.' : 'Hats for those who stay at home and look out of the window while it rains on the others.'}</p><a href="https://shop.example/">shop</a>`,
      );
    desk.deliver(mailbox, reportOf([honest('a'), honest('b')]));
    await desk.work(mailbox);
    assert.equal((await desk.groups()).length, 2);
  });

  it('a decision is told to everybody who was answered, once, and to who reports the same later', async () => {
    const mailbox = await desk.abuse();
    const message = phish();
    for (const from of [
      'ann@decided.corp.example',
      'ann@decided.corp.example',
      'bob@decided.corp.example',
      'stranger@elsewhere.example',
    ])
      desk.deliver(mailbox, reportOf([message], { from }));
    await desk.work(mailbox);
    const [group] = await desk.groups();
    const resolve = (decision: string, words = '') =>
      desk.call<Group>('POST', `/report-groups/${group!.id}/resolve`, { decision, words });
    const told = await resolve('dangerous', 'Seen in https://evil.example/x too.');
    assert.deepEqual([told.body.told, told.body.state, told.body.decision], [2, 'resolved', 'dangerous']);
    assert.equal((await resolve('dangerous')).body.told, 0);
    const letters = async (to: string) => (await desk.server.mailTo(to)).map(({ subject }) => subject);
    assert.equal((await letters('ann@decided.corp.example')).length, 3);
    const last = (await desk.server.mailTo('bob@decided.corp.example')).at(-1)!;
    assert.match(last.text, /an administrator has looked at it, and it is dangerous/);
    assert.match(last.text, /https\[:\]\/\/evil\[\.\]example\/x too/);
    assert.deepEqual(await letters('stranger@elsewhere.example'), []);
    assert.deepEqual((await desk.groups()).length, 0);
    desk.deliver(mailbox, reportOf([message], { from: 'dan@decided.corp.example' }));
    await desk.work(mailbox);
    assert.match(
      (await desk.server.mailTo('dan@decided.corp.example'))[0]!.text,
      /an administrator has looked at it before, and it is dangerous/,
    );
    assert.equal((await desk.groups('resolved'))[0]!.reporters, 4);
    // What was wrong is put right, also with the one who came later.
    assert.equal((await resolve('harmless')).body.told, 3);
  });

  it('machines, lists, strangers, forgers and the mailbox itself are never answered, and floods only so often', async () => {
    const mailbox = await desk.abuse();
    const answers = async () => (await desk.reports()).map(({ reporter, answer }) => [reporter!.address, answer]);
    const one = (name: string) => phish(`From ${name}`);
    const from = (name: string) => ({ from: `${name}@corp.example` });
    desk.deliver(mailbox, reportOf([one('robot')], { ...from('robot'), headers: ['Auto-Submitted: auto-replied'] }));
    desk.deliver(mailbox, reportOf([one('bulk')], { ...from('bulk'), headers: ['Precedence: bulk'] }));
    desk.deliver(mailbox, reportOf([one('list')], { ...from('list'), headers: ['List-Id: <all.corp.example>'] }));
    desk.deliver(mailbox, reportOf([one('bounce')], { ...from('bounce'), headers: ['Return-Path: <>'] }));
    desk.deliver(mailbox, reportOf([one('out')], { from: 'out@evilcorp.example' }));
    desk.deliver(mailbox, reportOf([one('own')], { from: `${mailbox.user}@corp.example` }));
    desk.deliver(mailbox, reportOf([one('none')], { from: 'nobody at all' }));
    await desk.work(mailbox);
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
    const sent = await desk.server.database
      .admin`select 1 from postern.reports where tenant_id = ${desk.admin.tenantId} and answer = 'sent'`;
    assert.equal(sent.length, 0);
    for (let n = 0; n < 13; n += 1) desk.deliver(mailbox, reportOf([phish(`Flood ${n}`)], from('flood')));
    await desk.work(mailbox);
    assert.equal((await desk.server.mailTo('flood@corp.example')).length, 10);
    assert.equal((await answers()).filter(([, answer]) => answer === 'too-many').length, 3);
    // Everything was scanned all the same.
    assert.equal(
      (await desk.reports()).every(({ status, messages }) => status === 'done' && messages.length === 1),
      true,
    );
  });

  it('somebody from outside is answered only where that was allowed and the mail is proven to be theirs', async () => {
    await desk.server.database
      .admin`update postern.tenants set profile = '{"domains": ["corp.example"], "trustedAuthservIds": ["mx.corp.example"]}'
      where tenant_id = ${desk.admin.tenantId}`;
    const mailbox = await desk.abuse('anyone');
    const results = (address: string, result: string) =>
      `Authentication-Results: mx.corp.example; dmarc=${result} header.from=${address.split('@')[1]}`;
    const report = (address: string, result: string) =>
      desk.deliver(mailbox, reportOf([phish(address)], { from: address, headers: [results(address, result)] }));
    report('proven@partner.example', 'pass');
    report('unproven@partner.example', 'none');
    report('forged@corp.example', 'fail');
    await desk.work(mailbox);
    assert.deepEqual(
      new Map((await desk.reports()).map(({ reporter, answer }) => [reporter!.address, answer])),
      new Map([
        ['proven@partner.example', 'sent'],
        ['unproven@partner.example', 'unproven'],
        ['forged@corp.example', 'unproven'],
      ]),
    );
  });

  it('a mail in somebody’s name that is proven not to be theirs puts nothing in their history', async () => {
    const victim = await desk.server.member('org_member', desk.admin.tenantId);
    await desk.server.database
      .admin`update postern.tenants set profile = '{"domains": ["example.test"], "trustedAuthservIds": ["mx.corp.example"]}'
      where tenant_id = ${desk.admin.tenantId}`;
    const mailbox = await desk.abuse();
    const headers = ['Authentication-Results: mx.corp.example; dmarc=fail header.from=example.test'];
    desk.deliver(mailbox, reportOf([phish()], { from: victim.email, headers }));
    await desk.work(mailbox);
    const history = await desk.call<{ items: unknown[] }>('GET', '/scan/history', undefined, victim);
    assert.deepEqual([history.body.items.length, (await desk.server.mailTo(victim.email)).length], [0, 0]);
    assert.equal((await desk.groups())[0]!.reports, 1, 'the administrator sees it all the same');
  });

  it('what was there before the mailbox took reports is taken in, and nobody is written to about it', async () => {
    const mailbox = await desk.connect();
    desk.dovecot.deliver(mailbox.user, reportOf([phish()]), { at: new Date(Date.now() - 86_400_000) });
    await desk.call('PUT', `/mailboxes/${mailbox.id}/abuse`, {});
    await desk.work(mailbox);
    assert.deepEqual(
      (await desk.reports()).map(({ answer }) => answer),
      ['older'],
    );
  });
});
