import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/errors.js';
import { PosternError } from '../../../src/errors.js';
import type { MemberContext } from '../../../src/services/context.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { deleteScan } from '../../../src/services/scans/delete-scan.js';
import { getScan } from '../../../src/services/scans/get-scan.js';
import { indicatorsIn } from '../../../src/services/scans/indicators.js';
import { listScans } from '../../../src/services/scans/list-scans.js';
import { openMessage } from '../../../src/services/scans/content/open-message.js';
import { getOverview } from '../../../src/services/scans/overview.js';
import { issueTicket, renderForTicket } from '../../../src/services/scans/content/rendering.js';
import { rescan } from '../../../src/services/scans/rescan.js';
import type { StoredScan } from '../../../src/services/scans/stored-scan.js';
import { createTestParts, phish } from '../parts.js';
import type { TestParts } from '../parts.js';

describe('scans as a service', () => {
  let test: TestParts;
  let owner: MemberContext;
  let admin: MemberContext;
  let colleague: MemberContext;
  let stranger: MemberContext;
  let scan: StoredScan;

  before(async function () {
    this.timeout(60_000);
    test = await createTestParts();
    owner = await test.context('org_member');
    const { tenantId } = owner.identity;
    admin = await test.context('org_admin', tenantId);
    colleague = await test.context('org_member', tenantId);
    stranger = await test.context('org_owner');
    scan = await createScan({ ctx: owner, input: { raw: phish(), source: 'upload' } });
  });
  after(() => test.close());

  it('a scan is stored with its verdict, its indicators and its sealed message, and comes back the same', async () => {
    assert.equal(scan.message.subject, 'Your account is suspended');
    assert.ok(scan.findings.length > 0);
    const stored = await getScan({ ctx: owner, input: { id: scan.id } });
    assert.deepEqual(stored, JSON.parse(JSON.stringify(scan)));
    const { message } = await openMessage({ ctx: owner, input: { id: scan.id, purpose: 'view' } });
    assert.equal(message.sha256, scan.sha256);
    const [row] = await test.database.admin<{ n: number }[]>`
      select count(*)::int as n from postern.indicators where scan_id = ${scan.id}`;
    const distinct = new Set(indicatorsIn(scan).map((i) => `${i.kind} ${i.value}`));
    assert.equal(row?.n, distinct.size);
  });

  it('is found by a link, a site, the domain of the sender, and the hash of the message, by whoever may see it', async () => {
    const found = async (ctx: MemberContext, indicators: Parameters<typeof listScans>[0]['input']['indicators']) => {
      const page = await listScans({
        ctx,
        input: { filter: {}, indicators: indicators ?? {}, limit: 10, cursor: null },
      });
      return page.items.map(({ id }) => id);
    };
    const queries = [
      { url: 'http://192.0.2.7/login' },
      { url: '192.0.2.7/login' },
      { domain: '192.0.2.7' },
      { domain: 'PayPa1-Account.example' },
      { sha256: scan.sha256.toUpperCase() },
      { domain: '192.0.2.7', sha256: scan.sha256 },
    ];
    for (const query of queries) {
      assert.deepEqual(await found(owner, query), [scan.id], JSON.stringify(query));
      assert.deepEqual(await found(admin, query), [scan.id], JSON.stringify(query));
      assert.deepEqual(await found(colleague, query), [], JSON.stringify(query));
      assert.deepEqual(await found(stranger, query), [], JSON.stringify(query));
    }
    for (const query of [{ domain: 'account.example' }, { domain: '192.0.2.7', sha256: 'a'.repeat(64) }]) {
      assert.deepEqual(await found(owner, query), [], JSON.stringify(query));
    }
  });

  it('nothing of the message can be read in the sealed column', async () => {
    const [row] = await test.database.admin<{ sealed: Buffer }[]>`
      select sealed from postern.message_contents where scan_id = ${scan.id}`;
    assert.equal(row?.sealed.includes('customer'), false);
  });

  /** Every way to reach a scan, with what is needed to call it. */
  const operations: Readonly<Record<string, (ctx: MemberContext, id: string, reason?: string) => Promise<unknown>>> = {
    getScan: (ctx, id) => getScan({ ctx, input: { id } }),
    openMessage: (ctx, id, reason) => openMessage({ ctx, input: { id, purpose: 'view', reason } }),
    issueTicket: (ctx, id, reason) => issueTicket({ ctx, input: { id, reason } }),
    rescan: (ctx, id, reason) => rescan({ ctx, input: { id, reason } }),
    deleteScan: (ctx, id) => deleteScan({ ctx, input: { id } }),
  };
  for (const [name, operate] of Object.entries(operations)) {
    it(`${name}: in another tenant, for its owner, the scan does not exist`, async () => {
      await refused('scan.not-found', operate(stranger, scan.id, 'I am curious'));
    });
    it(`${name}: for another member of the tenant the scan does not exist`, async () => {
      await refused('scan.not-found', operate(colleague, scan.id, 'I am curious'));
    });
  }

  it('an administrator sees the verdict of others, but opens their message only with a reason, which is audited', async () => {
    assert.equal((await getScan({ ctx: admin, input: { id: scan.id } })).id, scan.id);
    await refused('auth.forbidden', operations['openMessage']!(admin, scan.id));
    await refused('auth.forbidden', operations['issueTicket']!(admin, scan.id));
    await refused('auth.forbidden', operations['rescan']!(admin, scan.id));
    await openMessage({ ctx: admin, input: { id: scan.id, purpose: 'view', reason: 'Reported as phishing' } });
    const events = await test.parts.store.withTenant(
      admin.identity.tenantId,
      { kind: 'user', userId: admin.identity.userId, role: 'org_admin' },
      (db) => db.audit.list(20),
    );
    const opened = events.find((event) => event.actor === `user:${admin.identity.userId}`);
    assert.equal(opened?.action, 'content.opened');
    assert.equal(opened.details['reason'], 'Reported as phishing');
    assert.equal(opened.details['owner'], owner.identity.userId);
  });

  it('a member finds their own scans only, an administrator those of all, a stranger none', async () => {
    const other = await createScan({ ctx: colleague, input: { raw: phish('Other'), source: 'upload' } });
    const list = async (ctx: MemberContext) =>
      (await listScans({ ctx, input: { filter: {}, limit: 50, cursor: null } })).items.map(({ id }) => id);
    assert.deepEqual(await list(colleague), [other.id]);
    assert.deepEqual(await list(owner), [scan.id]);
    assert.deepEqual(await list(admin), [other.id, scan.id]);
    assert.deepEqual(await list(stranger), []);
    assert.equal((await getOverview({ ctx: owner, input: { days: 7 } })).total, 1);
    assert.equal((await getOverview({ ctx: stranger, input: { days: 7 } })).total, 0);
  });

  it('pages follow each other without a gap or a repetition, also where scans were stored in the same instant', async () => {
    const ctx = await test.context('org_member');
    for (let n = 0; n < 7; n += 1) await createScan({ ctx, input: { raw: phish(`Message ${n}`), source: 'json' } });
    await test.database.admin`
      update postern.scans set created_at = date_trunc('minute', created_at) + interval '1 microsecond' * (random() * 900)::int
      where tenant_id = ${ctx.identity.tenantId}`;
    const seen: string[] = [];
    for (let cursor: string | null = null, page = 0; page === 0 || cursor !== null; page += 1) {
      const found = await listScans({ ctx, input: { filter: {}, limit: 3, cursor } });
      seen.push(...found.items.map(({ subject }) => subject));
      cursor = found.next_cursor;
      assert.ok(page < 4);
    }
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen).size, 7);
  });

  it("another tenant's cursor is refused", async () => {
    const ctx = await test.context('org_member');
    for (let n = 0; n < 2; n += 1) await createScan({ ctx, input: { raw: phish(), source: 'json' } });
    const { next_cursor: cursor } = await listScans({ ctx, input: { filter: {}, limit: 1, cursor: null } });
    assert.notEqual(cursor, null);
    await refused('request.cursor-invalid', listScans({ ctx: stranger, input: { filter: {}, limit: 1, cursor } }));
  });

  it('a rescan judges the sealed message anew and keeps the scan', async () => {
    const again = await rescan({ ctx: owner, input: { id: scan.id } });
    assert.equal(again.id, scan.id);
    assert.equal(again.label, scan.label);
    assert.equal(again.score, scan.score);
    assert.notEqual(again.rescanned_at, null);
    assert.deepEqual(await getScan({ ctx: owner, input: { id: scan.id } }), JSON.parse(JSON.stringify(again)));
  });

  it('a rescan says which layer it took over, and from when, where the whole message is needed', async () => {
    const verified = await createScan({ ctx: owner, input: { raw: phish('Verified'), source: 'upload' } });
    await test.database.admin`
      update postern.scans set verdict = jsonb_set(verdict, '{authentication,source}', '"verified"') where scan_id = ${verified.id}`;
    const { layers } = await rescan({ ctx: owner, input: { id: verified.id } });
    const headers = layers.find(({ layer }) => layer === 'headers');
    assert.equal(headers?.status, 'reused');
    assert.match(headers.reason ?? '', new RegExp(verified.created_at.slice(0, 10)));
  });

  it("content whose key was destroyed cannot be opened, nor can another scan's", async () => {
    const ctx = await test.context('org_member');
    const first = await createScan({ ctx, input: { raw: phish('One'), source: 'upload' } });
    const second = await createScan({ ctx, input: { raw: phish('Two'), source: 'upload' } });
    await test.database.admin`
      update postern.message_contents set sealed = (select sealed from postern.message_contents where scan_id = ${second.id})
      where scan_id = ${first.id}`;
    await refused('scan.content-gone', openMessage({ ctx, input: { id: first.id, purpose: 'view' } }));
    await openMessage({ ctx, input: { id: second.id, purpose: 'view' } });
    await test.parts.keys.destroy(ctx.identity.tenantId);
    await refused('scan.content-gone', openMessage({ ctx, input: { id: second.id, purpose: 'view' } }));
  });

  it('a ticket shows the message once, without its scripts, with the evidence marked', async () => {
    const { ticket } = await issueTicket({ ctx: owner, input: { id: scan.id } });
    const html = await renderForTicket({ ctx: owner, input: { ticket } });
    assert.match(html, /Dear customer/);
    assert.doesNotMatch(html, /<script|alert\(1\)|href="http/);
    assert.match(html, /finding-\d/);
    await refused('scan.not-found', renderForTicket({ ctx: owner, input: { ticket } }));
  });

  it('a ticket is void after a minute, and for a tenant other than its own', async () => {
    const { ticket } = await issueTicket({ ctx: owner, input: { id: scan.id } });
    const [, secret = ''] = ticket.split('.');
    const foreign = `${stranger.identity.tenantId}.${secret}`;
    await refused('scan.not-found', renderForTicket({ ctx: owner, input: { ticket: foreign } }));
    await test.database.admin`update postern.rendering_tickets set expires_at = now() - interval '1 second'`;
    await refused('scan.not-found', renderForTicket({ ctx: owner, input: { ticket } }));
  });

  it('a deleted scan takes its content and indicators along, and the deletion is audited', async () => {
    const gone = await createScan({ ctx: owner, input: { raw: phish('Gone'), source: 'upload' } });
    await deleteScan({ ctx: owner, input: { id: gone.id } });
    await refused('scan.not-found', getScan({ ctx: owner, input: { id: gone.id } }));
    await refused('scan.not-found', deleteScan({ ctx: owner, input: { id: gone.id } }));
    const [left] = await test.database.admin<{ n: number }[]>`select
      (select count(*) from postern.message_contents where scan_id = ${gone.id})::int +
      (select count(*) from postern.indicators where scan_id = ${gone.id})::int as n`;
    assert.equal(left?.n, 0);
    const [event] = await test.database.admin<{ n: number }[]>`
      select count(*)::int as n from postern.audit_events where target = ${gone.id} and action = 'scan.deleted'`;
    assert.equal(event?.n, 1);
  });

  it('what is no message is refused and leaves nothing behind', async () => {
    const ctx = await test.context('org_member');
    await refused('message.empty', createScan({ ctx, input: { raw: new Uint8Array(), source: 'upload' } }));
    assert.equal((await getOverview({ ctx, input: { days: 1 } })).total, 0);
  });
});

async function refused(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof PosternError && error.code === code, `expected ${code}`);
}
