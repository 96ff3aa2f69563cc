import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hashSecret } from '../../../src/services/accounts/sessions/refresh-token.js';
import type { MemberContext } from '../../../src/services/context.js';
import { getMailbox } from '../../../src/services/mailboxes/get-mailbox.js';
import { resumeWaiting } from '../../../src/services/mailboxes/sync/resume-waiting.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { getPlan } from '../../../src/services/plans/get-plan.js';
import { normalised, redeemCoupon } from '../../../src/services/plans/redeem-coupon.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';
import { connectMailbox, rowOf, scansBySubject, syncToTheEnd } from './mailbox.js';

describe('the plan and what is read from mailboxes', function () {
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
  beforeEach(async () => {
    ctx = await test.context('org_owner');
    await quota(1000);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const quota = (scans: number) =>
    test.database.admin`update postern.tiers set monthly_scans = ${scans} where tier = 'community'`;
  const scans = async (of = ctx) => [...(await scansBySubject(test.database.admin, of.identity.tenantId)).values()];
  const used = async () => (await getPlan({ ctx })).used;
  const filled = async (count: number, of = ctx) => {
    const mailbox = await connectMailbox(of, dovecot, { backfillDays: 0 });
    for (let n = 0; n < count; n += 1) dovecot.deliver(mailbox.user, message(`${mailbox.user} ${n}`));
    return mailbox;
  };
  const sync = (mailboxId: string) => syncMailbox(ctx.parts, { tenantId: ctx.identity.tenantId, mailboxId });
  const syncUntilItWaits = async (id: string) => {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      await sync(id);
      if ((await rowOf(ctx, id)).quotaUntil !== null) return;
    }
    throw new Error('the mailbox never waited');
  };
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  const coupon = async (bonus: number) => {
    const code = randomUUID();
    await test.database
      .admin`insert into postern.coupons (coupon_id, code_hash, label, bonus_scans, redemptions_left, expires_at)
      values (${randomUUID()}, ${hashSecret(normalised(code))}, 'test', ${bonus}, 1, now() + interval '1 day')`;
    await redeemCoupon({ ctx, input: { code } });
  };
  const queued = async (task: string) => {
    const rows = await test.database.admin<{ key: string }[]>`select key from graphile_worker._private_jobs
      where key like ${`${ctx.identity.tenantId}:${task}:%`}`;
    return rows.length;
  };

  it('each message that is scanned is spent from the plan, and what is read again is not', async () => {
    const { id } = await filled(12);
    const { cursor } = await syncToTheEnd(ctx, id);
    assert.deepEqual([await used(), (await scans()).length], [12, 12]);
    await test.database.admin`update postern.mailboxes set cursor = null where mailbox_id = ${id}`;
    await syncToTheEnd(ctx, id);
    assert.deepEqual([await used(), (await rowOf(ctx, id)).cursor], [12, cursor]);
  });

  it('where the plan ends the mailbox waits and says until when; a coupon and another plan each bring the rest, once', async () => {
    await quota(7);
    const { id } = await filled(20);
    await syncUntilItWaits(id);
    assert.deepEqual([await used(), await scans()], [7, ones(7)]);
    const view = await getMailbox({ ctx, input: { id } });
    const { resetsAt } = await getPlan({ ctx });
    assert.deepEqual([view.state, view.waiting_until], ['waiting', resetsAt.toISOString()]);
    assert.match(view.says, new RegExp(`used up until ${resetsAt.toISOString().slice(0, 10)}`));

    await coupon(5);
    assert.equal(await queued('resume-mailboxes'), 1);
    await resumeWaiting(ctx.parts, { tenant_id: ctx.identity.tenantId });
    assert.equal(await queued('sync-mailbox'), 1);
    await syncUntilItWaits(id);
    assert.deepEqual([await used(), await scans()], [7, ones(12)]);
    assert.equal((await getPlan({ ctx })).bonusLeft, 0);

    await test.database.admin`update postern.tenants set tier = 'unlimited' where tenant_id = ${ctx.identity.tenantId}`;
    await syncToTheEnd(ctx, id);
    assert.deepEqual(await scans(), ones(20));
    const after = await getMailbox({ ctx, input: { id } });
    assert.deepEqual([after.state, after.waiting_until], ['well', null]);
  });

  it('in the next month it goes on where it was, also in the middle of what was there before', async () => {
    await quota(9);
    const { id, user } = await connectMailbox(ctx, dovecot, { backfillDays: 0 });
    for (let n = 0; n < 30; n += 1) dovecot.deliver(user, message(`before ${n}`));
    await test.database
      .admin`update postern.mailboxes set cursor = null, backfill = 'running' where mailbox_id = ${id}`;
    for (let months = 1; months <= 3; months += 1) {
      await syncUntilItWaits(id);
      assert.equal((await scans()).length, 9 * months);
      await test.database.admin`update postern.usage_months set month = (month - interval '1 month')::date
        where tenant_id = ${ctx.identity.tenantId} and month = (select max(month) from postern.usage_months)`;
      await test.database.admin`update postern.usage_months set month = (month - interval '1 month')::date
        where tenant_id = ${ctx.identity.tenantId} and month < postern.this_month()`;
    }
    await syncToTheEnd(ctx, id);
    assert.deepEqual(await scans(), ones(30));
    assert.equal((await rowOf(ctx, id)).backfillSeen, 30);
  });

  it('mailboxes that are read at the same time take together exactly what there is', async () => {
    await quota(23);
    const mailboxes = await Promise.all([filled(15), filled(15), filled(15)]);
    const other = await test.context('org_owner');
    const theirs = await filled(5, other);
    await Promise.all([
      ...mailboxes.map(({ id }) => syncUntilItWaits(id)),
      syncMailbox(other.parts, { tenantId: other.identity.tenantId, mailboxId: theirs.id }),
    ]);
    assert.deepEqual([await used(), await scans()], [23, ones(23)]);
    assert.deepEqual(await scans(other), ones(5), 'another tenant has a plan of its own');
    await quota(100);
    for (const { id } of mailboxes) await syncToTheEnd(ctx, id);
    assert.deepEqual([await used(), await scans()], [45, ones(45)]);
  });

  it('what cannot be scanned costs nothing and stops nothing', async () => {
    await quota(2);
    const mailbox = await connectMailbox(ctx, dovecot, { backfillDays: 0 });
    const large = Buffer.concat([message('too large'), Buffer.alloc(1_200_000, 'x')]);
    for (const raw of [large, message('one'), large, message('two')]) dovecot.deliver(mailbox.user, raw);
    await syncUntilItWaits(mailbox.id);
    assert.deepEqual([await used(), await scans()], [2, ones(2)]);
    assert.equal((await rowOf(ctx, mailbox.id)).setAside, 2);
  });
});
