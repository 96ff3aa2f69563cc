import assert from 'node:assert/strict';
import { generateSync } from 'otplib';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const PASSWORD = 'correct horse battery';

describe('a second factor', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const seconds = () => Math.floor(server.clock.now.getTime() / 1000);
  const code = (secret: string, later = 0) => generateSync({ secret, epoch: seconds() + later });
  const pass = (ms: number) => (server.clock.now = new Date(server.clock.now.getTime() + ms));
  const body = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
  const codeOf = async (answer: Response) => [answer.status, (await body<{ code: string }>(answer)).code];
  const login = (email: string) => server.send('POST', '/auth/login', { json: { email, password: PASSWORD } });
  const verify = (challenge: string, text: string, method = 'totp') =>
    server.send('POST', '/auth/login/verify', { json: { challenge, method, code: text } });
  const challengeOf = async (email: string) =>
    await body<{ mfa_required: boolean; challenge: string; methods: string[]; enrol: boolean }>(await login(email));

  async function withApp(): Promise<{ member: Member; secret: string; recovery: string[] }> {
    const member = await server.member('org_member');
    const offer = await body<{ secret: string; uri: string; qr_svg: string }>(
      await server.send('POST', '/account/totp', { as: member, json: { password: PASSWORD } }),
    );
    assert.match(offer.uri, /^otpauth:\/\/totp\//);
    assert.match(offer.qr_svg, /^<svg /);
    const answer = await server.send('POST', '/account/totp/confirm', {
      as: member,
      json: { code: code(offer.secret) },
    });
    const { recovery_codes: recovery } = await body<{ recovery_codes: string[] }>(answer);
    assert.equal(recovery.length, 10);
    pass(31_000);
    return { member, secret: offer.secret, recovery };
  }

  it('is asked for once it is set up, and lets in with its code', async () => {
    const { member, secret } = await withApp();
    const challenge = await challengeOf(member.email);
    assert.deepEqual(
      [challenge.mfa_required, challenge.methods, challenge.enrol],
      [true, ['totp', 'recovery-code'], false],
    );
    const answer = await verify(challenge.challenge, code(secret));
    assert.equal(answer.status, 200);
    assert.match(answer.headers.getSetCookie().join(), /postern_refresh=/);
    const { access_token: token } = await body<{ access_token: string }>(answer);
    assert.equal((await server.send('GET', '/auth/me', { as: token })).status, 200);
    assert.equal((await server.mailTo(member.email)).length, 1);
  });

  it('is not on before its first code was seen', async () => {
    const member = await server.member('org_member');
    await server.send('POST', '/account/totp', { as: member, json: { password: PASSWORD } });
    assert.ok('access_token' in (await body<object>(await login(member.email))));
    assert.equal((await server.send('POST', '/account/totp', { as: member, json: { password: 'wrong' } })).status, 403);
    const wrong = await server.send('POST', '/account/totp/confirm', { as: member, json: { code: '000000' } });
    assert.deepEqual(await codeOf(wrong), [422, 'auth.code-invalid']);
  });

  it('takes a code once, also of two requests at the same time, and none older than the last', async () => {
    const { member, secret } = await withApp();
    const [first, second] = [await challengeOf(member.email), await challengeOf(member.email)];
    const now = code(secret);
    const answers = await Promise.all([verify(first.challenge, now), verify(second.challenge, now)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
    const third = await challengeOf(member.email);
    assert.equal((await verify(third.challenge, code(secret, -30))).status, 422);
    pass(31_000);
    assert.equal((await verify(third.challenge, code(secret))).status, 200);
  });

  it('the challenge works once, for five attempts, for ten minutes, and for its own account only', async () => {
    const { member, secret } = await withApp();
    const other = await withApp();
    const { challenge } = await challengeOf(member.email);
    assert.equal((await verify(challenge, code(other.secret))).status, 422);
    assert.equal((await verify(challenge, code(secret))).status, 200);
    pass(31_000);
    assert.deepEqual(await codeOf(await verify(challenge, code(secret))), [410, 'auth.challenge-invalid']);

    const tried = await challengeOf(other.member.email);
    for (let n = 0; n < 5; n += 1) assert.equal((await verify(tried.challenge, '000000')).status, 422);
    assert.equal((await verify(tried.challenge, code(other.secret))).status, 410);

    const old = await challengeOf(member.email);
    await server.database.admin`update postern.one_time_tokens set expires_at = now() where user_id = ${member.userId}`;
    assert.equal((await verify(old.challenge, code(secret))).status, 410);
    assert.equal((await verify('made-up', code(secret))).status, 410);
  });

  it('whoever has the password gets ten guesses an hour, however many challenges they open', async () => {
    const { member, secret } = await withApp();
    for (let round = 0; round < 2; round += 1) {
      const { challenge } = await challengeOf(member.email);
      for (let n = 0; n < 5; n += 1) assert.equal((await verify(challenge, '000000')).status, 422);
    }
    const { challenge } = await challengeOf(member.email);
    assert.equal((await verify(challenge, code(secret))).status, 429);
    const [row] = await server.database.admin<
      { count: number }[]
    >`select count(*)::int as count from postern.audit_events
      where action = 'auth.second-factor-failed' and target = ${`user:${member.userId}`}`;
    assert.equal(row?.count, 10);
  });

  it('a recovery code lets in once, in any spelling, and is not stored', async () => {
    const { member, recovery } = await withApp();
    const [used = ''] = recovery;
    const stored = JSON.stringify(await server.database.admin`select * from postern.recovery_codes`);
    assert.equal(stored.includes(used), false);
    const spelt = ` ${used.toUpperCase().replaceAll('-', ' ')} `;
    assert.equal((await verify((await challengeOf(member.email)).challenge, spelt, 'recovery-code')).status, 200);
    assert.equal((await verify((await challengeOf(member.email)).challenge, used, 'recovery-code')).status, 422);
    const other = await withApp();
    const foreign = await verify((await challengeOf(member.email)).challenge, other.recovery[0] ?? '', 'recovery-code');
    assert.equal(foreign.status, 422);
  });

  it('is removed, and its codes renewed, only with password and code', async () => {
    const { member, secret, recovery } = await withApp();
    const send = (path: string, json: object) => server.send('POST', path, { as: member, json });
    assert.equal((await send('/account/totp/remove', { password: 'wrong', code: code(secret) })).status, 403);
    assert.equal((await send('/account/totp/remove', { password: PASSWORD, code: '000000' })).status, 422);
    assert.deepEqual(await codeOf(await send('/account/totp', { password: PASSWORD })), [
      409,
      'account.second-factor-exists',
    ]);
    const renewed = await send('/account/recovery-codes', { password: PASSWORD, code: code(secret) });
    assert.equal(renewed.status, 200);
    const stale = await verify((await challengeOf(member.email)).challenge, recovery[1] ?? '', 'recovery-code');
    assert.equal(stale.status, 422);
    const [fresh = ''] = (await body<{ recovery_codes: string[] }>(renewed)).recovery_codes;
    assert.equal((await send('/account/totp/remove', { password: PASSWORD, code: fresh })).status, 204);
    assert.ok('access_token' in (await body<object>(await login(member.email))));
  });

  it('the secret is sealed for its account: another row does not open it', async () => {
    const { member, secret } = await withApp();
    const other = await withApp();
    const { admin } = server.database;
    const [{ sealed }] = await admin<[{ sealed: string }]>`
      select sealed from postern.totp_secrets where user_id = ${member.userId}`;
    assert.equal(sealed.includes(secret), false);
    await admin`update postern.totp_secrets set sealed = ${sealed} where user_id = ${other.member.userId}`;
    const { challenge } = await challengeOf(other.member.email);
    assert.equal((await verify(challenge, code(secret))).status, 500);
  });

  it('is demanded by an organisation at once, and set up on the way in', async () => {
    const tenant = await server.database.addTenant();
    const owner = await server.member('org_owner', tenant);
    const member = await server.member('org_member', tenant);
    const rules = { second_factor: true, passwords_off: false, password: PASSWORD };
    const put = (as: Member | string) => server.send('PUT', '/organisation/sign-in-rules', { as, json: rules });
    assert.deepEqual(await codeOf(await put(owner)), [409, 'account.second-factor-missing']);
    assert.equal((await put(member)).status, 403);
    assert.equal((await put(await server.member('org_admin', tenant))).status, 403);
    const offer = await body<{ secret: string }>(
      await server.send('POST', '/account/totp', { as: owner, json: { password: PASSWORD } }),
    );
    await server.send('POST', '/account/totp/confirm', { as: owner, json: { code: code(offer.secret) } });
    assert.equal((await put(owner)).status, 200);

    assert.equal((await server.send('GET', '/auth/me', { as: member })).status, 401);
    const challenge = await challengeOf(member.email);
    assert.deepEqual([challenge.enrol, challenge.methods], [true, []]);
    const enrolment = await body<{ secret: string }>(
      await server.send('POST', '/auth/login/enrol', { json: { challenge: challenge.challenge } }),
    );
    const answer = await verify(challenge.challenge, code(enrolment.secret));
    assert.equal(answer.status, 200);
    const { access_token: token } = await body<{ access_token: string }>(answer);
    assert.equal((await server.send('GET', '/auth/me', { as: token })).status, 200);
    assert.deepEqual((await challengeOf(member.email)).methods, ['totp']);
    assert.equal(
      (
        await server.send('POST', '/auth/login/enrol', {
          json: { challenge: (await challengeOf(member.email)).challenge },
        })
      ).status,
      410,
    );
  });

  it('is taken off by an administrator of the only organisation of whoever lost it; the person hears of it', async () => {
    const { member, secret } = await withApp();
    const reset = (as: Member, user = member.userId) =>
      server.send('POST', `/organisation/members/${user}/reset-second-factor`, {
        as,
        json: { reason: 'lost the phone', password: PASSWORD },
      });
    assert.equal((await reset(member)).status, 403);
    assert.equal((await reset(await server.member('org_admin'))).status, 404);
    const admin = await server.member('org_admin', member.tenantId);
    const owner = await server.member('org_owner', member.tenantId);
    assert.equal((await reset(admin, owner.userId)).status, 403);
    const elsewhere = await server.database.addTenant();
    await server.database.addMember(elsewhere, member.userId, 'org_member');
    assert.equal((await reset(admin)).status, 403);
    await server.database.admin`delete from postern.memberships where tenant_id = ${elsewhere}`;
    assert.equal((await reset(admin)).status, 204);
    assert.equal((await server.send('GET', '/auth/me', { as: member })).status, 401);
    assert.ok('access_token' in (await body<object>(await login(member.email))));
    assert.match((await server.mailTo(member.email)).at(-1)?.text ?? '', /administrator removed the second factor/);
    const [event] = await server.database.admin<{ actor: string; details: { reason: string } }[]>`select actor, details
      from postern.audit_events where action = 'account.second-factor-reset' and target = ${`user:${member.userId}`}`;
    assert.deepEqual([event?.actor, event?.details.reason], [`user:${admin.userId}`, 'lost the phone']);
    assert.ok(secret);
  });
});
