import assert from 'node:assert/strict';
import { createProvider } from '../../../src/services/identity-providers/provider.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const PASSWORD = 'correct horse battery';
const FRESH = 'a quiet river in november';

describe('sign-up, forgotten passwords and changes of an account', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  let count = 0;
  const address = () => `person-${(count += 1)}@example.test`;
  const post = (path: string, json: object, as?: Member | string) =>
    server.send('POST', path, as === undefined ? { json } : { json, as });
  const login = (email: string, password = PASSWORD) => post('/auth/login', { email, password });
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
  const lastMail = async (to: string) => (await server.mailTo(to)).at(-1);
  const tokenFor = async (to: string) => /#token=([\w-]+)/.exec((await lastMail(to))?.text ?? '')?.[1] ?? '';
  const events = async (member: { userId: string }) =>
    (
      await server.database.admin<{ action: string }[]>`select action from postern.audit_events
        where target = ${`user:${member.userId}`} order by event_id`
    ).map(({ action }) => action);

  it('an account exists only once the link to its address was opened, and has a tenant of its own', async () => {
    const email = address();
    assert.equal((await post('/auth/sign-up', { email: email.toUpperCase() })).status, 202);
    const [none] = await server.database.admin`select 1 from postern.users where email = ${email}`;
    assert.equal(none, undefined);
    const token = await tokenFor(email);
    const complete = (json: object) => post('/auth/sign-up/complete', { token, ...json });
    assert.deepEqual(await codeOf(await complete({ password: 'iloveyou12' })), [422, 'account.password-weak']);
    assert.deepEqual(await codeOf(await complete({ password: email })), [422, 'account.password-weak']);
    assert.equal((await complete({ password: FRESH, display_name: 'Ann' })).status, 204);
    assert.deepEqual(await codeOf(await complete({ password: FRESH })), [410, 'account.link-invalid']);
    const { access_token: as } = (await (await login(email, FRESH)).json()) as { access_token: string };
    const account = (await (await server.send('GET', '/auth/me', { as })).json()) as {
      display_name: string;
      super_admin: boolean;
      memberships: { role: string }[];
    };
    assert.deepEqual([account.display_name, account.super_admin], ['Ann', false]);
    assert.deepEqual(
      account.memberships.map(({ role }) => role),
      ['user'],
    );
    const security = (await (await server.send('GET', '/account/security', { as })).json()) as object;
    assert.equal('email_verified' in security && security.email_verified, true);
  });

  it('signing up with an address that has an account answers the same, does the same, and tells only the address', async () => {
    const member = await server.member('org_member');
    const email = address();
    const before = server.database.admin<{ tokens: number; mails: number }[]>`select
      (select count(*)::int from postern.one_time_tokens) as tokens, (select count(*)::int from postern.outgoing_mail) as mails`;
    const [first] = await before;
    const answers = [await post('/auth/sign-up', { email }), await post('/auth/sign-up', { email: member.email })];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202],
    );
    const [after] = await server.database.admin<{ tokens: number; mails: number }[]>`select
      (select count(*)::int from postern.one_time_tokens) as tokens, (select count(*)::int from postern.outgoing_mail) as mails`;
    assert.deepEqual([(after?.tokens ?? 0) - (first?.tokens ?? 0), (after?.mails ?? 0) - (first?.mails ?? 0)], [2, 2]);
    assert.match((await lastMail(member.email))?.text ?? '', /has an account already/);
    assert.equal(await tokenFor(member.email), '');
  });

  it('is closed unless the operator opens it, or open to domains', async () => {
    for (const [signUp, allowed] of [
      ['closed', []],
      ['invitation', []],
      [{ domains: ['example.test'] }, ['a@example.test', 'b@EXAMPLE.test']],
    ] as const) {
      const other = await startTestServer({}, { signUp });
      try {
        for (const email of [
          'a@example.test',
          'b@EXAMPLE.test',
          'c@example.test.evil.example',
          'd@evil-example.test',
        ]) {
          const answer = await other.send('POST', '/auth/sign-up', { json: { email } });
          const open = (allowed as readonly string[]).includes(email);
          assert.equal(answer.status, open ? 202 : 403, `${JSON.stringify(signUp)} ${email}`);
        }
      } finally {
        await other.close();
      }
    }
  });

  it('a forgotten password is replaced by who holds the link; every session ends, other links are void', async () => {
    const member = await server.member('org_member');
    await post('/auth/password/forgot', { email: member.email });
    const first = await tokenFor(member.email);
    await post('/auth/password/forgot', { email: ` ${member.email.toUpperCase()}` });
    const token = await tokenFor(member.email);
    const reset = (text: string, password = FRESH) => post('/auth/password/reset', { token: text, password });
    assert.deepEqual(await codeOf(await reset(first)), [410, 'account.link-invalid']);
    assert.equal((await reset(token, 'password1234')).status, 422);
    assert.equal((await reset(token, member.email)).status, 422);
    assert.equal((await reset(token)).status, 204);
    assert.equal((await reset(token)).status, 410);
    assert.equal((await server.send('GET', '/auth/me', { as: member })).status, 401);
    assert.equal((await login(member.email)).status, 401);
    assert.equal((await login(member.email, FRESH)).status, 200);
    assert.deepEqual(await events(member), ['account.password-reset']);
  });

  it('asking for a link or a code does the same work for an unknown, a known and a suspended address', async () => {
    const [known, suspended] = [await server.member('user'), await server.member('user')];
    await server.database.admin`update postern.users set suspended = true where user_id = ${suspended.userId}`;
    const rows = async () =>
      (
        await server.database.admin<Record<'tokens' | 'mails' | 'jobs', number>[]>`select
          (select count(*)::int from postern.one_time_tokens where expires_at > now()) as tokens,
          (select count(*)::int from postern.outgoing_mail) as mails,
          (select count(*)::int from graphile_worker._private_jobs) as jobs`
      )[0];
    for (const path of ['/auth/password/forgot', '/auth/login/email']) {
      const seen = [];
      for (const email of [address(), known.email, suspended.email]) {
        const before = await rows();
        const answer = await post(path, { email });
        const after = await rows();
        const body = (await answer.text()).replace(/"[\w-]{43}"/, '"secret"');
        seen.push([
          answer.status,
          body,
          ...(['tokens', 'mails', 'jobs'] as const).map((key) => (after?.[key] ?? 0) - (before?.[key] ?? 0)),
        ]);
      }
      assert.deepEqual(seen[1], seen[0], path);
      assert.deepEqual(seen[2], seen[0], path);
      assert.deepEqual(seen[0]?.slice(2), [1, 1, 1]);
    }
  });

  it('a link does not work for another purpose, late, or tampered with', async () => {
    const member = await server.member('user');
    const email = address();
    await post('/auth/sign-up', { email });
    const signUp = await tokenFor(email);
    await post('/auth/password/forgot', { email: member.email });
    const reset = await tokenFor(member.email);
    assert.equal((await post('/auth/password/reset', { token: signUp, password: FRESH })).status, 410);
    assert.equal((await post('/auth/sign-up/complete', { token: reset, password: FRESH })).status, 410);
    assert.equal((await post('/auth/email/confirm', { token: reset })).status, 410);
    assert.equal((await post('/auth/login/verify', { challenge: reset, method: 'totp', code: '1' })).status, 410);
    const tampered = (reset.startsWith('A') ? 'B' : 'A') + reset.slice(1);
    assert.equal((await post('/auth/password/reset', { token: tampered, password: FRESH })).status, 410);
    await server.database.admin`update postern.one_time_tokens set expires_at = now()`;
    assert.equal((await post('/auth/password/reset', { token: reset, password: FRESH })).status, 410);
    assert.equal((await post('/auth/sign-up/complete', { token: signUp, password: FRESH })).status, 410);
  });

  it('one address gets five messages an hour, whoever asks', async () => {
    const email = address();
    const ask = (path: string) => post(path, { email });
    for (const path of [
      '/auth/sign-up',
      '/auth/password/forgot',
      '/auth/login/email',
      '/auth/sign-up',
      '/auth/sign-up',
    ]) {
      assert.ok((await ask(path)).ok);
    }
    const refused = await ask('/auth/password/forgot');
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });

  it('a code by e-mail signs in once, with what was given when it was asked for', async () => {
    const member = await server.member('user');
    const ask = async () =>
      ((await (await post('/auth/login/email', { email: member.email })).json()) as { challenge: string }).challenge;
    const codeFrom = async () => /(\d{4}) (\d{4})/.exec((await lastMail(member.email))?.text ?? '')?.[0] ?? '';
    const challenge = await ask();
    const code = await codeFrom();
    assert.doesNotMatch((await lastMail(member.email))?.subject ?? '', /\d/);
    const enter = (held: string, text: string) => post('/auth/login/email/verify', { challenge: held, code: text });
    assert.deepEqual(await codeOf(await enter(challenge, '00000000')), [422, 'auth.code-invalid']);
    const other = await server.member('user');
    const foreign = ((await (await post('/auth/login/email', { email: other.email })).json()) as { challenge: string })
      .challenge;
    assert.equal((await enter(foreign, code)).status, 422);
    assert.equal((await enter(challenge, code)).status, 200);
    assert.equal((await enter(challenge, code)).status, 410);
    const tried = await ask();
    const right = await codeFrom();
    for (let n = 0; n < 5; n += 1) assert.equal((await enter(tried, '00000000')).status, 422);
    assert.equal((await enter(tried, right)).status, 410);
    const nobody = ((await (await post('/auth/login/email', { email: address() })).json()) as { challenge: string })
      .challenge;
    assert.deepEqual(await codeOf(await enter(nobody, '12345678')), [422, 'auth.code-invalid']);
  });

  it('a new password asks for the old one and ends the other sessions', async () => {
    const member = await server.member('org_member');
    const { access_token: other } = (await (await login(member.email)).json()) as { access_token: string };
    const change = (json: object) => post('/account/password', json, member);
    assert.deepEqual(await codeOf(await change({ password: 'wrong', new_password: FRESH })), [
      403,
      'account.confirmation-needed',
    ]);
    assert.equal((await change({ new_password: FRESH })).status, 403);
    assert.equal((await change({ password: PASSWORD, new_password: member.email })).status, 422);
    assert.equal((await change({ password: PASSWORD, new_password: FRESH })).status, 204);
    assert.equal((await server.send('GET', '/auth/me', { as: member })).status, 200);
    assert.equal((await server.send('GET', '/auth/me', { as: other })).status, 401);
    assert.equal((await login(member.email, FRESH)).status, 200);
    assert.deepEqual(await events(member), ['account.password-changed']);
    assert.match((await lastMail(member.email))?.subject ?? '', /password of your account was changed/);
  });

  it('an access token alone guesses the password ten times at most', async () => {
    const member = await server.member('user');
    const change = () => post('/account/password', { password: 'guess', new_password: FRESH }, member);
    for (let n = 0; n < 10; n += 1) assert.equal((await change()).status, 403);
    assert.equal((await change()).status, 429);
  });

  it('a new address counts once it was shown to be theirs; the old one is told', async () => {
    const member = await server.member('org_member');
    const email = address();
    assert.equal((await post('/account/email', { email }, member)).status, 403);
    assert.equal((await post('/account/email', { email, password: PASSWORD }, member)).status, 202);
    assert.equal((await login(member.email)).status, 200);
    const token = await tokenFor(email);
    assert.equal((await post('/auth/email/confirm', { token })).status, 204);
    assert.equal((await post('/auth/email/confirm', { token })).status, 410);
    assert.equal((await login(member.email)).status, 401);
    assert.equal((await login(email)).status, 200);
    assert.match((await lastMail(member.email))?.text ?? '', /changed to another one/);
    assert.deepEqual(await events(member), ['account.email-changed']);
  });

  it("another account's address is not taken, and asking does not tell that it exists", async () => {
    const [member, other] = [await server.member('user'), await server.member('user')];
    const answer = await post('/account/email', { email: other.email, password: PASSWORD }, member);
    assert.equal(answer.status, 202);
    assert.equal(await tokenFor(other.email), '');
    const late = address();
    await post('/account/email', { email: late, password: PASSWORD }, member);
    const token = await tokenFor(late);
    await server.database.addUser({ email: late });
    assert.deepEqual(await codeOf(await post('/auth/email/confirm', { token })), [409, 'account.exists']);
    assert.equal((await login(member.email)).status, 200);
  });

  it('the address of an account is confirmed by a link', async () => {
    const member = await server.member('user');
    const verified = async () =>
      ((await (await server.send('GET', '/account/security', { as: member })).json()) as { email_verified: boolean })
        .email_verified;
    assert.equal(await verified(), false);
    assert.equal((await server.send('POST', '/account/email/confirmation', { as: member })).status, 202);
    assert.equal((await post('/auth/email/confirm', { token: await tokenFor(member.email) })).status, 204);
    assert.equal(await verified(), true);
  });

  it('sessions are listed with device and method, without an address, and end one by one or all at once', async () => {
    const member = await server.member('org_member');
    const agent = { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' } };
    const sign = async () =>
      (
        (await (
          await server.send('POST', '/auth/login', { json: { email: member.email, password: PASSWORD }, ...agent })
        ).json()) as { access_token: string }
      ).access_token;
    const [second, third] = [await sign(), await sign()];
    const list = async () =>
      (
        (await (await server.send('GET', '/account/sessions', { as: member })).json()) as {
          sessions: { id: string; current: boolean; user_agent: string; address: string | null; method: string }[];
        }
      ).sessions;
    const sessions = await list();
    assert.equal(sessions.length, 3);
    assert.equal(sessions.filter(({ current }) => current).length, 1);
    assert.deepEqual(
      new Set(sessions.map(({ method, address: at }) => `${method} ${String(at)}`)),
      new Set(['password null']),
    );
    const firefox = sessions.filter(({ user_agent: text }) => text.includes('Firefox'));
    const stranger = await server.member('org_owner', member.tenantId);
    const end = (id: string, as: Member) => server.send('DELETE', `/account/sessions/${id}`, { as });
    assert.equal((await end(firefox[0]?.id ?? '', stranger)).status, 404);
    assert.equal((await end(firefox[0]?.id ?? '', member)).status, 204);
    assert.equal((await end(firefox[0]?.id ?? '', member)).status, 404);
    assert.equal((await server.send('POST', '/account/sessions/end-others', { as: member })).status, 204);
    for (const as of [second, third]) assert.equal((await server.send('GET', '/auth/me', { as })).status, 401);
    assert.deepEqual(
      (await list()).map(({ current }) => current),
      [true],
    );
  });

  it('client addresses are kept only where the operator switched it on', async () => {
    const recording = await startTestServer({}, { recordAddresses: true });
    try {
      const member = await recording.member('user');
      const answer = await recording.send('GET', '/account/sessions', { as: member });
      const { sessions } = (await answer.json()) as { sessions: { address: string | null }[] };
      assert.equal(sessions[0]?.address, '127.0.0.1');
    } finally {
      await recording.close();
    }
    const [row] = await server.database.admin`select 1 from postern.sessions where client_address is not null`;
    assert.equal(row, undefined);
  });

  it('whoever has no password changes things within ten minutes of signing in', async () => {
    const member = await server.member('user');
    await server.database.admin`update postern.users set password_hash = null where user_id = ${member.userId}`;
    const set = () => post('/account/password', { new_password: FRESH }, member);
    await server.database
      .admin`update postern.sessions set created_at = now() - interval '11 minutes' where user_id = ${member.userId}`;
    assert.equal((await set()).status, 403);
    await server.database.admin`update postern.sessions set created_at = now() where user_id = ${member.userId}`;
    assert.equal((await set()).status, 204);
    assert.equal((await login(member.email, FRESH)).status, 200);
  });

  it('an organisation that has switched passwords off is entered without one; its owner keeps a way in', async () => {
    const tenant = await server.database.addTenant();
    const [owner, member] = [await server.member('org_owner', tenant), await server.member('org_member', tenant)];
    const json = { second_factor: false, passwords_off: true, password: PASSWORD };
    const put = () => server.send('PUT', '/organisation/sign-in-rules', { as: owner, json });
    assert.deepEqual(await codeOf(await put()), [409, 'account.provider-missing']);
    const nowhere = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' };
    Object.assign(server.parts.accounts, { providers: [createProvider({ id: 'oidc', name: 'Corp', ...nowhere })] });
    assert.equal((await put()).status, 200);
    assert.equal((await login(member.email, 'wrong')).status, 401);
    assert.deepEqual(await codeOf(await login(member.email)), [403, 'auth.password-off']);
    assert.equal((await login(owner.email)).status, 200);
  });
});
