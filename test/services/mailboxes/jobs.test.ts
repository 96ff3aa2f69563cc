import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs } from '../../../src/jobs/jobs.js';
import type { MemberContext } from '../../../src/services/context.js';
import { faultDelay, lookDelay } from '../../../src/services/mailboxes/sync/back-off.js';
import { pauseMailbox } from '../../../src/services/mailboxes/pause-mailbox.js';
import { queueDueMailboxes } from '../../../src/services/mailboxes/sync/queue-due-mailboxes.js';
import { watchPushes } from '../../../src/services/mailboxes/sync/watch-pushes.js';
import { startWorker } from '../../../src/store/worker.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';
import { connectMailbox, newUser, rowOf, scansBySubject, syncToTheEnd } from './mailbox.js';
import { until } from '../../helpers/until.js';

describe('mailboxes in the background', function () {
  this.timeout(90_000);
  let dovecot: Dovecot;
  let test: TestParts;
  let ctx: MemberContext;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
  });
  beforeEach(async () => {
    test = await createTestParts();
    ctx = await test.context('org_member');
  });
  afterEach(() => test.close());
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const scans = () => scansBySubject(test.database.admin, ctx.identity.tenantId);
  const work = (concurrency: number) =>
    startWorker({
      ownerUrl: test.database.ownerUrl,
      tasks: createJobs(ctx.parts).filter(({ name }) => name === 'sync-mailbox'),
      concurrency,
      log: ctx.parts.log,
    });
  const holders = async () => {
    const rows = await test.database.admin<
      { holder: string | null }[]
    >`select push_holder as holder from postern.mailboxes`;
    return rows.map(({ holder }) => holder);
  };

  it('a message is scanned when it arrives, without anybody asking', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const worker = await work(2);
    const pushes = watchPushes(ctx.parts, { lookMs: 100 });
    try {
      await until(async () => (await holders())[0] !== null && (await rowOf(ctx, mailbox.id)).backfill === 'done');
      dovecot.deliver(mailbox.user, message('pushed'));
      await until(async () => (await scans()).get('pushed') === 1);
    } finally {
      await pushes.stop();
      await worker.stop();
    }
  });

  it('a push connection that is lost is opened again, and what arrived meanwhile is found', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const worker = await work(2);
    const pushes = watchPushes(ctx.parts, { lookMs: 100 });
    try {
      await until(async () => (await rowOf(ctx, mailbox.id)).syncedAt !== null);
      dovecot.kick(mailbox.user);
      dovecot.deliver(mailbox.user, message('meanwhile'));
      await until(async () => (await scans()).get('meanwhile') === 1);
    } finally {
      await pushes.stop();
      await worker.stop();
    }
  });

  it('one process holds the push connection of a mailbox, and another takes over', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const first = watchPushes(ctx.parts, { lookMs: 50 });
    await until(async () => (await holders())[0] !== null);
    const [held] = await holders();
    const second = watchPushes(ctx.parts, { lookMs: 50 });
    await sleep(300);
    assert.deepEqual(await holders(), [held]);
    await first.stop();
    await until(async () => ![held, null].includes((await holders())[0] ?? null));
    // Nobody holds one of a mailbox that is paused.
    await pauseMailbox({ ctx, input: { id: mailbox.id, paused: true } });
    await second.stop();
    assert.deepEqual(await holders(), [null]);
  });

  it('a huge mailbox does not keep a small one waiting', async () => {
    const [large, small] = [newUser(dovecot), newUser(dovecot)];
    for (let n = 0; n < 400; n += 1) dovecot.deliver(large, message(`large ${n}`));
    const huge = await connectMailbox(ctx, dovecot, { user: large });
    // One place: whoever is not fair shows it.
    const worker = await work(1);
    try {
      await until(async () => (await scans()).size > 0);
      dovecot.deliver(small, message('small'));
      await connectMailbox(ctx, dovecot, { user: small });
      await until(async () => (await scans()).get('small') === 1);
      const { backfill, backfillSeen } = await rowOf(ctx, huge.id);
      assert.equal(backfill, 'running', `${backfillSeen} of 400 were read first`);
    } finally {
      await worker.stop();
    }
  });

  it('a mailbox whose time has come is queued once, and one that is paused is not', async () => {
    const [due, paused] = [await connectMailbox(ctx, dovecot), await connectMailbox(ctx, dovecot)];
    for (const { id } of [due, paused]) await syncToTheEnd(ctx, id);
    await pauseMailbox({ ctx, input: { id: paused.id, paused: true } });
    await test.database.admin`delete from graphile_worker._private_jobs`;
    await test.database.admin`update postern.mailboxes set next_sync_at = now()`;
    await queueDueMailboxes(ctx.parts);
    await queueDueMailboxes(ctx.parts);
    const rows = await test.database.admin<
      { id: string }[]
    >`select payload ->> 'mailbox_id' as id from graphile_worker._private_jobs`;
    assert.deepEqual(
      rows.map(({ id }) => id),
      [due.id],
    );
  });

  it('waits grow to their bounds, and are never shorter than the provider asks', () => {
    const waits = Array.from({ length: 12 }, (_, failures) => faultDelay(failures, null, () => 0.5));
    assert.deepEqual(waits.slice(0, 3), [5, 10, 20]);
    assert.equal(waits.at(-1), 900);
    assert.equal(faultDelay(0, 120_000), 120);
    assert.deepEqual([0, 1, 9].map(lookDelay), [60, 120, 600]);
  });
});
