import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { generateSync } from 'otplib';
import { eraseDue } from '../../../src/services/privacy/erase-due.js';
import { reapplyDeletions } from '../../../src/services/privacy/reapply-deletions.js';
import { makeExport } from '../../../src/services/privacy/make-export.js';
import { moveRetention } from '../../../src/services/plans/move-retention.js';
import { PASSWORD, phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const DOCUMENT = readFileSync('docs/audit.md', 'utf8');
const CLASSES = ['authentication', 'privilege', 'data access', 'configuration', 'privacy'];
const FRESH = 'a quiet lagoon at noon';

/** Rows of the tables of docs/audit.md: the event, its class, and the test named in the last column, if any. */
const ROWS = [...DOCUMENT.matchAll(/^\| `([a-z.-]+)` +\| ([a-z ]+?) +\|.*?(?:\| `(test\/[\w/.-]+)` +)?\|$/gm)].map(
  ([, event = '', kind = '', shownBy]) => ({ event, kind, shownBy }),
);

describe('every event that the audit log is said to hold', function () {
  this.timeout(120_000);
  let server: TestServer;
  let root: Member;
  let owner: Member;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const send = async (method: string, path: string, as?: Member | string, json?: unknown): Promise<Response> => {
    const options = { ...(as === undefined ? {} : { as }), ...(json === undefined ? {} : { json }) };
    return await server.send(method, path, options);
  };
  const body = async (answer: Promise<Response>): Promise<Record<string, unknown>> =>
    (await (await answer).json()) as Record<string, unknown>;
  const id = async (answer: Promise<Response>): Promise<string> => String((await body(answer))['id']);
  const upload = (as: Member) => id(server.send('POST', '/scan/upload', { as, body: fileForm(phish()) }));
  const mailedToken = async (to: string) =>
    /#token=([\w-]+)/.exec((await server.mailTo(to)).at(-1)?.text ?? '')?.[1] ?? '';
  const written = async (): Promise<ReadonlySet<string>> => {
    const rows = await server.database.admin<{ action: string }[]>`select action from postern.audit_events
      union select action from postern.system_events`;
    return new Set(rows.map(({ action }) => action));
  };

  const account = async (person: Member): Promise<void> => {
    await send('PATCH', '/account', person, { display_name: 'Ann' });
    await send('POST', '/account/email', person, { email: 'elsewhere@example.test', password: PASSWORD });
    await send('POST', '/auth/email/confirm', undefined, { token: await mailedToken('elsewhere@example.test') });
    await send('POST', '/account/email/confirmation', person);
    await send('POST', '/auth/email/confirm', undefined, { token: await mailedToken('elsewhere@example.test') });
    const { secret } = (await body(send('POST', '/account/totp', person, { password: PASSWORD }))) as {
      secret: string;
    };
    const code = () => generateSync({ secret, epoch: server.clock.now.getTime() / 1000 });
    const later = () => {
      server.clock.now = new Date(server.clock.now.getTime() + 31_000);
    };
    assert.equal((await send('POST', '/account/totp/confirm', person, { code: code() })).status, 200);
    const asked = await body(
      send('POST', '/auth/login', undefined, { email: 'elsewhere@example.test', password: PASSWORD }),
    );
    await send('POST', '/auth/login/verify', undefined, {
      challenge: asked['challenge'],
      method: 'totp',
      code: '000000',
    });
    later();
    await send('POST', '/account/recovery-codes', person, { password: PASSWORD, code: code() });
    later();
    await send('POST', '/account/totp/remove', person, { password: PASSWORD, code: code() });
    await send('POST', '/account/password', person, { password: PASSWORD, new_password: FRESH });
    await send('POST', '/auth/password/forgot', undefined, { email: 'elsewhere@example.test' });
    const token = await mailedToken('elsewhere@example.test');
    await send('POST', '/auth/password/reset', undefined, { token, password: 'another quiet lagoon' });
  };

  const people = async (): Promise<void> => {
    for (const email of ['guest@example.test', 'other@example.test']) {
      const made = (await body(send('POST', '/organisation/invitations', owner, { email }))) as {
        invitation: { id: string };
        link: string | null;
      };
      if (email.startsWith('other')) await send('DELETE', `/organisation/invitations/${made.invitation.id}`, owner);
      else {
        const token = new URL(made.link ?? '').hash.replace('#token=', '');
        await send('POST', '/auth/invitation/join', undefined, { token, password: FRESH, display_name: 'Guest' });
      }
    }
    const [leaver, removed, heir] = [
      await server.member('org_member', owner.tenantId),
      await server.member('org_member', owner.tenantId),
      await server.member('org_member', owner.tenantId),
    ];
    await send('POST', '/organisation/leave', leaver);
    await send('PATCH', `/organisation/members/${removed.userId}`, owner, {
      role: 'org_admin',
      password: PASSWORD,
    });
    await send('POST', `/organisation/members/${removed.userId}/reset-second-factor`, owner, {
      reason: 'lost the phone',
      password: PASSWORD,
    });
    await send('DELETE', `/organisation/members/${removed.userId}`, owner);
    await send('PUT', '/organisation/sign-in-rules', owner, {
      second_factor: false,
      passwords_off: false,
      password: PASSWORD,
    });
    await send('POST', '/organisation/transfer', owner, { user_id: heir.userId, password: PASSWORD });
    await send('POST', '/organisation/transfer', heir, { user_id: owner.userId, password: PASSWORD });
    const elsewhere = await server.database.addTenant();
    await server.database.addMember(elsewhere, heir.userId, 'org_member');
    await send('POST', '/auth/switch', heir, { tenant_id: elsewhere });
    await send('GET', '/organisation/members', await server.member('org_member', owner.tenantId));
  };

  const scans = async (): Promise<void> => {
    const scan = await upload(owner);
    await send('POST', `/scan/${scan}/rescan`, owner);
    await send('POST', `/scan/${scan}/feedback`, owner, { kind: 'false-alarm' });
    await send('DELETE', `/scan/${scan}/feedback`, owner);
    const grant = await id(
      send('POST', '/support-grants', owner, { hours: 1, reason: 'look at a scan', content: true, password: PASSWORD }),
    );
    const at = `/platform/support-grants/${grant}/scans`;
    for (const path of [at, `${at}/${scan}`, `${at}/${scan}/message?reason=asked+to+look`])
      await send('GET', path, root);
    await send('DELETE', `/support-grants/${grant}`, owner);
    await send('DELETE', `/scan/${scan}`, owner);
    await send('GET', `/scan/${scan}`, owner);
    const key = (await body(
      send('POST', '/api-keys', owner, { name: 'mx', scopes: ['scan:write'], password: PASSWORD }),
    )) as { id: string; secret: string };
    await send('GET', '/scan/history', key.secret);
    await send('POST', `/api-keys/${key.id}/rotate`, owner, { password: PASSWORD });
    await send('DELETE', `/api-keys/${key.id}`, owner);
    await send('POST', '/detection/lists', owner, { entry: 'shop@sender.example', list: 'block' });
    await send('POST', '/detection/profile/restore', owner, { version: 1, restore: 0 });
    await send('GET', '/audit/export', owner);
  };

  const platform = async (): Promise<void> => {
    await send('POST', '/platform/organisations', root, { name: 'New', owner_email: 'new@example.test' });
    const someone = await server.member('org_member');
    await send('PATCH', `/platform/users/${someone.userId}`, root, { suspended: true });
    await send('PATCH', `/platform/users/${someone.userId}`, root, { suspended: false });
    await send('PATCH', '/platform/tiers/community', root, { monthly_scans: 1000 });
    const coupon = (await body(
      send('POST', '/platform/coupons', root, { label: 'x', bonus_scans: 1, expires_at: '2099-01-01T00:00:00Z' }),
    )) as { id: string; code: string };
    await send('POST', '/plan/coupon', owner, { code: coupon.code });
    const second = await id(
      send('POST', '/platform/coupons', root, { label: 'y', bonus_scans: 1, expires_at: '2099-01-01T00:00:00Z' }),
    );
    await send('DELETE', `/platform/coupons/${second}`, root);
    await upload(owner);
    await send('PATCH', `/platform/organisations/${owner.tenantId}`, root, { tier: 'professional' });
    await moveRetention(server.parts, { tenant_id: owner.tenantId });
    await server.parts.store.withSystem('partitions', (db) => db.maintainPartitions());
    await send('POST', '/auth/sign-up', undefined, { email: 'fresh@example.test' });
    const token = await mailedToken('fresh@example.test');
    await send('POST', '/auth/sign-up/complete', undefined, { token, password: FRESH });
  };

  const signOn = async (): Promise<void> => {
    await send('POST', '/organisation/domains', owner, { domain: 'corp.example' });
    await send('POST', `/platform/organisations/${owner.tenantId}/domains`, root, { domain: 'corp.example' });
    const oidc = { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' };
    const fields = { name: 'Corp', oidc, password: PASSWORD };
    const provider = `/organisation/identity-providers/${await id(send('POST', '/organisation/identity-providers', owner, fields))}`;
    await send('PUT', provider, owner, fields);
    for (const active of [true, false]) await send('PATCH', provider, owner, { active, password: PASSWORD });
    await send('DELETE', provider, owner);
    const tokens = '/organisation/provisioning/tokens';
    const made = (await body(send('POST', tokens, owner, { password: PASSWORD }))) as { id: string; token: string };
    const directory = async (method: string, path: string, json?: object): Promise<string> => {
      const answer = await fetch(`${server.url}/scim/v2${path}`, {
        ...{ method, headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/scim+json' } },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
      return answer.status === 204 ? '' : ((await answer.json()) as { id: string }).id;
    };
    const user = { userName: 'ann@corp.example', active: true };
    const ann = `/Users/${await directory('POST', '/Users', user)}`;
    await directory('PUT', ann, { ...user, displayName: 'Ann' });
    for (const active of [false, true]) await directory('PUT', ann, { ...user, active });
    const group = await directory('POST', '/Groups', { displayName: 'Mail team' });
    await send('PATCH', `/organisation/provisioning/groups/${group}`, owner, { administers: true, password: PASSWORD });
    await directory('PUT', `/Groups/${group}`, { displayName: 'Mail' });
    await directory('DELETE', `/Groups/${group}`);
    await directory('DELETE', ann);
    await send('DELETE', `${tokens}/${made.id}`, owner);
    await send('DELETE', '/organisation/domains/corp.example', owner);
  };

  const privacy = async (): Promise<void> => {
    for (const granted of [true, false]) await send('POST', '/privacy/consents', owner, { kind: 'llm', granted });
    const started = await id(send('POST', '/privacy/exports', owner, { password: PASSWORD }));
    await makeExport(server.parts, { tenant_id: owner.tenantId, user_id: owner.userId, export_id: started });
    await (await send('GET', `/privacy/exports/${started}/content?file=json`, owner)).text();
    await send('POST', '/privacy/deletion', owner, { password: 'wrong' });
    await send('POST', '/organisation/deletion', owner, { password: PASSWORD });
    await send('DELETE', '/organisation/deletion', owner);
    const goes = await server.member('org_member', owner.tenantId);
    const alone = await server.member('org_owner');
    await send('POST', '/privacy/deletion', owner, { password: PASSWORD });
    for (const person of [goes, alone]) {
      assert.equal((await send('POST', '/privacy/deletion', person, { password: PASSWORD })).status, 200);
    }
    await send('DELETE', '/privacy/deletion', owner);
    const { admin } = server.database;
    await admin`update postern.users set deletion_due = now() where user_id in (${goes.userId}, ${alone.userId})`;
    await eraseDue(server.parts);
    await admin`insert into postern.users (user_id, email) values (${goes.userId}, 'back@example.test')`;
    assert.equal((await reapplyDeletions(server.parts)).accounts, 1);
  };

  it('is really written, each by the thing it stands for', async () => {
    const setUp = await server.parts.store.withSystem('setup', (db) =>
      db.createFirstAdministrator({
        ...{ email: 'root@example.test', displayName: 'Root', organisation: 'Root' },
        passwordHash: 'x',
      }),
    );
    assert.equal(setUp.superAdmin, true);
    root = await server.member('org_owner');
    owner = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${root.userId}`;
    const before = await written();
    assert.ok(!before.has('scan.created') && !before.has('support.granted'), 'nothing is there from elsewhere');
    await account(await server.member('org_member'));
    await scans();
    await platform();
    await people();
    await signOn();
    await privacy();
    const leaver = await server.member('org_member');
    await send('POST', '/auth/login', undefined, { email: leaver.email, password: 'wrong' });
    await send('POST', '/auth/logout', leaver);
    const found = await written();
    const here = ROWS.filter(({ shownBy }) => shownBy === undefined);
    assert.ok(here.length >= 60, `${here.length} rows were read`);
    assert.deepEqual(
      here.map(({ event }) => event).filter((event) => !found.has(event)),
      [],
      'said to be written, and not',
    );
    const documented = new Set(ROWS.map(({ event }) => event));
    assert.deepEqual(
      [...found].filter((event) => !documented.has(event)),
      [],
      'written, and not in docs/audit.md',
    );
  });

  it('is of one class, each class has some, and what other tests show is named there', () => {
    assert.deepEqual([...new Set(ROWS.map(({ kind }) => kind))].sort(), [...CLASSES].sort());
    assert.equal(new Set(ROWS.map(({ event }) => event)).size, ROWS.length, 'each once');
    for (const { event, shownBy } of ROWS) {
      if (shownBy === undefined) continue;
      assert.ok(readFileSync(shownBy, 'utf8').includes(event), `${shownBy} does not look for ${event}`);
    }
  });
});
