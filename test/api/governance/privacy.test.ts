import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openContent } from '../../../src/services/scans/content/sealed-content.js';
import { eraseDue } from '../../../src/services/privacy/erase-due.js';
import { makeExport } from '../../../src/services/privacy/make-export.js';
import { PASSWORD, phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

describe('privacy', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const body = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const upload = async (as: Member) =>
    (await body<{ id: string }>(server.send('POST', '/scan/upload', { as, body: fileForm(phish()) }))).id;
  const ask = async (path: string, as: Member, password = PASSWORD) =>
    (await server.send('POST', path, { as, json: { password } })).status;
  const sevenDaysLater = async () => {
    await server.database.admin`update postern.users set deletion_due = deletion_due - interval '7 days'`;
    await server.database.admin`update postern.tenants set deletion_due = deletion_due - interval '7 days'`;
    await eraseDue(server.parts);
  };
  /** Every text in every table of the database, the queue's included, that holds the mark. */
  const traces = async (mark: string): Promise<string[]> => {
    const tables = await server.database.admin<{ name: string }[]>`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('postern', 'graphile_worker') and c.relkind in ('r', 'p') and not c.relispartition`;
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await server.database.admin.unsafe(
        `select t::text as text from ${name} t where strpos(lower(t::text), lower('${mark}')) > 0`,
      );
      found.push(...rows.map((row) => `${name}: ${String(row['text']).slice(0, 200)}`));
    }
    return found;
  };

  it('consent is a log that is only added to, and the newest entry holds', async () => {
    const person = await server.member('org_member');
    for (const granted of [true, false]) {
      const answer = await server.send('POST', '/privacy/consents', { as: person, json: { kind: 'llm', granted } });
      assert.equal(answer.status, 204);
    }
    const state = await body<{ consents: { kind: string; granted: boolean }[] }>(
      server.send('GET', '/privacy', { as: person }),
    );
    assert.deepEqual(
      state.consents.map(({ granted }) => granted),
      [false, true],
    );
    await assert.rejects(server.database.admin`update postern.consents set granted = true`, /append-only/);
    const colleague = await server.member('org_admin', person.tenantId);
    const others = await body<{ consents: unknown[] }>(server.send('GET', '/privacy', { as: colleague }));
    assert.deepEqual(others.consents, []);
  });

  it('an export holds everything of the person and nothing of others, and only they can fetch it', async () => {
    const person = await server.member('org_admin');
    const colleague = await server.member('org_member', person.tenantId);
    const [own, others] = [await upload(person), await upload(colleague)];
    for (const as of [person, colleague]) {
      const key = { name: `key of ${as.email}`, scopes: ['scan:write'], password: PASSWORD };
      assert.equal((await server.send('POST', '/api-keys', { as, json: key })).status, 201);
    }
    for (const { tenantId, userId, email } of [person, colleague]) {
      await server.database
        .admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address, credentials)
        values (${tenantId}, gen_random_uuid(), ${userId}, 'imap', ${`box-${email}`}, 'sealed-credentials')`;
    }
    for (const { tenantId, userId, email } of [person, colleague]) {
      await server.database
        .admin`insert into postern.provisioned_people (tenant_id, person_id, user_id, user_name, active, resource)
        values (${tenantId}, gen_random_uuid(), ${userId}, ${`directory-${email}`}, true, '{}')`;
      await server.database
        .admin`insert into postern.reports (tenant_id, report_id, mailbox_id, provider_message_id, owner_id,
        reporter_address, status, received_at, expires_at) values (${tenantId}, gen_random_uuid(), gen_random_uuid(), ${email}, ${userId},
        ${`reports-${email}`}, 'done', now(), now() + interval '7 days')`;
    }
    const report = { kind: 'false-alarm', comment: 'our own newsletter' };
    assert.equal((await server.send('POST', `/scan/${own}/feedback`, { as: person, json: report })).status, 204);
    const { id } = await body<{ id: string }>(
      server.send('POST', '/privacy/exports', { as: person, json: { password: PASSWORD } }),
    );
    const content = (as: Member, file: string) =>
      server.send('GET', `/privacy/exports/${id}/content?file=${file}`, { as });
    assert.equal((await content(person, 'json')).status, 404, 'not ready yet');
    await makeExport(server.parts, { tenant_id: person.tenantId, user_id: person.userId, export_id: id });
    const { items } = await body<{ items: { status: string; messages_done: number }[] }>(
      server.send('GET', '/privacy/exports', { as: person }),
    );
    assert.deepEqual(
      items.map(({ status, messages_done: done }) => [status, done]),
      [['ready', 1]],
    );
    const lines = (await (await content(person, 'json')).text()).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { kind: string; id?: string; email?: string });
    assert.equal(entries.find(({ kind }) => kind === 'account')?.email, person.email);
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'scan').map((entry) => entry.id),
      [own],
    );
    assert.ok(!lines.join('').includes(others));
    for (const whose of ['directory', 'reports']) {
      assert.ok(lines.join('').includes(`${whose}-${person.email}`), whose);
      assert.ok(!lines.join('').includes(`${whose}-${colleague.email}`), whose);
    }
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'api-key').map((entry) => (entry as { name?: string }).name),
      [`key of ${person.email}`],
    );
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'feedback').map((entry) => (entry as { comment?: string }).comment),
      ['our own newsletter'],
    );
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'mailbox').map((entry) => (entry as { address?: string }).address),
      [`box-${person.email}`],
    );
    assert.ok(!lines.join('').includes('sealed-credentials'));
    assert.equal(entries.filter(({ kind }) => kind === 'session').length, 1);
    const mbox = await (await content(person, 'mbox')).text();
    assert.match(mbox, /^From postern@localhost \w{3} \w{3} \d\d \d\d:\d\d:\d\d \d{4}\n/);
    assert.equal(mbox.match(/^From /gm)?.length, 1);
    assert.ok(mbox.includes('subject: Your account is suspended'));
    const html = /text\/html[^]*?\n\n([A-Za-z0-9+/=\n]+)\n--/.exec(mbox)?.[1] ?? '';
    assert.match(Buffer.from(html, 'base64').toString(), /Dear customer/);
    for (const stranger of [colleague, await server.member('org_owner')]) {
      assert.equal((await content(stranger, 'json')).status, 404);
    }
    const stored = await server.database.admin`select sealed::text as sealed from postern.export_parts`;
    assert.ok(
      stored.length >= 3 &&
        !stored.some(({ sealed }) => String(sealed).includes(Buffer.from(person.email).toString('hex'))),
    );
    await server.database.admin`update postern.exports set expires_at = now()`;
    await eraseDue(server.parts);
    assert.equal((await server.database.admin`select 1 from postern.export_parts`).length, 0);
  });

  it('an account is erased seven days after it was asked, not before, and can be kept until then', async () => {
    const person = await server.member('org_member');
    assert.equal(await ask('/privacy/deletion', person), 200);
    await eraseDue(server.parts);
    assert.equal((await server.send('GET', '/auth/me', { as: person })).status, 200, 'still there');
    assert.equal((await server.send('DELETE', '/privacy/deletion', { as: person })).status, 204);
    await sevenDaysLater();
    assert.equal((await server.send('GET', '/auth/me', { as: person })).status, 200);
  });

  it('after that no table of the database holds their address, their name or their ids', async function () {
    this.timeout(60_000);
    const owner = await server.member('org_owner');
    const { link } = await body<{ link: string }>(
      server.send('POST', '/organisation/invitations', {
        as: owner,
        json: { email: 'Zaphod.Unique@example.test', role: 'org_admin', password: PASSWORD },
      }),
    );
    const token = new URL(link).hash.replace('#token=', '');
    const password = 'a quiet lagoon at noon';
    // Asked for before there is an account: nobody's token yet, with the address in it.
    await server.send('POST', '/auth/sign-up', { json: { email: 'Zaphod.Unique@example.test' } });
    await server.send('POST', '/auth/invitation/join', { json: { token, password, display_name: 'Zaphod Marvelous' } });
    const signedIn = await body<{ access_token: string }>(
      server.send('POST', '/auth/login', { json: { email: 'zaphod.unique@example.test', password } }),
    );
    const [row] = await server.database.admin<{ user_id: string }[]>`
      select user_id from postern.users where email = 'zaphod.unique@example.test'`;
    const person: Member = { ...owner, userId: row!.user_id, token: signedIn.access_token, email: 'x' };
    const scan = await upload(person);
    const kept = await upload(owner);
    await server.send('GET', `/scan/${scan}/message?reason=reported+by+phone`, { as: owner });
    await server.send('POST', `/scan/${scan}/rendering`, { as: person });
    await server.send('GET', `/scan/${kept}/message?reason=asked+by+Zaphod+Marvelous`, { as: person });
    await server.send('POST', '/privacy/consents', { as: person, json: { kind: 'gateway', granted: true } });
    const done = async (method: string, path: string, json: object) => {
      const answer = await server.send(method, path, { as: person, json });
      assert.ok(answer.ok, `${path}: ${await answer.text()}`);
    };
    await done('POST', '/api-keys', { name: 'of Zaphod Marvelous', scopes: ['scan:write'], password });
    await done('POST', '/detection/lists', { entry: 'shop@sender.example', list: 'block' });
    await done('POST', '/account/totp', { password });
    await done('POST', '/account/email', { email: 'zaphod.unique.too@example.test', password });
    await done('POST', '/auth/password/forgot', { email: 'zaphod.unique@example.test' });
    await server.database.admin`insert into postern.passkeys
      (credential_id, user_id, name, public_key, counter, transports, backed_up)
      values ('x', ${person.userId}, 'Zaphod Marvelous', '', 0, '{}', false)`;
    await server.database.admin`insert into postern.identities (issuer, subject, user_id)
      values ('https://idp.example', 'zaphod.unique', ${person.userId})`;
    const { admin } = server.database;
    const provider = randomUUID();
    await admin`insert into postern.identity_providers (tenant_id, provider_id, kind, name, settings, admits, two_factors)
      values (${owner.tenantId}, ${provider}, 'oidc', 'Corp', '{}', true, false)`;
    await admin`insert into postern.member_identities (tenant_id, provider_id, subject, user_id)
      values (${owner.tenantId}, ${provider}, 'zaphod.unique', ${person.userId})`;
    await admin`insert into postern.provisioned_people (tenant_id, person_id, user_id, user_name, active, resource)
      values (${owner.tenantId}, gen_random_uuid(), ${person.userId}, 'zaphod.unique@example.test', true,
        '{"displayName": "Zaphod Marvelous"}')`;
    // Of directories that never activated them: known by the address alone, by name or among their addresses.
    const elsewhere = await server.member('org_owner');
    await admin`insert into postern.provisioned_people (tenant_id, person_id, user_name, active, resource) values
      (${elsewhere.tenantId}, gen_random_uuid(), 'Zaphod.Unique@example.test', false, '{}'),
      (${elsewhere.tenantId}, gen_random_uuid(), 'zb', false, '{"emails": [{"value": "zaphod.unique@example.test"}]}')`;
    // Of before the account: known by the address alone.
    await admin`insert into postern.reports
      (tenant_id, report_id, mailbox_id, provider_message_id, reporter_name, reporter_address, status, received_at, expires_at)
      values (${owner.tenantId}, gen_random_uuid(), gen_random_uuid(), 'm', 'Zaphod Marvelous', 'zaphod.unique@example.test', 'done',
        now(), now() + interval '7 days')`;
    for (const table of [
      'member_identities',
      'provisioned_people',
      'reports',
      'api_keys',
      'detection_profiles',
      'totp_secrets',
      'one_time_tokens',
      'passkeys',
      'identities',
    ]) {
      const found = [...(await traces(person.userId)), ...(await traces('zaphod.unique'))];
      assert.ok(
        found.some((line) => line.startsWith(`postern.${table}:`)),
        `${table} has something to erase`,
      );
    }
    const started = await body<{ id: string }>(
      server.send('POST', '/privacy/exports', { as: person, json: { password } }),
    );
    await makeExport(server.parts, { tenant_id: owner.tenantId, user_id: person.userId, export_id: started.id });
    await server.database.admin`delete from graphile_worker._private_jobs`;
    await server.database.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${owner.tenantId}, gen_random_uuid(), ${person.userId}, 'imap', 'zaphod.unique@example.test')`;
    assert.equal(
      (
        await server.send('PATCH', `/organisation/members/${person.userId}`, {
          as: owner,
          json: { role: 'org_member' },
        })
      ).status,
      204,
    );
    const [personal] = await server.database.admin<{ tenant_id: string }[]>`
      select tenant_id from postern.memberships where user_id = ${person.userId} and role = 'user'`;
    for (const mark of ['zaphod.unique', 'Zaphod Marvelous', person.userId, scan]) {
      assert.ok((await traces(mark)).length > 0, `the search finds ${mark} before`);
    }
    assert.equal(await ask('/privacy/deletion', person, password), 200);
    await sevenDaysLater();
    for (const mark of ['zaphod.unique', 'Zaphod Marvelous', person.userId]) {
      assert.deepEqual(await traces(mark), [], mark);
    }
    const versions = await body<{ items: { changed_by: { name: string } | null }[] }>(
      server.send('GET', '/detection/profile/versions', { as: owner }),
    );
    assert.equal(versions.items[0]?.changed_by?.name, 'erased', 'what was changed stays in the record');
    const rest = (await traces(scan)).filter((line) => !line.startsWith('postern.audit_events'));
    assert.deepEqual(rest, [], 'of the scan only its random id is in the log, without its person');
    assert.equal((await server.send('GET', '/auth/me', { as: person })).status, 401);
    assert.equal((await server.send('GET', `/scan/${kept}`, { as: owner })).status, 200, "others' mail stays");
    const [tenant] = await server.database.admin<
      { name: string; key_destroyed_at: Date | null }[]
    >`select name, key_destroyed_at from postern.tenants
      where tenant_id = ${personal!.tenant_id}`;
    assert.equal(tenant!.name, 'erased');
    assert.notEqual(tenant!.key_destroyed_at, null);
  });

  it('the log stays whole when a person is erased from it, and says how many entries that concerns', async () => {
    const owner = await server.member('org_owner');
    const person = await server.member('org_member', owner.tenantId);
    await upload(person);
    const seal = () => server.parts.store.withSystem('audit', (db) => db.auditSeals.seal(10_000));
    await seal();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await seal();
    await ask('/privacy/deletion', person);
    await sevenDaysLater();
    const proof = await body<{ whole: boolean; erased: number; events: number }>(
      server.send('GET', '/audit/proof', { as: owner }),
    );
    assert.equal(proof.whole, true);
    assert.ok(proof.erased >= 2 && proof.events >= proof.erased);
  });

  it('an owner whom others depend on hands over first; alone, their organisation goes with them', async () => {
    const owner = await server.member('org_owner');
    const member = await server.member('org_member', owner.tenantId);
    assert.equal(await ask('/privacy/deletion', owner), 409);
    assert.equal((await server.send('DELETE', `/organisation/members/${member.userId}`, { as: owner })).status, 204);
    assert.equal(await ask('/privacy/deletion', owner), 200);
    await upload(owner);
    await sevenDaysLater();
    assert.equal(
      (await server.database.admin`select 1 from postern.scans where tenant_id = ${owner.tenantId}`).length,
      0,
    );
  });

  it('an erased organisation leaves content that nobody opens again, also from an old backup', async () => {
    const owner = await server.member('org_owner');
    const member = await server.member('org_member', owner.tenantId);
    const id = await upload(member);
    const [backup] = await server.database.admin<{ sealed: Uint8Array }[]>`
      select sealed from postern.message_contents where scan_id = ${id}`;
    const opened = await openContent(server.parts.keys, owner.tenantId, id, backup!.sealed);
    assert.match(opened.html, /Dear customer/);
    assert.equal(await ask('/organisation/deletion', member), 403);
    assert.equal(await ask('/organisation/deletion', owner), 200);
    await sevenDaysLater();
    for (const table of [
      'scans',
      'message_contents',
      'indicators',
      'memberships',
      'invitations',
      'exports',
      'consents',
    ]) {
      const left = await server.database.admin.unsafe(
        `select 1 from postern.${table} where tenant_id = '${owner.tenantId}'`,
      );
      assert.equal(left.length, 0, table);
    }
    const root = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${root.userId}`;
    const all = await body<{ items: { id: string }[] }>(server.send('GET', '/platform/organisations', { as: root }));
    assert.ok(all.items.length > 0 && !all.items.some((tenant) => tenant.id === owner.tenantId));
    const path = `/platform/organisations/${owner.tenantId}`;
    assert.equal((await server.send('PATCH', path, { as: root, json: { tier: 'unlimited' } })).status, 404);
    await assert.rejects(openContent(server.parts.keys, owner.tenantId, id, backup!.sealed), {
      code: 'scan.content-gone',
    });
  });

  it('every table that names a tenant or a person lets the eraser in', async () => {
    const closed = await server.database.admin`
      select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
        and a.attname in ('tenant_id', 'owner_id', 'user_id') and not a.attisdropped
      where c.relnamespace = 'postern'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not (has_table_privilege('postern_eraser', c.oid, 'select') and has_table_privilege('postern_eraser', c.oid, 'delete')
          and exists (select from pg_policy p where p.polrelid = c.oid and 'postern_eraser'::regrole = any (p.polroles)))`;
    assert.deepEqual([...closed], []);
  });
});
