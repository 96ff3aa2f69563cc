import assert from 'node:assert/strict';
import { moveRetention } from '../../../src/services/plans/move-retention.js';
import { noteRescan } from '../../../src/services/feedback/note-rescan.js';
import { actorOf } from '../../../src/services/context.js';
import { phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Wrong {
  readonly missed: number;
  readonly false_alarms: number;
  readonly days: { readonly day: string; readonly missed: number; readonly false_alarms: number }[];
  readonly items: {
    readonly scan_id: string;
    readonly kind: string;
    readonly label_before: string;
    readonly label_now: string;
    readonly reports: number;
    readonly rescanned: boolean;
  }[];
}

describe('where a verdict was wrong', () => {
  let server: TestServer;
  let admin: Member;
  let member: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  beforeEach(async () => {
    admin = await server.member('org_admin');
    member = await server.member('org_member', admin.tenantId);
  });
  after(() => server.close());

  const body = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const upload = async (as = member, message = phish()) =>
    (await body<{ id: string }>(server.send('POST', '/scan/upload', { as, body: fileForm(message) }))).id;
  const say = async (id: string, kind: string, as = member, comment?: string) =>
    (
      await server.send('POST', `/scan/${id}/feedback`, {
        as,
        json: { kind, ...(comment === undefined ? {} : { comment }) },
      })
    ).status;
  const said = async (id: string, as = member) =>
    (
      await body<{ items: { kind: string; own: boolean; source: string; comment: string; label_before: string }[] }>(
        server.send('GET', `/scan/${id}/feedback`, { as }),
      )
    ).items;
  const wrong = async (as = admin) =>
    (await body<{ wrong: Wrong }>(server.send('GET', '/insights?days=7', { as }))).wrong;
  const rows = async (id: string) =>
    (await server.database.admin`select 1 from postern.verdict_feedback where scan_id = ${id}`).length;
  const label = (id: string, now: string) =>
    server.database.admin`update postern.scans set label = ${now} where scan_id = ${id}`;

  it('a member says so once, may change and take it back, and the log has each', async () => {
    const id = await upload();
    assert.deepEqual(await said(id), []);
    assert.equal(await say(id, 'false-alarm', member, 'It is our own newsletter'), 204);
    assert.equal(await say(id, 'missed-threat'), 204);
    assert.deepEqual(
      (await said(id)).map(({ kind, own, source, comment, label_before: before }) => [
        kind,
        own,
        source,
        comment,
        before,
      ]),
      [['missed-threat', true, 'person', '', 'phishing']],
    );
    assert.equal((await server.send('DELETE', `/scan/${id}/feedback`, { as: member })).status, 204);
    assert.deepEqual(await said(id), []);
    const log = await server.database.admin`select action from postern.audit_events where target = ${id}
      and action like 'scan.feedback%' order by event_id`;
    assert.deepEqual(
      log.map((event) => String(event['action'])),
      ['scan.feedback-given', 'scan.feedback-given', 'scan.feedback-withdrawn'],
    );
  });

  it('nobody speaks about a scan that is not theirs to see, nor takes back what others said', async () => {
    const id = await upload();
    await say(id, 'missed-threat');
    const strangers = [await server.member('org_member', admin.tenantId), await server.member('org_owner')];
    for (const as of strangers) {
      assert.equal(await say(id, 'false-alarm', as), 404);
      for (const method of ['GET', 'DELETE']) {
        assert.equal((await server.send(method, `/scan/${id}/feedback`, { as })).status, 404);
      }
    }
    assert.equal((await server.send('DELETE', `/scan/${id}/feedback`, { as: admin })).status, 204);
    assert.equal((await said(id, admin)).length, 1, 'an administrator takes back only their own');
    const actor = { kind: 'user', userId: strangers[0]!.userId, role: 'org_member' } as const;
    const forged = { userId: member.userId, source: 'person', kind: 'false-alarm', comment: '' } as const;
    await assert.rejects(
      server.parts.store.withTenant(admin.tenantId, { ...actor, role: 'org_admin' }, (db) =>
        db.feedback.put(id, forged),
      ),
      'not in the name of another',
    );
    assert.equal(
      await server.parts.store.withTenant(admin.tenantId, actor, (db) =>
        db.feedback.put(id, { ...forged, userId: strangers[0]!.userId }),
      ),
      false,
    );
    assert.equal(await rows(id), 1);
  });

  it('insights count each message once a kind, with what it was and is, and nothing of another tenant', async () => {
    const [first, second] = [await upload(), await upload()];
    await label(first, 'safe');
    await say(first, 'missed-threat');
    await say(first, 'missed-threat', admin);
    await label(first, 'phishing');
    await say(second, 'false-alarm');
    const other = await server.member('org_owner');
    await say(await upload(other), 'missed-threat', other);
    const found = await wrong();
    assert.deepEqual([found.missed, found.false_alarms], [1, 1]);
    const today = new Date().toISOString().slice(0, 10);
    assert.deepEqual(found.days, [{ day: today, missed: 1, false_alarms: 1 }]);
    const missed = found.items.find((item) => item.scan_id === first);
    assert.deepEqual(
      [missed?.label_before, missed?.label_now, missed?.reports, missed?.rescanned],
      ['safe', 'phishing', 2, false],
    );
  });

  it('a rescan that finds danger in what had been let through counts as missed, until one finds none', async () => {
    const id = await upload();
    await label(id, 'safe');
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: member })).status, 200);
    assert.deepEqual(
      (await said(id)).map(({ source, kind, label_before: before }) => [source, kind, before]),
      [['rescan', 'missed-threat', 'safe']],
    );
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: member })).status, 200);
    const found = await wrong();
    assert.deepEqual([found.missed, found.items[0]?.rescanned, found.items[0]?.label_before], [1, true, 'safe']);
    const { userId, tenantId } = admin;
    const ctx = { parts: server.parts, client: { ip: '', userAgent: '' } };
    const identity = { userId, tenantId, role: 'org_admin', sessionId: '' } as const;
    await server.parts.store.withTenant(tenantId, actorOf({ ...ctx, identity }), async (db) => {
      const scan = (await db.scans.get(id))!;
      await noteRescan(db, userId, scan, { ...scan, label: 'safe' });
    });
    assert.equal((await wrong()).missed, 0);
  });

  it('what was suspicious or could not be examined before was not missed', async () => {
    for (const before of ['suspicious', 'incomplete']) {
      const id = await upload();
      await label(id, before);
      await server.send('POST', `/scan/${id}/rescan`, { as: member });
      assert.equal(await rows(id), 0, before);
    }
  });

  it('is kept as long as its scan: it goes with it, moves with it, and expires with it', async () => {
    const [kept, deleted] = [await upload(), await upload()];
    for (const id of [kept, deleted]) await say(id, 'missed-threat');
    await server.send('DELETE', `/scan/${deleted}`, { as: member });
    assert.equal(await rows(deleted), 0);
    await server.database.admin`update postern.tenants set retention_days = 90 where tenant_id = ${admin.tenantId}`;
    await moveRetention(server.parts, { tenant_id: admin.tenantId });
    const [row] = await server.database.admin<{ same: boolean }[]>`select f.expires_on = s.expires_on as same
      from postern.verdict_feedback f join postern.scans s on s.scan_id = f.scan_id where f.scan_id = ${kept}`;
    assert.equal(row?.same, true);
    assert.equal((await said(kept)).length, 1);
    await server.database
      .admin`update postern.verdict_feedback set expires_on = current_date - 2 where scan_id = ${kept}`;
    assert.deepEqual(await said(kept), []);
    await server.parts.store.withSystem('partitions', (db) => db.maintainPartitions());
    assert.equal(await rows(kept), 0);
  });
});
