import assert from 'node:assert/strict';
import { PASSWORD } from '../../services/parts.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

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
  ['/account/totp', {}, 200],
  ['/account/passkeys/options', {}, 200],
  ['/account/email', { email: 'new@example.test' }, 202],
] as const;

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
    for (const table of ['exports', 'support_grants', 'identity_providers', 'provisioning_tokens']) {
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
