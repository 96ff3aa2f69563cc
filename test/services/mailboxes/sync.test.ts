import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MemberContext } from '../../../src/services/context.js';
import { connectImap } from '../../../src/services/mailboxes/connect-imap.js';
import { disconnectMailbox } from '../../../src/services/mailboxes/disconnect-mailbox.js';
import { getMailbox } from '../../../src/services/mailboxes/get-mailbox.js';
import { pauseMailbox } from '../../../src/services/mailboxes/pause-mailbox.js';
import { reconnectImap } from '../../../src/services/mailboxes/reconnect-imap.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { refuses } from '../../helpers/refuses.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';
import { connectMailbox, loginOf, newUser, rowOf, scansBySubject, syncToTheEnd } from './mailbox.js';

describe('reading a mailbox', function () {
  this.timeout(60_000);
  let dovecot: Dovecot;
  let test: TestParts;
  let ctx: MemberContext;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
    test = await createTestParts();
    closing.push(() => test.close());
  });
  beforeEach(async () => (ctx = await test.context('org_member')));
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const scans = () => scansBySubject(test.database.admin, ctx.identity.tenantId);
  const jobs = async (mailboxId: string) => {
    const rows = await test.database.admin<{ key: string; priority: number }[]>`select key, priority
      from graphile_worker._private_jobs where payload ->> 'mailbox_id' = ${mailboxId} order by key`;
    return rows.map(({ key, priority }) => [key.split('sync-mailbox:')[1]!.replace(mailboxId, 'it'), priority]);
  };

  it('scans what was there before and what arrives, each message once', async () => {
    const user = newUser(dovecot);
    for (let n = 0; n < 60; n += 1) dovecot.deliver(user, message(`old ${n}`));
    const { id } = await connectMailbox(ctx, dovecot, { user });
    dovecot.deliver(user, message('new'));
    await syncToTheEnd(ctx, id);
    const found = await scans();
    assert.equal(found.size, 61);
    assert.deepEqual([...new Set(found.values())], [1]);
    const view = await getMailbox({ ctx, input: { id } });
    assert.equal(view.state, 'well');
    assert.equal(view.scanned, 61);
    assert.deepEqual([view.backfill.state, view.backfill.total], ['done', 61]);
  });

  it('new messages go before a long backfill', async () => {
    const user = newUser(dovecot);
    for (let n = 0; n < 120; n += 1) dovecot.deliver(user, message(`old ${n}`));
    const { id } = await connectMailbox(ctx, dovecot, { user });
    const sync = () => syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: id });
    await sync();
    assert.equal((await scans()).size, 50);
    dovecot.deliver(user, message('urgent'));
    await sync();
    assert.equal((await scans()).get('urgent'), 1);
    assert.deepEqual(await jobs(id), [
      ['it', 0],
      ['it:backfill', 10],
    ]);
  });

  it('reads no older messages than asked for', async () => {
    const user = newUser(dovecot);
    dovecot.deliver(user, message('long ago'), { at: new Date(Date.now() - 40 * 86_400_000) });
    dovecot.deliver(user, message('last week'), { at: new Date(Date.now() - 7 * 86_400_000) });
    const { id } = await connectMailbox(ctx, dovecot, { user, backfillDays: 30 });
    await syncToTheEnd(ctx, id);
    assert.deepEqual([...(await scans()).keys()], ['last week']);
    assert.equal((await rowOf(ctx, id)).backfillTotal, 1);
    const none = await connectMailbox(ctx, dovecot, { backfillDays: 0 });
    dovecot.deliver(none.user, message('from now on'));
    await syncToTheEnd(ctx, none.id);
    assert.equal((await scans()).get('from now on'), 1);
  });

  it('a page that is read twice, because its worker died before it was stored, is shown once', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    await syncToTheEnd(ctx, mailbox.id);
    const { cursor } = await rowOf(ctx, mailbox.id);
    for (let n = 0; n < 10; n += 1) dovecot.deliver(mailbox.user, message(`m${n}`));
    await syncToTheEnd(ctx, mailbox.id);
    await test.database.admin`update postern.mailboxes set cursor = ${cursor} where mailbox_id = ${mailbox.id}`;
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual([...new Set((await scans()).values())], [1]);
    assert.equal((await rowOf(ctx, mailbox.id)).scanned, 10);
  });

  it('a message that is moved, or whose folder is numbered anew, is not scanned again', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const raw = message('wanderer');
    dovecot.deliver(mailbox.user, raw);
    await syncToTheEnd(ctx, mailbox.id);
    dovecot.deliver(mailbox.user, raw, { folder: '.Archive' });
    await ctx.parts.mailboxes.connectors.drop(mailbox.id);
    await dovecot.forgetUids(mailbox.user);
    await syncToTheEnd(ctx, mailbox.id);
    assert.equal((await scans()).get('wanderer'), 1);
    const [row] = await test.database.admin`select count(*)::int as n, count(distinct scan_id)::int as scans
      from postern.messages where mailbox_id = ${mailbox.id}`;
    assert.deepEqual({ ...row }, { n: 3, scans: 1 });
  });

  it('a message that cannot be scanned is set aside with its reason, and the rest goes on', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    dovecot.deliver(mailbox.user, message('before'));
    dovecot.deliver(mailbox.user, message('too large', 'x'.repeat(1_100_000)));
    dovecot.deliver(mailbox.user, '');
    dovecot.deliver(mailbox.user, message('after'));
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual([...(await scans()).keys()].sort(), ['after', 'before']);
    const view = await getMailbox({ ctx, input: { id: mailbox.id } });
    assert.equal(view.set_aside, 2);
    const reasons = view.set_aside_messages.map(({ reason }) => reason).join(' ');
    assert.match(reasons, /larger than 1 MB/);
    assert.equal(view.state, 'well');
  });

  it('a message that the database refuses is set aside, and the rest of its page is stored', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    for (const subject of ['one', 'poison', 'two']) dovecot.deliver(mailbox.user, message(subject));
    await test.database.admin.unsafe(`
      create function postern.poison() returns trigger language plpgsql as $$
      begin if new.subject = 'poison' then raise exception 'poison' using errcode = '22000'; end if; return new; end $$;
      create trigger poison before insert on postern.scans for each row execute function postern.poison();`);
    try {
      await syncToTheEnd(ctx, mailbox.id);
    } finally {
      await test.database.admin.unsafe('drop trigger poison on postern.scans; drop function postern.poison()');
    }
    assert.deepEqual([...(await scans()).keys()].sort(), ['one', 'two']);
    assert.equal((await rowOf(ctx, mailbox.id)).setAside, 1);
  });

  it('of two workers one reads, and the other leaves word to look again', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const work = <T>(run: Parameters<typeof ctx.parts.store.withTenant<T>>[2]) =>
      ctx.parts.store.withTenant<T>(ctx.identity.tenantId, { kind: 'worker', job: 'test' }, run);
    const [first, second] = [randomUUID(), randomUUID()];
    assert.notEqual(await work((db) => db.mailboxes.lease(mailbox.id, first)), null);
    assert.equal(await work((db) => db.mailboxes.lease(mailbox.id, second)), null);
    dovecot.deliver(mailbox.user, message('meanwhile'));
    await syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
    assert.equal((await scans()).size, 0);
    assert.deepEqual(await work((db) => db.mailboxes.releaseLease(mailbox.id, first)), { again: true });
  });

  it('a worker that lost its lease stores nothing of its page', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    await syncToTheEnd(ctx, mailbox.id);
    dovecot.deliver(mailbox.user, message('contested'));
    const { pool } = ctx.parts;
    const slow = {
      ...ctx.parts,
      pool: {
        ...pool,
        scan: async (request: Parameters<typeof pool.scan>[0]) => {
          // Somebody else took over while this one was stuck.
          await test.database
            .admin`update postern.mailboxes set lease_holder = ${randomUUID()} where mailbox_id = ${mailbox.id}`;
          return await pool.scan(request);
        },
      },
    };
    await syncMailbox(slow, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
    assert.equal((await scans()).size, 0);
    await test.database
      .admin`update postern.mailboxes set lease_until = now() - interval '1 s' where mailbox_id = ${mailbox.id}`;
    await syncToTheEnd(ctx, mailbox.id);
    assert.equal((await scans()).get('contested'), 1);
  });

  it('a revoked password turns the mailbox to its owner, and reconnecting loses nothing', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    await syncToTheEnd(ctx, mailbox.id);
    await dovecot.setPassword(mailbox.user, 'changed');
    await ctx.parts.mailboxes.connectors.drop(mailbox.id);
    dovecot.deliver(mailbox.user, message('in between'));
    await syncToTheEnd(ctx, mailbox.id);
    const view = await getMailbox({ ctx, input: { id: mailbox.id } });
    assert.equal(view.state, 'attention');
    assert.match(view.says, /does not accept/);
    await refuses('mailbox.login-refused', () =>
      reconnectImap({ ctx, input: { id: mailbox.id, login: { password: 'wrong' } } }),
    );
    await reconnectImap({ ctx, input: { id: mailbox.id, login: { password: 'changed' } } });
    await syncToTheEnd(ctx, mailbox.id);
    assert.equal((await scans()).get('in between'), 1);
    const events = await test.database.admin<{ action: string }[]>`select action from postern.audit_events
      where target = ${mailbox.id} order by event_id`;
    assert.deepEqual(
      events.map(({ action }) => action),
      ['mailbox.connected', 'mailbox.needs-attention', 'mailbox.reconnected'],
    );
  });

  it('a server that is away is left alone for longer each time, and nothing is lost', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    await syncToTheEnd(ctx, mailbox.id);
    dovecot.deliver(mailbox.user, message('while away'));
    await dovecot.stop();
    const waits: number[] = [];
    try {
      for (let n = 0; n < 3; n += 1) {
        await syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
        const [row] = await test.database.admin<{ wait: number }[]>`select
          extract(epoch from next_sync_at - now())::float as wait from postern.mailboxes where mailbox_id = ${mailbox.id}`;
        waits.push(row!.wait);
      }
      assert.ok(waits[0]! < waits[1]! && waits[1]! < waits[2]!, waits.join());
      assert.equal((await getMailbox({ ctx, input: { id: mailbox.id } })).state, 'unreachable');
    } finally {
      await dovecot.start();
    }
    await syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
    assert.equal((await scans()).get('while away'), 1);
    assert.equal((await getMailbox({ ctx, input: { id: mailbox.id } })).state, 'well');
  });

  it('a lost cursor starts over, and what was scanned is not scanned again', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    dovecot.deliver(mailbox.user, message('known'));
    await syncToTheEnd(ctx, mailbox.id);
    await test.database.admin`update postern.mailboxes set cursor = 'nonsense' where mailbox_id = ${mailbox.id}`;
    dovecot.deliver(mailbox.user, message('missed'));
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual([...(await scans())].sort(), [
      ['known', 1],
      ['missed', 1],
    ]);
  });

  it('a paused mailbox is not read, and catches up when it is resumed', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    await syncToTheEnd(ctx, mailbox.id);
    assert.equal((await pauseMailbox({ ctx, input: { id: mailbox.id, paused: true } })).state, 'paused');
    dovecot.deliver(mailbox.user, message('later'));
    await syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
    assert.equal((await scans()).size, 0);
    await pauseMailbox({ ctx, input: { id: mailbox.id, paused: false } });
    await syncToTheEnd(ctx, mailbox.id);
    assert.equal((await scans()).get('later'), 1);
  });

  it('disconnecting destroys the credentials at once, says what is still held, and is in the log', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const sealed = (await rowOf(ctx, mailbox.id)).credentials;
    assert.ok(sealed !== null && !sealed.includes('secret'));
    const report = await disconnectMailbox({ ctx, input: { id: mailbox.id } });
    assert.equal(report.revoked, false);
    assert.match(report.still_held.join(), /password/);
    assert.equal((await rowOf(ctx, mailbox.id)).credentials, null);
    await syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: mailbox.id });
    const events = await test.database.admin<{ action: string }[]>`select action from postern.audit_events
      where target = ${mailbox.id} order by event_id`;
    assert.deepEqual(
      events.map(({ action }) => action),
      ['mailbox.connected', 'mailbox.disconnected'],
    );
    const again = await connectMailbox(ctx, dovecot, { user: mailbox.user });
    assert.equal(again.id, mailbox.id, 'the same address is the same mailbox again');
  });

  it('connected anew for what comes from now on, an older reading that was not finished does not go on', async () => {
    const user = newUser(dovecot);
    for (let n = 0; n < 3; n += 1) dovecot.deliver(user, message(`old ${n}`));
    const { id } = await connectMailbox(ctx, dovecot, { user });
    assert.equal((await rowOf(ctx, id)).backfill, 'running');
    await disconnectMailbox({ ctx, input: { id } });
    await connectMailbox(ctx, dovecot, { user, backfillDays: 0 });
    dovecot.deliver(user, message('new'));
    await syncToTheEnd(ctx, id);
    assert.deepEqual([...(await scans()).keys()], ['new']);
  });

  it('credentials of one mailbox do not open for another', async () => {
    const [one, two] = [await connectMailbox(ctx, dovecot), await connectMailbox(ctx, dovecot)];
    const { credentials } = await rowOf(ctx, one.id);
    await test.database.admin`update postern.mailboxes set credentials = ${credentials} where mailbox_id = ${two.id}`;
    await refuses('keys.damaged', () => syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId: two.id }));
  });

  it('nothing is kept of a login that does not work', async () => {
    const user = newUser(dovecot);
    const input = { address: `${user}@example.test`, backfillDays: 0, ...loginOf(dovecot, user, 'wrong') };
    await refuses('mailbox.login-refused', () => connectImap({ ctx, input }));
    await refuses('mailbox.unreachable', () => connectImap({ ctx, input: { ...input, port: 1 } }));
    await refuses('mailbox.unreachable', () => connectImap({ ctx, input: { ...input, host: '10.1.2.3' } }));
    const [row] = await test.database
      .admin`select count(*)::int as n from postern.mailboxes where tenant_id = ${ctx.identity.tenantId}`;
    assert.equal(row!['n'], 0);
  });
});
