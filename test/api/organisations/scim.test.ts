import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ENTERPRISE, GROUP, USER, openDirectory } from './directory.js';
import type { Directory, List, Group, User } from './directory.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

describe('provisioning by SCIM', () => {
  let server: TestServer;
  let organisation: Directory['organisation'];
  let owner: Directory['owner'];
  let ask: Directory['ask'];
  let get: Directory['get'];
  let refuses: Directory['refuses'];
  let fresh: Directory['fresh'];
  let create: Directory['create'];
  let patch: Directory['patch'];
  let roleOf: Directory['roleOf'];
  let withPassword: Directory['withPassword'];
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    ({ organisation, owner, ask, get, refuses, fresh, create, patch, roleOf, withPassword } =
      await openDirectory(server));
  });
  after(() => server.close());

  describe('as Entra ID asks', () => {
    it('tests the connection with a user that is not there', async () => {
      const list = await get<List<User>>('GET', `/Users?filter=userName eq "${randomUUID()}"`);
      assert.deepEqual([list.totalResults, list.itemsPerPage, list.Resources], [0, 0, []]);
    });

    it('creates a user, who is a member and can be read back, and found by user name and external id', async () => {
      const email = fresh();
      const made = await create(email);
      assert.equal(made.meta.location, `${server.url}/scim/v2/Users/${made.id}`);
      assert.deepEqual([made.active, made.name?.givenName], [true, 'Ann']);
      assert.equal(await roleOf(email), 'org_member');
      assert.deepEqual(await get('GET', `/Users/${made.id}`), made);
      for (const filter of [
        `userName eq "${email.toUpperCase()}"`,
        `externalId eq "${made.externalId ?? ''}"`,
        `emails[type eq "work"].value eq "${email}"`,
        `userName eq "${email}" and externalId eq "${made.externalId ?? ''}"`,
      ]) {
        const found = await get<List<User>>('GET', `/Users?filter=${encodeURIComponent(filter)}`);
        assert.deepEqual([found.totalResults, found.Resources[0]?.id], [1, made.id], filter);
      }
    });

    it('changes attributes by path, and those of an extension without harm', async () => {
      const made = await create();
      const answer = await patch(
        `/Users/${made.id}`,
        { op: 'Replace', path: 'emails[type eq "work"].value', value: `moved@${organisation.domain}` },
        { op: 'Add', path: 'name.familyName', value: 'Berg' },
        { op: 'Replace', path: 'displayName', value: 'Ann Berg' },
        { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Legal' },
      );
      assert.equal(answer.status, 200);
      const { displayName, name, emails } = (await answer.json()) as User;
      assert.deepEqual([displayName, name?.familyName, name?.givenName], ['Ann Berg', 'Berg', 'Ann']);
      assert.equal(emails?.[0]?.value, `moved@${organisation.domain}`);
      const account = await server.database.admin`select 1 from postern.users where email = ${made.userName}`;
      assert.equal(account.length, 1, 'the address of the account stays its person’s');
    });

    it('disables a user, which ends their sessions at once, and lets them in again', async () => {
      const member = await withPassword('org_member', owner.tenantId);
      const made = await create(member.email);
      assert.equal((await server.send('GET', '/overview', { as: member })).status, 200);
      await server.database
        .admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address, credentials)
        values (${owner.tenantId}, gen_random_uuid(), ${member.userId}, 'gmail', ${member.email}, 'theirs')`;
      const disabled = await patch(`/Users/${made.id}`, { op: 'Replace', path: 'active', value: 'False' });
      const [mailbox] = await server.database.admin`select status, credentials from postern.mailboxes
        where owner_id = ${member.userId}`;
      assert.deepEqual([mailbox?.['status'], mailbox?.['credentials']], ['disconnected', null]);
      assert.equal(((await disabled.json()) as User).active, false);
      assert.equal(await roleOf(member.email), null);
      assert.equal((await server.send('GET', '/overview', { as: member })).status, 401);
      const enabled = await patch(`/Users/${made.id}`, { op: 'Replace', path: 'active', value: true });
      assert.equal(((await enabled.json()) as User).active, true);
      assert.equal(await roleOf(member.email), 'org_member');
      assert.equal(
        (await server.send('GET', '/overview', { as: member })).status,
        401,
        'the session does not come back',
      );
    });

    it('pushes a group, adds members and removes them with their values beside the path', async () => {
      const [ann, bob] = [await create(), await create()];
      const group = await get<Group>(
        'POST',
        '/Groups',
        { schemas: [GROUP], externalId: randomUUID(), displayName: `Sales ${randomUUID()}`, members: [] },
        201,
      );
      const added = await patch(`/Groups/${group.id}`, {
        ...{ op: 'Add', path: 'members', value: [{ $ref: null, value: ann.id }, { value: bob.id }] },
      });
      assert.deepEqual(
        ((await added.json()) as Group).members?.map(({ value }) => value).sort(),
        [ann.id, bob.id].sort(),
      );
      await patch(`/Groups/${group.id}`, { op: 'Remove', path: 'members', value: [{ value: ann.id }] });
      const now = await get<Group>('GET', `/Groups/${group.id}`);
      assert.deepEqual(
        now.members?.map(({ value }) => value),
        [bob.id],
      );
      const bare = await get<List<Group>>(
        'GET',
        `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`displayName eq "${group.displayName}"`)}`,
      );
      assert.deepEqual([bare.totalResults, bare.Resources[0]?.members], [1, undefined]);
      const isIn = (id: string) =>
        get<List<Group>>('GET', `/Groups?filter=${encodeURIComponent(`id eq "${group.id}" and members eq "${id}"`)}`);
      assert.deepEqual([(await isIn(bob.id)).totalResults, (await isIn(ann.id)).totalResults], [1, 0]);
      assert.equal((await ask('DELETE', `/Groups/${group.id}`)).status, 204);
      await refuses(await ask('GET', `/Groups/${group.id}`), 404);
    });
  });

  describe('as Okta asks', () => {
    it('imports page by page', async () => {
      const all = (await get<List<User>>('GET', '/Users?startIndex=1&count=100')).totalResults;
      const seen = new Set<string>();
      for (let startIndex = 1; startIndex <= all; startIndex += 2) {
        const page = await get<List<User>>('GET', `/Users?startIndex=${startIndex}&count=2`);
        assert.deepEqual([page.totalResults, page.startIndex], [all, startIndex]);
        for (const { id } of page.Resources) seen.add(id);
      }
      assert.equal(seen.size, all);
      const beyond = await get<List<User>>('GET', `/Users?startIndex=${all + 50}&count=2`);
      assert.deepEqual([beyond.totalResults, beyond.Resources], [all, []]);
      assert.equal((await get<List<User>>('GET', '/Users?count=0')).Resources.length, 0);
      assert.equal((await get<List<User>>('GET', '/Users?startIndex=-5&count=1')).startIndex, 1);
    });

    it('creates, replaces and deactivates with an operation that has no path', async () => {
      const email = fresh();
      const body = {
        schemas: [USER],
        userName: email,
        name: { givenName: 'Test', familyName: 'User' },
        emails: [{ primary: true, value: email, type: 'work' }],
        displayName: 'Test User',
        locale: 'en-US',
        externalId: '00ujl29u0le5T6Aj10h7',
        groups: [],
        password: '1mz050nq',
        active: true,
      };
      const made = await get<User>('POST', '/Users', body, 201);
      assert.ok(!('password' in made));
      const put = await get<User>('PUT', `/Users/${made.id}`, { ...body, id: made.id, displayName: 'Another Name' });
      assert.equal(put.displayName, 'Another Name');
      const off = await patch(`/Users/${made.id}`, { op: 'replace', value: { active: false } });
      assert.equal(((await off.json()) as User).active, false);
      assert.equal(await roleOf(email), null);
      const hash = await server.database.admin`select password_hash from postern.users where email = ${email}`;
      assert.equal(hash[0]?.['password_hash'], null, 'a directory sets no password');
    });

    it('renames a group without a path, and changes its members with a filter in the path', async () => {
      const [ann, bob] = [await create(), await create()];
      const displayName = `Okta ${randomUUID()}`;
      const members = [{ value: ann.id, display: ann.userName }];
      const group = await get<Group>('POST', '/Groups', { schemas: [GROUP], displayName, members }, 201);
      const renamed = await patch(`/Groups/${group.id}`, {
        ...{ op: 'replace', value: { id: group.id, displayName: `${displayName} 2` } },
      });
      assert.equal(((await renamed.json()) as Group).displayName, `${displayName} 2`);
      const changed = await patch(
        `/Groups/${group.id}`,
        { op: 'remove', path: `members[value eq "${ann.id}"]` },
        { op: 'add', path: 'members', value: [{ value: bob.id, display: bob.userName }] },
      );
      assert.deepEqual(
        ((await changed.json()) as Group).members?.map(({ value }) => value),
        [bob.id],
      );
    });
  });
});
