import assert from 'node:assert/strict';
import type { AccountParts } from '../../../src/services/accounts/account-parts.js';
import { PASSWORD } from '../../services/parts.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface PeopleBody {
  readonly members: readonly { readonly id: string; readonly email: string; readonly role: string }[];
  readonly invitations: readonly { readonly id: string; readonly email: string }[];
}

describe('an organisation and its people', () => {
  let server: TestServer;
  let owner: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    owner = await server.member('org_owner');
  });
  after(() => server.close());

  const body = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const people = (as: Member) => body<PeopleBody>(server.send('GET', '/organisation/members', { as }));
  const invite = async (email: string, as: Member = owner, role = 'org_member'): Promise<string> => {
    const { link } = await body<{ link: string }>(
      server.send('POST', '/organisation/invitations', { as, json: { email, role, password: PASSWORD } }),
    );
    return new URL(link).hash.replace('#token=', '');
  };
  const signIn = async (email: string, password: string): Promise<string> =>
    (await body<{ access_token: string }>(server.send('POST', '/auth/login', { json: { email, password } })))
      .access_token;
  const me = (as: string) =>
    body<{ tenant: { id: string; role: string }; memberships: { tenant_id: string; role: string }[] }>(
      server.send('GET', '/auth/me', { as }),
    );
  const audited = async (action: string, tenant = owner.tenantId) =>
    (
      await server.database.admin`select actor, target from postern.audit_events
        where tenant_id = ${tenant} and action = ${action} order by event_id desc`
    )[0];

  it('an invited stranger sets a password and works in the organisation, and has a personal space besides', async () => {
    const token = await invite('New.Person@Example.test', owner, 'org_admin');
    const facts = await body<Record<string, unknown>>(server.send('POST', '/auth/invitation', { json: { token } }));
    assert.equal(facts['email'], 'new.person@example.test');
    assert.equal(facts['role'], 'org_admin');
    assert.equal(facts['has_account'], false);
    const join = (password: string) => server.send('POST', '/auth/invitation/join', { json: { token, password } });
    assert.equal((await join('password1')).status, 422);
    assert.equal((await join('a quiet lagoon at noon')).status, 204);
    assert.equal((await join('a quiet lagoon at noon')).status, 410, 'the link works once');
    const account = await me(await signIn('new.person@example.test', 'a quiet lagoon at noon'));
    assert.equal(account.tenant.id, owner.tenantId);
    assert.deepEqual(account.memberships.map(({ role }) => role).sort(), ['org_admin', 'user']);
    assert.ok(await audited('member.invited'));
    assert.match(String((await audited('member.joined'))?.['target']), /^user:/);
  });

  it('an invited person with an account accepts it signed in, and switches there and back', async () => {
    const guest = await server.member('org_owner');
    const token = await invite(guest.email);
    const accept = (as: Member) => server.send('POST', '/auth/invitation/accept', { as, json: { token } });
    const other = await server.member('org_member');
    assert.equal((await accept(other)).status, 403, 'a forwarded link lets nobody else in');
    assert.equal((await accept(guest)).status, 200);
    assert.equal((await accept(guest)).status, 410);
    const switched = await server.send('POST', '/auth/switch', { as: guest, json: { tenant_id: owner.tenantId } });
    const fresh = ((await switched.json()) as { access_token: string }).access_token;
    assert.deepEqual((await me(fresh)).tenant.role, 'org_member');
    assert.equal((await server.send('GET', '/auth/me', { as: guest })).status, 401, 'tokens from before are void');
    const back = await server.send('POST', '/auth/switch', { as: fresh, json: { tenant_id: guest.tenantId } });
    assert.equal(back.status, 200);
    assert.equal((await audited('auth.tenant-switched'))?.['actor'], `user:${guest.userId}`);
  });

  it('a session that began without the second factor an organisation demands stays outside, and where it was', async () => {
    const guest = await server.member('org_member');
    const demanding = await server.member('org_owner');
    await server.database.addMember(demanding.tenantId, guest.userId, 'org_member');
    await server.database.admin`insert into postern.sign_in_rules (tenant_id, second_factor, passwords_off)
      values (${demanding.tenantId}, true, false)`;
    const json = { tenant_id: demanding.tenantId };
    const answer = await server.send('POST', '/auth/switch', { as: guest, json });
    assert.equal(answer.status, 403);
    assert.match(((await answer.json()) as { detail: string }).detail, /second factor/);
    assert.equal((await me(guest.token)).tenant.id, guest.tenantId);
  });

  it('nobody switches to where they do not belong', async () => {
    const [stranger, other] = [await server.member('org_owner'), await server.member('org_owner')];
    for (const tenant of [other.tenantId, '00000000-0000-4000-8000-000000000000']) {
      const answer = await server.send('POST', '/auth/switch', { as: stranger, json: { tenant_id: tenant } });
      assert.equal(answer.status, 403);
    }
  });

  it('an invitation runs out after seven days, is void once withdrawn, and replaced by the next', async () => {
    const look = async (token: string) => (await server.send('POST', '/auth/invitation', { json: { token } })).status;
    const first = await invite('late@example.test');
    const second = await invite('late@example.test');
    assert.equal(await look(first), 410);
    assert.equal(await look(second), 200);
    const { invitations } = await people(owner);
    const { id } = invitations.find(({ email }) => email === 'late@example.test')!;
    assert.equal((await server.send('DELETE', `/organisation/invitations/${id}`, { as: owner })).status, 204);
    assert.equal((await server.send('DELETE', `/organisation/invitations/${id}`, { as: owner })).status, 404);
    assert.equal(await look(second), 410);
    const third = await invite('late@example.test');
    await server.database.admin`update postern.invitations set expires_at = now() - interval '1 second'
      where email = 'late@example.test'`;
    assert.equal(await look(third), 410);
    const stored = await server.database.admin`select created_at, expires_at from postern.invitations`;
    assert.ok(stored.length > 0);
    const kept = JSON.stringify(await server.database.admin`select * from postern.invitations`);
    assert.ok(!kept.includes(third), 'the link itself is not stored');
  });

  it('administrators change roles and remove members, but never the owner', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const member = await server.member('org_member', owner.tenantId);
    const change = async (as: Member, who: Member, role: string) =>
      (await server.send('PATCH', `/organisation/members/${who.userId}`, { as, json: { role, password: PASSWORD } }))
        .status;
    const remove = async (as: Member, who: Member) =>
      (await server.send('DELETE', `/organisation/members/${who.userId}`, { as })).status;
    assert.equal(await change(member, admin, 'org_member'), 403);
    assert.equal(await change(admin, member, 'org_admin'), 204);
    assert.equal(await change(member, admin, 'org_member'), 204, 'the new role holds at once');
    assert.equal(await change(member, owner, 'org_member'), 409);
    assert.equal(await change(member, admin, 'org_owner'), 400);
    assert.equal(await remove(member, owner), 409);
    assert.equal(await remove(member, admin), 204);
    assert.equal((await server.send('GET', '/auth/me', { as: admin })).status, 401, 'removed: the session has ended');
    assert.equal(await remove(member, admin), 404);
    assert.equal(await change(member, await server.member('org_member'), 'org_admin'), 404, 'of another tenant');
    assert.equal((await audited('member.removed'))?.['target'], `user:${admin.userId}`);
  });

  it('there is always exactly one owner, also when two hand over at once', async () => {
    const first = await server.member('org_owner');
    const [second, third] = [
      await server.member('org_admin', first.tenantId),
      await server.member('org_member', first.tenantId),
    ];
    const leave = async (as: Member) => (await server.send('POST', '/organisation/leave', { as })).status;
    assert.equal(await leave(first), 409);
    const transfer = async (as: Member, to: Member) =>
      (await server.send('POST', '/organisation/transfer', { as, json: { user_id: to.userId, password: PASSWORD } }))
        .status;
    assert.equal(await transfer(second, second), 403);
    assert.equal(await transfer(first, await server.member('org_member')), 404);
    await Promise.all([transfer(first, second), transfer(first, third)]);
    const owners = await server.database.admin`select user_id from postern.memberships
      where tenant_id = ${first.tenantId} and role = 'org_owner'`;
    assert.equal(owners.length, 1);
    assert.equal(await leave(first), 204);
    assert.equal(await leave(await server.member('user')), 404, 'nobody leaves their own space');
  });

  it('nobody can be invited into a personal space, or twice', async () => {
    const member = await server.member('org_member', owner.tenantId);
    const status = async (email: string, as: Member) =>
      (await server.send('POST', '/organisation/invitations', { as, json: { email } })).status;
    assert.equal(await status(member.email, owner), 409);
    assert.equal(await status('a@b', member), 403);
    const alone = await server.member('user');
    await server.database.admin`update postern.tenants set kind = 'personal' where tenant_id = ${alone.tenantId}`;
    assert.equal(await status('x@example.test', alone), 403);
  });

  it('where postern sends mail, the link goes there and is not shown to the inviter', async () => {
    const accounts = server.parts.accounts as { -readonly [K in keyof AccountParts]: AccountParts[K] };
    const outbox = accounts.mailer;
    accounts.mailer = { ...outbox, delivers: true };
    const answer = await server.send('POST', '/organisation/invitations', {
      as: owner,
      json: { email: 'mailed@example.test' },
    });
    accounts.mailer = outbox;
    assert.equal(((await answer.json()) as { link: null }).link, null);
    const [mail, ...more] = await server.mailTo('mailed@example.test');
    assert.equal(more.length, 0);
    assert.match(mail?.text ?? '', /\/invitation#token=[\w-]{43}\n/);
    assert.ok(mail?.text.includes(`${server.url}/invitation#`));
  });
});
