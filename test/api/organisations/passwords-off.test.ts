import assert from 'node:assert/strict';
import { createProvider } from '../../../src/services/identity-providers/provider.js';
import { PASSWORD } from '../../services/parts.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const RULES = { second_factor: false, passwords_off: true, password: PASSWORD };

describe('an organisation that has switched passwords off', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    const nowhere = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' };
    Object.assign(server.parts.accounts, { providers: [createProvider({ id: 'oidc', name: 'Corp', ...nowhere })] });
  });
  after(() => server.close());

  const switchOff = (owner: Member) => server.send('PUT', '/organisation/sign-in-rules', { as: owner, json: RULES });
  const login = (email: string) =>
    server.send('POST', '/auth/login', { json: { email, password: 'correct horse battery' } });
  const codeOf = async (answer: Response): Promise<readonly [number, string]> => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];
  const tenantOf = async (as: string | Member): Promise<string> =>
    ((await (await server.send('GET', '/auth/me', { as })).json()) as { tenant: { id: string } }).tenant.id;
  const enter = (as: Member | string, tenant: string) =>
    server.send('POST', '/auth/switch', { as, json: { tenant_id: tenant } });
  /** As if the session had been begun in that way. */
  const begunWith = (userId: string, method: string) =>
    server.database.admin`update postern.sessions set method = ${method} where user_id = ${userId}`;

  it('ends every session that a password began: its access token, its refresh token, its requests', async () => {
    const owner = await server.member('org_owner');
    const member = await server.person('org_member', owner.tenantId);
    const signedIn = await login(member.email);
    const { access_token: as } = (await signedIn.json()) as { access_token: string };
    const cookie = signedIn.headers.getSetCookie().join('; ');
    assert.equal((await server.send('GET', '/overview', { as })).status, 200);
    assert.equal((await switchOff(owner)).status, 200);
    assert.equal((await server.send('GET', '/overview', { as })).status, 401);
    const refreshed = await server.send('POST', '/auth/refresh', { headers: { cookie } });
    assert.deepEqual(await codeOf(refreshed), [401, 'auth.token-invalid']);
    assert.equal((await server.send('GET', '/overview', { as: owner })).status, 200, 'the owner keeps a way in');
  });

  it('is not entered from elsewhere by a session that a password or a code by e-mail began, with a second factor or without', async () => {
    const owner = await server.member('org_owner');
    assert.equal((await switchOff(owner)).status, 200);
    const guest = await server.member('org_member');
    await server.database.addMember(owner.tenantId, guest.userId, 'org_admin');
    for (const method of [
      'password',
      'password+totp',
      'email-code',
      'email-code+recovery-code',
      'of a later version',
    ]) {
      await begunWith(guest.userId, method);
      assert.deepEqual(await codeOf(await enter(guest, owner.tenantId)), [403, 'auth.password-off'], method);
      assert.equal(await tenantOf(guest), guest.tenantId, 'the session stays where it was');
    }
    for (const method of ['passkey', 'oidc:google', 'oidc:oidc+totp']) {
      const other = await server.member('org_member');
      await server.database.addMember(owner.tenantId, other.userId, 'org_member');
      await begunWith(other.userId, method);
      assert.equal((await enter(other, owner.tenantId)).status, 200, method);
    }
  });

  it('does not keep somebody out of another organisation, whose password still opens that one', async () => {
    const owner = await server.member('org_owner');
    const both = await server.person('org_member');
    await server.database.addMember(owner.tenantId, both.userId, 'org_admin');
    assert.equal((await switchOff(owner)).status, 200);
    const answer = await login(both.email);
    assert.equal(answer.status, 200);
    const { access_token: as } = (await answer.json()) as { access_token: string };
    assert.equal(await tenantOf(as), both.tenantId);
    assert.deepEqual(await codeOf(await enter(as, owner.tenantId)), [403, 'auth.password-off']);
  });

  it('cannot lock the owner of another one out, whose own rule leaves them a way in', async () => {
    const [one, two] = [await server.member('org_owner'), await server.member('org_owner')];
    await server.database.addMember(two.tenantId, one.userId, 'org_member');
    assert.equal((await switchOff(one)).status, 200);
    assert.equal((await switchOff(two)).status, 200);
    const answer = await login(one.email);
    assert.equal(answer.status, 200);
    const { access_token: as } = (await answer.json()) as { access_token: string };
    assert.equal(await tenantOf(as), one.tenantId);
  });

  it('is left by a former owner with a password session once somebody else owns it', async () => {
    const owner = await server.member('org_owner');
    const heir = await server.person('org_member', owner.tenantId);
    assert.equal((await switchOff(owner)).status, 200);
    const json = { user_id: heir.userId, password: PASSWORD };
    const transfer = await server.send('POST', '/organisation/transfer', { as: owner, json });
    assert.equal(transfer.status, 204);
    assert.equal((await server.send('GET', '/overview', { as: owner })).status, 401);
    assert.deepEqual(await codeOf(await login(owner.email)), [403, 'auth.password-off']);
  });
});
