import assert from 'node:assert/strict';
import { takeReport } from '../../../src/services/abuse/take-report.js';
import { resumeWaiting } from '../../../src/services/mailboxes/sync/resume-waiting.js';
import { reportOf } from '../../services/abuse-mail.js';
import { loginOf } from '../../services/mailboxes/mailbox.js';
import { phish } from '../../services/parts.js';
import { AbuseDesk } from './abuse-desk.js';

describe('reports and the plan', function () {
  this.timeout(90_000);
  let desk: AbuseDesk;
  let scans: number;
  before(async function () {
    desk = await AbuseDesk.open(this);
  });
  beforeEach(async () => {
    await desk.begin();
    await quota(1000);
    scans = 0;
  });
  after(async () => {
    await (desk as AbuseDesk | undefined)?.close();
  });

  const quota = (monthly: number) =>
    desk.server.database.admin`update postern.tiers set monthly_scans = ${monthly} where tier = 'community'`;
  /** So many of the month are gone. */
  const spent = (scans: number) => desk.server.database.admin`
    insert into postern.usage_months (tenant_id, month, shard, scans)
    values (${desk.admin.tenantId}, postern.this_month(), 0, ${scans})
    on conflict (tenant_id, month, shard) do update set scans = excluded.scans`;
  const used = async () => (await desk.call<{ used: number }>('GET', '/plan')).body.used;
  /** As the job, counting what is scanned. */
  const take = async (reportId: string) => {
    const { parts } = desk.server;
    const scan: typeof parts.pool.scan = (request) => {
      scans += 1;
      return parts.pool.scan(request);
    };
    await takeReport({ ...parts, pool: { ...parts.pool, scan } }, { tenantId: desk.admin.tenantId, reportId });
  };
  const states = async () => (await desk.reports()).map(({ status }) => status).sort();
  const arrived = async (...reports: readonly (readonly string[])[]) => {
    const mailbox = await desk.abuse();
    for (const [n, subjects] of reports.entries())
      desk.deliver(
        mailbox,
        reportOf(
          subjects.map((subject) => phish(subject)),
          { from: `p${n}@plan.corp.example` },
        ),
      );
    await desk.sync(mailbox, 3);
    const ids = (await desk.reports()).map(({ id }) => id);
    assert.equal(ids.length, reports.length);
    return { mailbox, ids };
  };
  const comesAgain = async (id: string) => {
    const rows = await desk.server.database.admin`select 1 from graphile_worker._private_jobs
      where key = ${`${desk.admin.tenantId}:take-report:${id}`} and run_at > now() + interval '5 minutes'`;
    return rows.length === 1;
  };

  it('where too few scans are left a report waits, nothing is scanned for it meanwhile, and then it is taken once', async () => {
    const { ids } = await arrived(['One', 'Two']);
    await quota(3);
    for (const before of [2, 3]) {
      await spent(before);
      for (const _ of [1, 2]) await take(ids[0]!);
      assert.deepEqual(
        [await states(), scans, await used(), await comesAgain(ids[0]!)],
        [['waiting'], 0, before, true],
      );
      const why =
        before === 2 ? /^It needs 2 scans, and the plan has 1 left until / : /^The scans of the plan are used up/;
      assert.match((await desk.reports())[0]!.reason ?? '', why);
    }
    await quota(1000);
    await resumeWaiting(desk.server.parts, { tenant_id: desk.admin.tenantId });
    assert.equal(await comesAgain(ids[0]!), false, 'at once, not in ten minutes');
    for (const _ of [1, 2]) await take(ids[0]!);
    assert.deepEqual([await states(), await used()], [['done'], 5]);
    assert.equal((await desk.reports())[0]!.reason, null);
    assert.equal((await desk.reports())[0]!.messages.length, 2);
    assert.equal((await desk.server.mailTo('p0@plan.corp.example')).length, 1);
  });

  it('of two that are taken at the same moment when one scan is left, one waits, and nothing of it is kept', async () => {
    const { ids } = await arrived(['One'], ['Another']);
    await quota(1);
    await Promise.all(ids.map(take));
    assert.deepEqual([await states(), await used()], [['done', 'waiting'], 1]);
    const rows = await desk.server.database.admin`select 1 from postern.scans
      where tenant_id = ${desk.admin.tenantId} and source = 'report'`;
    assert.equal(rows.length, 1);
    const other = await desk.server.member('org_admin');
    assert.equal((await desk.call<{ used: number }>('GET', '/plan', undefined, other)).body.used, 0);
    await quota(1000);
    for (const id of ids) await take(id);
    assert.deepEqual([await states(), await used()], [['done', 'done'], 2]);
  });

  it('while the mailbox is paused its reports wait too', async () => {
    const { mailbox, ids } = await arrived(['One']);
    assert.equal((await desk.call('POST', `/mailboxes/${mailbox.id}/pause`)).status, 200);
    await take(ids[0]!);
    assert.deepEqual([await states(), scans, await comesAgain(ids[0]!)], [['waiting'], 0, true]);
    assert.equal((await desk.call('POST', `/mailboxes/${mailbox.id}/resume`)).status, 200);
    await take(ids[0]!);
    assert.deepEqual(await states(), ['done']);
  });

  const again = (id: string, as = desk.admin) =>
    desk.call<{ status?: string; code?: string }>('POST', `/reports/${id}/take-again`, undefined, as);

  it('one that no month of the plan could hold is refused with the reason, and taken again once the plan has more', async () => {
    const { ids } = await arrived(['One', 'Two', 'Three']);
    const id = ids[0]!;
    await quota(2);
    await take(id);
    const [refused] = await desk.reports();
    assert.deepEqual([refused!.status, scans, await used()], ['failed', 0, 0]);
    const unexamined = async () =>
      (await desk.call<{ items: { id: string }[] }>('GET', '/reports?only=unexamined')).body.items.length;
    assert.equal(await unexamined(), 1);
    assert.match(refused!.reason ?? '', /^It needs 3 scans, and a whole month of this plan has 2\. .*taken again/);
    const member = await desk.server.member('org_member', desk.admin.tenantId);
    assert.equal((await again(id, member)).status, 403);
    assert.equal((await again(id, await desk.server.member('org_owner'))).status, 404, 'in another tenant');
    await take(id);
    assert.deepEqual(await states(), ['failed'], 'nobody asked for it');
    // A coupon counts as well.
    await desk.server.database
      .admin`insert into postern.bonus_scans (tenant_id, granted) values (${desk.admin.tenantId}, 1)`;
    const { status, body } = await again(id);
    assert.deepEqual([status, body.status], [200, 'waiting']);
    await take(id);
    assert.deepEqual([await states(), await used()], [['done'], 2], 'the month, and the coupon for the third');
    assert.deepEqual([(await desk.reports())[0]!.messages.length, await unexamined()], [3, 0]);
    assert.deepEqual([(await again(id)).status, (await again(id)).body.code], [409, 'report.taken']);
    const { items } = (await desk.call<{ items: { action: string }[] }>('GET', '/audit')).body;
    assert.ok(items.some(({ action }) => action === 'report.taken-again'));
  });

  it('it does not expire while it waits, and does not wait for ever', async () => {
    const { ids } = await arrived(['One']);
    const id = ids[0]!;
    const { admin } = desk.server.database;
    await admin`update postern.reports set expires_at = now() + interval '1 hour' where report_id = ${id}`;
    await spent(1000);
    await take(id);
    const [kept] =
      await admin`select expires_at > now() + interval '6 days' as kept from postern.reports where report_id = ${id}`;
    assert.equal(kept?.['kept'], true);
    await admin`update postern.reports set noted_at = now() - interval '61 days' where report_id = ${id}`;
    await take(id);
    const [ended] = await desk.reports();
    assert.equal(ended!.status, 'failed');
    assert.match(ended!.reason ?? '', /^It has waited for 60 days\. The scans of the plan are used up/);
  });

  it('one whose mailbox cannot be read says so, ends when that is disconnected, and is taken once it is connected again', async () => {
    const { mailbox, ids } = await arrived(['One']);
    const id = ids[0]!;
    const { parts, database } = desk.server;
    await parts.mailboxes.connectors.drop(mailbox.id);
    await desk.dovecot.stop();
    await take(id);
    await desk.dovecot.start();
    const [waits] = await desk.reports();
    assert.deepEqual([waits!.status, await comesAgain(id)], ['waiting', true]);
    assert.match(waits!.reason ?? '', /^The mailbox cannot be read now\. /);
    await database.admin`update postern.mailboxes set status = 'attention' where mailbox_id = ${mailbox.id}`;
    await take(id);
    assert.match((await desk.reports())[0]!.reason ?? '', /connected again first/);
    // Whoever disconnects it need not be an administrator any more, and no job has to come by.
    const as = (role: string) => database.admin`update postern.memberships set role = ${role}
      where tenant_id = ${desk.admin.tenantId} and user_id = ${desk.admin.userId}`;
    await as('org_member');
    assert.equal((await desk.call('DELETE', `/mailboxes/${mailbox.id}`)).status, 200);
    await as('org_admin');
    const [gone] = await desk.reports();
    assert.deepEqual([gone!.status, gone!.reason], ['gone', 'The mailbox was disconnected before this was read.']);
    assert.deepEqual([(await again(id)).status, (await again(id)).body.code], [409, 'mailbox.not-connected']);
    const json = { address: `${mailbox.user}@corp.example`, ...loginOf(desk.dovecot, mailbox.user), backfill_days: 0 };
    assert.equal((await desk.call('POST', '/mailboxes/imap', json)).status, 201);
    assert.equal((await again(id)).status, 200);
    await take(id);
    assert.deepEqual(await states(), ['done']);
  });

  it('while its mailbox is known to be down it is not asked once more for each report that waits', async () => {
    const { mailbox, ids } = await arrived(['One']);
    const fault = (text: string | null) =>
      desk.server.database.admin`update postern.mailboxes set fault = ${text} where mailbox_id = ${mailbox.id}`;
    await fault('The server took too long to answer.');
    const { parts } = desk.server;
    let asked = 0;
    const connectors: typeof parts.mailboxes.connectors = {
      ...parts.mailboxes.connectors,
      use(...given) {
        asked += 1;
        return parts.mailboxes.connectors.use(...given);
      },
    };
    const work = () =>
      takeReport(
        { ...parts, mailboxes: { ...parts.mailboxes, connectors } },
        { tenantId: desk.admin.tenantId, reportId: ids[0]! },
      );
    await work();
    const [waits] = await desk.reports();
    assert.deepEqual([waits!.status, asked, await comesAgain(ids[0]!)], ['waiting', 0, true]);
    assert.equal(waits!.reason, 'The mailbox cannot be read now. The server took too long to answer.');
    await fault(null);
    await work();
    assert.deepEqual([await states(), asked], [['done'], 1]);
  });

  it('what waits in a mailbox that is deleted with its owner ends too', async () => {
    const { mailbox } = await arrived(['One']);
    await desk.server.database.admin`delete from postern.mailboxes where mailbox_id = ${mailbox.id}`;
    assert.deepEqual(await states(), ['gone']);
  });
});
