import assert from 'node:assert/strict';
import { takeReport } from '../../../src/services/abuse/take-report.js';
import { reportOf } from '../../services/abuse-mail.js';
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
    for (const left of [1, 0]) {
      await quota(left);
      for (const _ of [1, 2]) await take(ids[0]!);
      assert.deepEqual([await states(), scans, await used(), await comesAgain(ids[0]!)], [['waiting'], 0, 0, true]);
    }
    await quota(1000);
    for (const _ of [1, 2]) await take(ids[0]!);
    assert.deepEqual([await states(), await used()], [['done'], 2]);
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
});
