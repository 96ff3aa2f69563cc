import assert from 'node:assert/strict';
import { PASSWORD } from '../../services/parts.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const PROVIDER = { name: 'X', oidc: { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' } };

/** What a stolen access token or an unattended screen must not be enough for, and the status once the person has shown who they are. */
const GUARDED = [
  ['/privacy/exports', {}, 202],
  ['/privacy/deletion', {}, 200],
  ['/organisation/deletion', {}, 200],
  ['/api-keys', { name: 'mx', scopes: ['scan:write'] }, 201],
  ['/api-keys/{key}/rotate', {}, 200],
  ['/support-grants', { hours: 1, reason: 'look at the scans' }, 201],
  ['/organisation/identity-providers', PROVIDER, 201],
  ['/organisation/provisioning/tokens', {}, 201],
  ['/organisation/members/{member}/reset-second-factor', { reason: 'lost the phone' }, 204],
  ['/organisation/invitations', { email: 'guest@example.test', role: 'org_admin' }, 201],
  ['/account/totp', {}, 200],
  ['/account/passkeys/options', {}, 200],
  ['/account/email', { email: 'new@example.test' }, 202],
] as const;

const RULES = { second_factor: false, passwords_off: false };

describe('what asks once more who this is', () => {
  let server: TestServer;
  let owner: Member;
  let member: Member;
  let key: string;
  beforeEach(async function () {
    this.timeout(60_000);
    owner = await server.member('org_owner');
    member = await server.member('org_member', owner.tenantId);
    const made = await send(['/api-keys', { name: 'first', scopes: ['scan:write'] }], PASSWORD);
    key = ((await made.json()) as { id: string }).id;
  });
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const send = ([path, fields]: readonly [string, object, ...unknown[]], password?: string) =>
    server.send('POST', path.replace('{key}', key).replace('{member}', member.userId), {
      as: owner,
      json: { ...fields, ...(password === undefined ? {} : { password }) },
    });
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

  it('is refused without the password and with a wrong one, and changes nothing then', async () => {
    for (const operation of GUARDED) {
      for (const password of [undefined, 'not the password']) {
        assert.equal(await codeOf(await send(operation, password)), 'account.confirmation-needed', operation[0]);
      }
      // A right one ends the counting of wrong ones.
      await send(['/account/totp', {}], PASSWORD);
    }
    const { admin } = server.database;
    for (const table of ['exports', 'support_grants', 'identity_providers', 'provisioning_tokens', 'invitations']) {
      assert.equal(
        (await admin.unsafe(`select 1 from postern.${table} where tenant_id = '${owner.tenantId}'`)).length,
        0,
      );
    }
    const [person] = await admin`select deletion_due from postern.users where user_id = ${owner.userId}`;
    const [tenant] = await admin`select deletion_due from postern.tenants where tenant_id = ${owner.tenantId}`;
    assert.deepEqual([person?.['deletion_due'], tenant?.['deletion_due']], [null, null]);
  });

  it('is done with the password', async () => {
    // Alone in the organisation in the end: an owner whom others depend on does not go.
    for (const operation of [...GUARDED].sort((a, b) => b[0].length - a[0].length)) {
      if (operation[0] === '/privacy/deletion') {
        await server.database.admin`delete from postern.memberships where user_id = ${member.userId}`;
      }
      const answer = await send(operation, PASSWORD);
      assert.equal(answer.status, operation[2], `${operation[0]}: ${await answer.text()}`);
    }
  });

  it('so is handing the organisation over, which only the new owner could give back, and changing its identity provider', async () => {
    const handOver = ['/organisation/transfer', { user_id: member.userId }] as const;
    const provider = (
      (await (await send(['/organisation/identity-providers', PROVIDER], PASSWORD)).json()) as { id: string }
    ).id;
    const change = (json: object) =>
      server.send('PUT', `/organisation/identity-providers/${provider}`, { as: owner, json });
    assert.equal(await codeOf(await change(PROVIDER)), 'account.confirmation-needed');
    assert.equal((await change({ ...PROVIDER, password: PASSWORD })).status, 200);
    for (const password of [undefined, 'not the password']) {
      assert.equal(await codeOf(await send(handOver, password)), 'account.confirmation-needed');
    }
    assert.equal((await send(handOver, PASSWORD)).status, 204);
  });

  it('so are the rules of sign-in, putting a provider to use, and groups that administer; ending any of that is not', async () => {
    const { admin } = server.database;
    const made = await send(['/organisation/identity-providers', PROVIDER], PASSWORD);
    const { id } = (await made.json()) as { id: string };
    const group = randomUUID();
    await admin`insert into postern.provisioned_groups (tenant_id, group_id, display_name)
      values (${owner.tenantId}, ${group}, 'Administrators')`;
    const [provider, role] = [
      `/organisation/identity-providers/${id}`,
      `/organisation/provisioning/groups/${group}`,
    ] as const;
    const operations = [
      ['PUT', '/organisation/sign-in-rules', { ...RULES, second_factor: true }],
      ['PUT', '/organisation/sign-in-rules', RULES],
      ['PATCH', provider, { active: true }],
      ['PATCH', role, { administers: true }],
    ] as const;
    const call = (method: string, path: string, json: object) => server.send(method, path, { as: owner, json });
    for (const [method, path, json] of operations) {
      for (const wrong of [{}, { password: 'not the password' }]) {
        assert.equal(
          await codeOf(await call(method, path, { ...json, ...wrong })),
          'account.confirmation-needed',
          path,
        );
      }
      await send(['/account/totp', {}], PASSWORD);
    }
    const state = async () => ({
      rules: (await admin`select second_factor from postern.sign_in_rules where tenant_id = ${owner.tenantId}`).length,
      active: (await admin`select 1 from postern.identity_providers where provider_id = ${id} and active`).length,
      groups: (await admin`select 1 from postern.provisioned_groups where group_id = ${group} and administers`).length,
    });
    assert.deepEqual(await state(), { rules: 0, active: 0, groups: 0 });
    for (const [method, path, json] of operations.slice(1)) {
      assert.ok((await call(method, path, { ...json, password: PASSWORD })).ok, path);
    }
    assert.deepEqual(await state(), { rules: 1, active: 1, groups: 1 });
    assert.equal((await call('PATCH', provider, { active: false })).status, 204);
    assert.equal((await call('PATCH', role, { administers: false })).status, 204);
    assert.deepEqual(await state(), { rules: 1, active: 0, groups: 0 });
  });

  it('so is making an administrator, by invitation or by a change of role; a member is invited without, and an administrator made one', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const call = (role: string, password?: string) =>
      Promise.all(
        (
          [
            ['POST', '/organisation/invitations', { email: 'guest@example.test', role }],
            ['PATCH', `/organisation/members/${member.userId}`, { role }],
          ] as const
        ).map(([method, path, json]) =>
          server.send(method, path, { as: admin, json: { ...json, ...(password === undefined ? {} : { password }) } }),
        ),
      );
    const codes = async (answers: readonly Response[]) => await Promise.all(answers.map(codeOf));
    const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status);
    const needed = ['account.confirmation-needed', 'account.confirmation-needed'];
    const roleOf = async () =>
      (
        await server.database.admin<{ role: string }[]>`select role from postern.memberships
        where tenant_id = ${owner.tenantId} and user_id = ${member.userId}`
      )[0]?.role;
    assert.deepEqual(await codes(await call('org_admin')), needed);
    assert.deepEqual(await codes(await call('org_admin', 'not the password')), needed);
    assert.equal(await roleOf(), 'org_member');
    assert.deepEqual(statuses(await call('org_member')), [201, 204]);
    assert.deepEqual(statuses(await call('org_admin', PASSWORD)), [201, 204]);
    assert.equal(await roleOf(), 'org_admin');
    assert.deepEqual(statuses(await call('org_member')), [201, 204]);
    // Whom the organisation signed in has no password to show, and has just signed in instead.
    await server.database.admin`update postern.sessions set confined = true where user_id = ${admin.userId}`;
    server.parts.sessions.forgetTenant(owner.tenantId);
    assert.deepEqual(statuses(await call('org_admin')), [201, 204]);
    await server.database.admin`update postern.sessions set created_at = created_at - interval '11 minutes'
      where user_id = ${admin.userId}`;
    assert.deepEqual(await codes(await call('org_admin', PASSWORD)), needed);
    const stranger = await server.member('org_admin');
    const json = { role: 'org_admin', password: PASSWORD };
    const elsewhere = await server.send('PATCH', `/organisation/members/${member.userId}`, { as: stranger, json });
    assert.equal(elsewhere.status, 404, 'in another tenant');
    const lesser = await server.member('org_member', owner.tenantId);
    const refused = await server.send('PATCH', `/organisation/members/${lesser.userId}`, { as: lesser, json });
    assert.equal(await codeOf(refused), 'auth.forbidden', 'with a lesser role');
  });

  it('so is what opens everybody’s mailboxes, before anybody outside is asked', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const directory = randomUUID();
    await server.database.admin`insert into postern.directories
      (tenant_id, directory_id, provider, settings, credentials, access)
      values (${owner.tenantId}, ${directory}, 'gmail', '{}', 'x', 'read')`;
    const { privateKey } = generateKeyPairSync('rsa', {
      ...{ modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' } },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const key = { type: 'service_account', client_email: 'a@b.iam.gserviceaccount.com', private_key: privateKey };
    const google = { service_account: JSON.stringify(key), administrator: 'boss@acme.example' };
    const microsoft = { tenant: 'acme.example', client_id: 'x', secret: 'y' };
    const call = (as: Member, password?: string) =>
      Promise.all(
        (
          [
            ['POST', '/directories/google', google],
            ['POST', '/directories/microsoft', microsoft],
            ['PUT', `/directories/${directory}/choice`, { mode: 'all' }],
          ] as const
        ).map(([method, path, json]) =>
          server.send(method, path, { as, json: { ...json, ...(password === undefined ? {} : { password }) } }),
        ),
      );
    const codes = async (answers: readonly Response[]) => await Promise.all(answers.map(codeOf));
    const needed = Array.from({ length: 3 }, () => 'account.confirmation-needed');
    assert.deepEqual(await codes(await call(admin)), needed);
    assert.deepEqual(await codes(await call(admin, 'not the password')), needed);
    // Whom the organisation signed in has no password to show, and has just signed in instead.
    await server.database.admin`update postern.sessions set confined = true where user_id = ${admin.userId}`;
    server.parts.sessions.forgetTenant(owner.tenantId);
    assert.equal((await call(admin))[2]?.status, 200);
    await server.database.admin`update postern.sessions set created_at = created_at - interval '11 minutes'
      where user_id = ${admin.userId}`;
    assert.deepEqual(await codes(await call(admin, PASSWORD)), needed);
    const [row] = await server.database.admin`select mode from postern.directories where directory_id = ${directory}`;
    assert.equal(row?.['mode'], 'all');
  });

  it('whom the organisation signed in changes neither its sign-in nor its providers, with whatever password', async () => {
    await server.database.admin`update postern.sessions set confined = true where user_id = ${owner.userId}`;
    server.parts.sessions.forgetTenant(owner.tenantId);
    const json = { ...RULES, password: PASSWORD };
    const refused = await server.send('PUT', '/organisation/sign-in-rules', { as: owner, json });
    assert.deepEqual([refused.status, await codeOf(refused)], [403, 'auth.forbidden']);
  });

  it('whoever has no password does it within ten minutes of signing in, and signs in again after that', async () => {
    await server.database.admin`update postern.users set password_hash = null where user_id = ${owner.userId}`;
    assert.equal((await send(['/privacy/exports', {}])).status, 202);
    await server.database.admin`update postern.sessions set created_at = created_at - interval '11 minutes'
      where user_id = ${owner.userId}`;
    for (const operation of GUARDED) {
      const code = await codeOf(await send(operation));
      assert.ok(['account.confirmation-needed', 'request.rate-limited'].includes(code), `${operation[0]}: ${code}`);
    }
  });

  it('guesses are counted: an access token is no way to try passwords', async () => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      codes.push(await codeOf(await send(GUARDED[0], `guess ${attempt}`)));
    assert.equal(codes.at(-1), 'request.rate-limited');
    assert.equal(await codeOf(await send(GUARDED[1], PASSWORD)), 'request.rate-limited');
  });

  it('what only keeps or ends something needs no proof', async () => {
    await send(['/organisation/deletion', {}], PASSWORD);
    for (const path of ['/organisation/deletion', '/privacy/deletion', `/api-keys/${key}`]) {
      assert.equal((await server.send('DELETE', path, { as: owner })).status, 204, path);
    }
  });
});
