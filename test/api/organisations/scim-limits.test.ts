import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import SCIMMY from 'scimmy';
import { PASSWORD } from '../../services/parts.js';
import { GROUP, PATCH, USER, openDirectory } from './directory.js';
import type { Directory, List, Group, User } from './directory.js';
import { organisationWith } from './organisation-provider.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

describe('the limits of provisioning by SCIM', () => {
  let server: TestServer;
  let organisation: Directory['organisation'];
  let owner: Directory['owner'];
  let token: Directory['token'];
  let tokenOf: Directory['tokenOf'];
  let ask: Directory['ask'];
  let get: Directory['get'];
  let refuses: Directory['refuses'];
  let entraUser: Directory['entraUser'];
  let fresh: Directory['fresh'];
  let create: Directory['create'];
  let patch: Directory['patch'];
  let roleOf: Directory['roleOf'];
  let withPassword: Directory['withPassword'];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    ({ organisation, owner, token, tokenOf, ask, get, refuses, entraUser, fresh, create, patch, roleOf, withPassword } =
      await openDirectory(server));
  });
  after(() => server.close());

  it('an address elsewhere is nobody to speak for: no account is made, and none is taken', async () => {
    const stranger = await server.member('org_owner');
    for (const userName of [
      stranger.email,
      `new-${randomUUID()}@elsewhere.example`,
      `x@${organisation.domain}.evil.example`,
    ]) {
      await refuses(await ask('POST', '/Users', entraUser(userName)), 400, 'invalidValue');
      assert.equal(await roleOf(userName), null);
    }
    const account = await server.database.admin`select 1 from postern.users where email like 'new-%@elsewhere.example'`;
    assert.equal(account.length, 0);
    const odd = entraUser('ann', { emails: [{ value: stranger.email, primary: true }] });
    await refuses(await ask('POST', '/Users', odd), 400, 'invalidValue');
    const mine = await create();
    const moved = await patch(
      `/Users/${mine.id}`,
      ...[
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'emails', value: [{ value: stranger.email }] },
      ],
    );
    assert.equal(moved.status, 200);
    await refuses(
      await patch(`/Users/${mine.id}`, { op: 'replace', path: 'active', value: true }),
      400,
      'invalidValue',
    );
    assert.equal((await server.send('GET', '/overview', { as: stranger })).status, 200);
  });

  it('an account at the domain joins, hears of it, and keeps everything else of its own', async () => {
    const elsewhere = await withPassword('org_owner');
    const made = await create(elsewhere.email);
    assert.equal(await roleOf(elsewhere.email), 'org_member');
    assert.equal(await roleOf(elsewhere.email, elsewhere.tenantId), 'org_owner');
    assert.match((await server.mailTo(elsewhere.email)).at(-1)?.text ?? '', /directory of .* made you a member/);
    assert.equal((await ask('DELETE', `/Users/${made.id}`)).status, 204);
    assert.equal(await roleOf(elsewhere.email), null);
    assert.equal(await roleOf(elsewhere.email, elsewhere.tenantId), 'org_owner');
    assert.equal((await server.send('GET', '/overview', { as: elsewhere })).status, 200);
    await refuses(await ask('GET', `/Users/${made.id}`), 404);
  });

  it('the owner is not the directory’s: named, and neither removed nor changed', async () => {
    const other = await organisationWith(server);
    const bearer = await tokenOf(other.owner);
    const email = `owner@${other.domain}`;
    await server.database.admin`update postern.users set email = ${email} where user_id = ${other.owner.userId}`;
    const answer = await ask('POST', '/Users', entraUser(email), bearer);
    assert.equal(answer.status, 201);
    const { id } = (await answer.json()) as User;
    const off = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] };
    await refuses(await ask('PATCH', `/Users/${id}`, off, bearer), 403, 'mutability');
    await refuses(await ask('DELETE', `/Users/${id}`, undefined, bearer), 403, 'mutability');
    const group = (await (
      await ask('POST', '/Groups', { displayName: 'Admins', members: [{ value: id }] }, bearer)
    ).json()) as Group;
    const path = `/organisation/provisioning/groups/${group.id}`;
    const mapped = await server.send('PATCH', path, {
      as: other.owner,
      json: { administers: true, password: PASSWORD },
    });
    assert.equal(mapped.status, 204);
    assert.equal(await roleOf(email, other.owner.tenantId), 'org_owner');
  });

  it('a group makes administrators where the owner says so, of the directory’s people only, and never by itself', async () => {
    const other = await organisationWith(server);
    const bearer = await tokenOf(other.owner);
    const [annEmail, bobEmail] = [`ann@${other.domain}`, `bob@${other.domain}`];
    const byHand = await server.person('org_admin', other.owner.tenantId);
    const [ann, bob] = await Promise.all(
      [annEmail, bobEmail].map(
        async (email) => (await (await ask('POST', '/Users', entraUser(email), bearer)).json()) as User,
      ),
    );
    const body = { displayName: 'IT', members: [{ value: ann!.id }], administers: true, role: 'org_owner' };
    const group = (await (await ask('POST', '/Groups', body, bearer)).json()) as Group;
    const role = (email: string) => roleOf(email, other.owner.tenantId);
    assert.deepEqual([await role(annEmail), await role(bobEmail)], ['org_member', 'org_member']);
    const map = (administers: boolean, as = other.owner) =>
      server.send('PATCH', `/organisation/provisioning/groups/${group.id}`, {
        as,
        json: { administers, password: PASSWORD },
      });
    assert.equal((await map(true, await server.member('org_admin', other.owner.tenantId))).status, 403);
    assert.equal((await map(true)).status, 204);
    assert.deepEqual([await role(annEmail), await role(bobEmail)], ['org_admin', 'org_member']);
    const swap = {
      schemas: [PATCH],
      Operations: [{ op: 'replace', path: 'members', value: [{ value: bob!.id }] }],
    };
    assert.equal((await ask('PATCH', `/Groups/${group.id}`, swap, bearer)).status, 200);
    assert.deepEqual([await role(annEmail), await role(bobEmail)], ['org_member', 'org_admin']);
    assert.equal(await role(byHand.email), 'org_admin', 'whom the directory does not provide stays');
    assert.equal((await ask('DELETE', `/Groups/${group.id}`, undefined, bearer)).status, 204);
    assert.equal(await role(bobEmail), 'org_member');
    const changes = await server.database.admin`select 1 from postern.audit_events
        where tenant_id = ${other.owner.tenantId} and action = 'member.role-changed' and actor = 'worker:directory'`;
    assert.ok(changes.length >= 2);
  });

  it('nothing of another organisation is there: not read, not changed, not listed, not put into a group', async () => {
    const mine = await create();
    const group = await get<Group>('POST', '/Groups', { displayName: `Mine ${randomUUID()}` }, 201);
    const other = await organisationWith(server);
    const bearer = await tokenOf(other.owner);
    for (const [method, path, body] of [
      ['GET', `/Users/${mine.id}`],
      ['PUT', `/Users/${mine.id}`, entraUser(mine.userName)],
      ['PATCH', `/Users/${mine.id}`, { Operations: [{ op: 'replace', path: 'active', value: false }] }],
      ['DELETE', `/Users/${mine.id}`],
      ['GET', `/Groups/${group.id}`],
      ['PUT', `/Groups/${group.id}`, { displayName: 'X' }],
      ['PATCH', `/Groups/${group.id}`, { Operations: [{ op: 'replace', path: 'displayName', value: 'X' }] }],
      ['DELETE', `/Groups/${group.id}`],
    ] as const) {
      await refuses(await ask(method, path, body, bearer), 404);
    }
    const listed = (await (await ask('GET', '/Users', undefined, bearer)).json()) as List<User>;
    assert.equal(listed.totalResults, 0);
    const theirs = (await (
      await ask('POST', '/Groups', { displayName: 'Theirs', members: [{ value: mine.id }] }, bearer)
    ).json()) as Group;
    assert.deepEqual(theirs.members, []);
    assert.equal(await roleOf(mine.userName), 'org_member');
  });

  it('somebody switched off does not come back through the identity provider', async () => {
    const email = fresh();
    const made = await create(email);
    await patch(`/Users/${made.id}`, { op: 'replace', path: 'active', value: false });
    const id = randomUUID();
    await server.database.admin`insert into postern.identity_providers
        (tenant_id, provider_id, kind, name, settings, active, admits, two_factors)
        values (${owner.tenantId}, ${id}, 'oidc', 'Corp', '{}', true, true, false)`;
    const admit = () =>
      server.parts.store.withSystem('sign-in', (db) =>
        db.organisationSignIn.admit(id, { subject: 'ann', email, name: 'Ann' }),
      );
    assert.equal(await admit(), null);
    await patch(`/Users/${made.id}`, { op: 'replace', path: 'active', value: true });
    assert.equal((await admit())?.how, 'linked');
  });

  it('a name is one user, however it is spelt and however many ask at once', async () => {
    const email = fresh();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('POST', '/Users', entraUser(email))));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);
    await refuses(await ask('POST', '/Users', entraUser(email.toUpperCase())), 409, 'uniqueness');
    const accounts = await server.database.admin`select 1 from postern.users where email = ${email}`;
    assert.equal(accounts.length, 1);
  });

  it('nothing without the token, with a removed one, an access token, or one of an API key', async () => {
    const admin = await server.member('org_owner');
    const path = '/organisation/provisioning';
    const made = (await (
      await server.send('POST', `${path}/tokens`, { as: admin, json: { password: PASSWORD } })
    ).json()) as {
      id: string;
      token: string;
    };
    assert.equal((await ask('GET', '/Users', undefined, made.token)).status, 200);
    const state = await (await server.send('GET', path, { as: admin })).text();
    assert.ok(!state.includes(made.token));
    const rows = await server.database.admin<
      { row: string }[]
    >`select t::text as row from postern.provisioning_tokens t`;
    assert.ok(rows.every(({ row }) => !row.includes(made.token)));
    assert.equal((await server.send('DELETE', `${path}/tokens/${made.id}`, { as: admin })).status, 204);
    for (const bearer of [made.token, admin.token, 'pst_nonsense', `pst_scim_${'x'.repeat(43)}`, '']) {
      await refuses(await ask('GET', '/Users', undefined, bearer), 401);
    }
    assert.equal((await server.send('GET', '/overview', { as: token })).status, 401, 'and the token opens no API');
    await tokenOf(admin);
    await tokenOf(admin);
    assert.equal(
      (await server.send('POST', `${path}/tokens`, { as: admin, json: { password: PASSWORD } })).status,
      409,
    );
  });

  it('what is not understood is refused in SCIM’s own words', async () => {
    const made = await create();
    for (const filter of [
      'userName sw "a"',
      'userName eq a',
      'active eq true',
      'nonsense',
      '(userName eq "a")',
      'not',
    ]) {
      const answer = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      await refuses(answer, 400, 'invalidFilter');
    }
    await refuses(await patch(`/Users/${made.id}`, { op: 'explode', path: 'active' }), 400, 'invalidValue');
    await refuses(await patch(`/Users/${made.id}`, { op: 'remove' }), 400, 'invalidPath');
    await refuses(await patch(`/Users/${made.id}`, { op: 'replace', path: '][', value: 1 }), 400, 'invalidPath');
    await refuses(await patch(`/Users/${made.id}`, { op: 'remove', path: 'userName' }), 400, 'invalidValue');
    await refuses(await patch(`/Users/${made.id}`), 400, 'invalidValue');
    await refuses(await ask('POST', '/Users', { schemas: [USER] }), 400, 'invalidValue');
    await refuses(await ask('POST', '/Users', entraUser('no address', { emails: [] })), 400, 'invalidValue');
    await refuses(await ask('POST', '/Bulk', { Operations: [] }), 501);
    await refuses(await ask('GET', '/Me'), 501);
    for (const id of ["'", '%00', '..%2f..', 'a'.repeat(300), randomUUID()])
      await refuses(await ask('GET', `/Users/${id}`), 404);
    const headers = { authorization: `Bearer ${token}` };
    const raw = (body: string, type: string) =>
      fetch(`${server.url}/scim/v2/Users`, { method: 'POST', body, headers: { ...headers, 'content-type': type } });
    await refuses(await raw('{', 'application/scim+json'), 400);
    await refuses(await raw('a=b', 'application/x-www-form-urlencoded'), 415);
    await refuses(await raw(`{"a":"${'x'.repeat(1_100_000)}"}`, 'application/json'), 413);
    const polluted = '{"userName":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    await refuses(await raw(polluted, 'application/json'), 400, 'invalidValue');
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('is read by another implementation: every resource, list and error (scimmy)', async () => {
    const made = await create();
    const group = await get<Group>(
      'POST',
      '/Groups',
      { displayName: randomUUID(), members: [{ value: made.id }] },
      201,
    );
    const user = new SCIMMY.Schemas.User(await get<object>('GET', `/Users/${made.id}`), 'out');
    assert.equal((user as unknown as { userName: string }).userName, made.userName);
    const read = new SCIMMY.Schemas.Group(await get<object>('GET', `/Groups/${group.id}`), 'out');
    assert.equal((read as unknown as { members: { value: string }[] }).members[0]?.value, made.id);
    const list = new SCIMMY.Messages.ListResponse(await get<never>('GET', '/Users?count=1'));
    assert.equal(list.Resources.length, 1);
    const fault = (await (await ask('GET', '/Users?filter=nonsense')).json()) as object;
    // It throws what it reads.
    assert.throws(() => new SCIMMY.Messages.ErrorResponse(fault), { scimType: 'invalidFilter' });
  });

  it('describes itself', async () => {
    const config = await get<{ patch: { supported: boolean }; bulk: { supported: boolean } }>(
      'GET',
      '/ServiceProviderConfig',
    );
    assert.deepEqual([config.patch.supported, config.bulk.supported], [true, false]);
    const types = await get<List<{ id: string; endpoint: string; schema: string }>>('GET', '/ResourceTypes');
    assert.deepEqual(
      types.Resources.map(({ endpoint }) => endpoint),
      ['/Users', '/Groups'],
    );
    const known = await get<List<{ id: string }>>('GET', '/Schemas');
    assert.deepEqual(
      known.Resources.map(({ id }) => id),
      [USER, GROUP],
    );
    assert.equal((await get<{ id: string }>('GET', `/Schemas/${USER}`)).id, USER);
    await refuses(await ask('GET', '/Schemas/nonsense'), 404);
  });
});
