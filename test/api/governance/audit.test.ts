import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { createLog } from '../../../src/log.js';
import { sealAudit } from '../../../src/services/audit/seal-audit.js';
import { phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Entry {
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly ip: string | null;
}

describe('the audit log over HTTP', () => {
  let server: TestServer;
  let admin: Member;
  let member: Member;
  let scan: string;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    admin = await server.member('org_admin');
    member = await server.member('org_member', admin.tenantId);
    const answer = await server.send('POST', '/scan/upload', { as: member, body: fileForm(phish()) });
    scan = ((await answer.json()) as { id: string }).id;
    await server.send('GET', `/scan/${scan}/message?reason==cmd|calc,+"quoted"`, { as: admin });
  });
  after(() => server.close());

  const read = async (as: Member, query = '') =>
    (await (await server.send('GET', `/audit${query}`, { as })).json()) as {
      items: Entry[];
      next_cursor: string | null;
    };

  it('administrators see all; a member what they did and who opened what is theirs', async () => {
    const all = (await read(admin)).items;
    assert.ok(all.some(({ actor }) => actor === `user:${member.userId}`));
    const own = (await read(member)).items;
    assert.deepEqual(
      own.map(({ action, actor }) => [action, actor === `user:${member.userId}` ? 'me' : 'other']),
      [
        ['content.opened', 'other'],
        ['scan.created', 'me'],
        ['auth.signed-in', 'me'],
      ],
    );
    const stranger = await server.member('org_owner');
    assert.ok((await read(stranger)).items.every(({ actor }) => actor === `user:${stranger.userId}`));
  });

  it('filters by kind, person and time, and goes on page by page without a gap', async () => {
    const kinds = (await read(admin, '?action=auth')).items;
    assert.ok(kinds.length >= 2 && kinds.every(({ action }) => action.startsWith('auth.')));
    const ofMember = (await read(admin, `?actor=${member.userId}`)).items;
    assert.ok(ofMember.every(({ actor }) => actor === `user:${member.userId}`));
    assert.equal((await read(admin, '?until=2020-01-01')).items.length, 0);
    const whole = (await read(admin)).items.map(({ id }) => id);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await read(admin, `?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(pages, whole);
    const foreign = await server.send('GET', `/audit?cursor=${(await read(admin, '?limit=1')).next_cursor ?? ''}`, {
      as: await server.member('org_owner'),
    });
    assert.equal(foreign.status, 400);
  });

  it('exports as CSV that no spreadsheet runs, and as OCSF objects', async () => {
    const csv = await (await server.send('GET', '/audit/export?format=csv&action=content', { as: admin })).text();
    const [header, row = ''] = csv.split('\r\n');
    assert.equal(header, 'id,time,actor,action,target,outcome,ip,details');
    assert.ok(row.includes(`content.opened,${scan},succeeded,,`));
    assert.ok(!/(^|,)[=+@-]/.test(row), row);
    const answer = await server.send('GET', '/audit/export?format=ocsf', { as: admin });
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="audit.ocsf.ndjson"');
    const objects = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const event of objects) {
      assert.equal(event['type_uid'], Number(event['class_uid']) * 100 + Number(event['activity_id']));
      assert.equal(event['category_uid'], Math.floor(Number(event['class_uid']) / 1000));
    }
    assert.deepEqual(new Set(objects.map((event) => event['class_uid'])), new Set([3002, 6003]));
    assert.ok((await read(admin)).items.some(({ action }) => action === 'audit.exported'));
  });

  it('addresses are recorded only when the operator wants it', async () => {
    assert.ok((await read(admin)).items.every(({ ip }) => ip === null));
    (server.parts.accounts as { recordAddresses: boolean }).recordAddresses = true;
    const person = await server.member('org_member', admin.tenantId);
    await server.send('POST', '/privacy/consents', { as: person, json: { kind: 'llm', granted: true } });
    await server.send('PATCH', '/account', { as: person, json: { display_name: 'Ann' } });
    (server.parts.accounts as { recordAddresses: boolean }).recordAddresses = false;
    const seen = (await read(person)).items;
    assert.deepEqual(
      seen.map(({ action, ip }) => [action, ip]),
      [
        ['account.name-changed', '127.0.0.1'],
        ['privacy.consent-given', '127.0.0.1'],
        ['auth.signed-in', '127.0.0.1'],
      ],
    );
  });

  it('every event becomes one JSON line for whoever keeps the log elsewhere', async () => {
    const lines: { audit: Entry & { tenant: string } }[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString()) as { audit: Entry & { tenant: string } });
        done();
      },
    });
    const parts = { store: server.parts.store, log: createLog('info', stream) };
    await sealAudit(parts);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const sealed = await sealAudit(parts);
    assert.equal(lines.length, sealed);
    const all = (await read(admin)).items.map(({ id }) => id);
    const told = lines.filter(({ audit }) => audit.tenant === admin.tenantId).map(({ audit }) => audit.id);
    assert.deepEqual(told, all.reverse());
    assert.equal(await sealAudit(parts), 0, 'once');
  });
});
