import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { MemberContext } from '../../../../src/services/context.js';
import { completeConsent } from '../../../../src/services/mailboxes/consent/complete-consent.js';
import { listProviders } from '../../../../src/services/mailboxes/consent/list-providers.js';
import { startConsent } from '../../../../src/services/mailboxes/consent/start-consent.js';
import { disconnectMailbox } from '../../../../src/services/mailboxes/disconnect-mailbox.js';
import { getMailbox } from '../../../../src/services/mailboxes/get-mailbox.js';
import { credentialsOwner } from '../../../../src/services/mailboxes/open-connectors.js';
import type { Granted } from '../../../../src/services/mailboxes/consent/granted.js';
import { message } from '../../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../../helpers/dovecot.js';
import type { Dovecot } from '../../../helpers/dovecot.js';
import { startIdentityProvider } from '../../../helpers/identity-provider.js';
import type { TestProvider } from '../../../helpers/identity-provider.js';
import { refuses } from '../../../helpers/refuses.js';
import { createTestParts } from '../../parts.js';
import type { TestParts } from '../../parts.js';
import { rowOf, scansBySubject, syncToTheEnd } from '../mailbox.js';

const URL_OF_POSTERN = 'https://postern.example.test';

/** Dovecot that asks the issuer about each token, and a certified OpenID Connect provider as the issuer. */
describe('an IMAP mailbox that is connected by signing in', function () {
  this.timeout(60_000);
  let issuer: TestProvider;
  let dovecot: Dovecot;
  let test: TestParts;
  let ctx: MemberContext;
  let email: string;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    issuer = await startIdentityProvider(`${URL_OF_POSTERN}/connect/callback`, 'client_secret_post');
    closing.push(() => issuer.close());
    dovecot = await startDovecotOrSkip(this, { introspectionUrl: issuer.introspectionUrl });
    closing.push(() => dovecot.close());
    test = await createTestParts(
      { publicUrl: () => URL_OF_POSTERN },
      {
        POSTERN_IMAP_OAUTH_SERVER: `imap+plain://127.0.0.1:${dovecot.port}`,
        POSTERN_IMAP_OAUTH_ISSUER: issuer.issuer,
        POSTERN_IMAP_OAUTH_NAME: 'Corp mail',
        POSTERN_IMAP_OAUTH_CLIENT_ID: issuer.clientId,
        POSTERN_IMAP_OAUTH_CLIENT_SECRET: issuer.clientSecret,
        ...{ POSTERN_PRIVATE_MAIL_HOSTS: 'loopback', POSTERN_IMAP_WITHOUT_TLS: 'loopback' },
      },
    );
    closing.push(() => test.close());
  });
  beforeEach(async () => {
    test.clock.now = new Date();
    ctx = await test.context('org_member');
    email = `${randomBytes(5).toString('hex')}@corp.example.test`;
    issuer.person = { sub: randomBytes(5).toString('hex'), email, email_verified: true };
    dovecot.addUser(email);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  /** As a browser: from page to page with its cookies, until it is sent back to postern. */
  async function signIn(url: string): Promise<URLSearchParams> {
    const cookies = new Map<string, string>();
    for (let at = url, hops = 0; hops < 10; hops += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      at = new URL(answer.headers.get('location') ?? '', at).href;
      if (at.startsWith(URL_OF_POSTERN)) return new URL(at).searchParams;
    }
    throw new Error('the sign-in led nowhere');
  }
  const begin = (mailboxId: string | null = null, as = ctx) =>
    startConsent({ ctx: as, input: { provider: 'imap', access: null, mailboxId, backfillDays: null } });
  async function connect(mailboxId: string | null = null) {
    const back = await signIn((await begin(mailboxId)).url);
    return await completeConsent({ ctx, input: { state: back.get('state') ?? '', code: back.get('code') } });
  }
  const subjects = async () => [...(await scansBySubject(test.database.admin, ctx.identity.tenantId)).entries()];
  const stored = async (id: string): Promise<Granted> => {
    const row = await rowOf(ctx, id);
    const owner = credentialsOwner(ctx.identity.tenantId, id);
    return test.parts.mailboxes.credentials.open(owner, row.credentials ?? '') as Granted;
  };
  /** Every connection there is has to sign in again. */
  const disconnected = (id: string) => test.parts.mailboxes.connectors.drop(id);

  it('is offered by the name the operator gave it, and read without a password', async () => {
    assert.deepEqual(listProviders({ ctx }).providers.at(-1), { id: 'imap', name: 'Corp mail', connectable: true });
    dovecot.deliver(email, message('before'));
    const mailbox = await connect();
    assert.deepEqual(
      [mailbox.provider, mailbox.address, mailbox.sign_in, mailbox.server?.user],
      ['imap', email, 'consent', email],
    );
    dovecot.deliver(email, message('after'));
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual((await subjects()).sort(), [
      ['after', 1],
      ['before', 1],
    ]);
  });

  it('keeps no token that can be read', async () => {
    const { id } = await connect();
    const { accessToken, refreshToken } = await stored(id);
    const dump = JSON.stringify([
      await test.database.admin`select * from postern.mailboxes`,
      await test.database.admin`select * from postern.audit_events`,
      await test.database.admin`select * from postern.mailbox_consents`,
    ]);
    for (const secret of [accessToken, refreshToken]) assert.ok(!dump.includes(secret));
  });

  it('a token that expires is replaced before it is used, and the new refresh token is sealed in place of the old', async () => {
    const { id } = await connect();
    const before = await stored(id);
    test.clock.now = new Date(Date.now() + 61 * 60_000);
    await disconnected(id);
    dovecot.deliver(email, message('an hour later'));
    await syncToTheEnd(ctx, id);
    const after = await stored(id);
    assert.notEqual(after.accessToken, before.accessToken);
    assert.notEqual(after.refreshToken, before.refreshToken);
    test.clock.now = new Date(Date.now() + 122 * 60_000);
    await disconnected(id);
    dovecot.deliver(email, message('two hours later'));
    await syncToTheEnd(ctx, id);
    assert.equal((await subjects()).length, 2);
  });

  it('a token that the server no longer accepts is replaced, and the mailbox is read on', async () => {
    const { id } = await connect();
    const { accessToken } = await stored(id);
    await issuer.expire(accessToken);
    await disconnected(id);
    dovecot.deliver(email, message('with another token'));
    const row = await syncToTheEnd(ctx, id);
    assert.deepEqual([row.status, row.fault, (await subjects()).length], ['connected', null, 1]);
    assert.notEqual((await stored(id)).accessToken, accessToken);
  });

  it('a consent that was withdrawn needs attention; given again, what came in between is scanned', async () => {
    const { id } = await connect();
    await syncToTheEnd(ctx, id);
    await issuer.revoke((await stored(id)).refreshToken);
    await disconnected(id);
    dovecot.deliver(email, message('in between'));
    await syncToTheEnd(ctx, id);
    const view = await getMailbox({ ctx, input: { id } });
    assert.equal(view.state, 'attention');
    assert.match(view.says, /Corp mail has ended/);
    await connect(id);
    await syncToTheEnd(ctx, id);
    assert.deepEqual(await subjects(), [['in between', 1]]);
  });

  it('while the issuer is away nothing is lost, and nobody is asked to sign in again', async () => {
    const { id } = await connect();
    await syncToTheEnd(ctx, id);
    const url = await begin();
    await issuer.away(async () => {
      await disconnected(id);
      dovecot.deliver(email, message('meanwhile'));
      const row = await syncToTheEnd(ctx, id);
      assert.equal(row.status, 'connected');
      assert.notEqual(row.fault, null);
    });
    assert.ok(url.url.startsWith(issuer.issuer));
    await syncToTheEnd(ctx, id);
    assert.deepEqual(await subjects(), [['meanwhile', 1]]);
  });

  it('whoever signs in as another is not given the mailbox, and their consent is not kept', async () => {
    const { id } = await connect();
    const other = `${randomBytes(5).toString('hex')}@corp.example.test`;
    issuer.person = { sub: randomBytes(5).toString('hex'), email: other, email_verified: true };
    dovecot.addUser(other);
    await refuses('mailbox.other-account', () => connect(id));
  });

  it('a claim that names a mailbox which the token does not open connects nothing', async () => {
    const victim = `${randomBytes(5).toString('hex')}@corp.example.test`;
    dovecot.addUser(victim);
    // The issuer lets people write what they like into their profile; the server knows better whose token it is.
    issuer.person = { ...issuer.person, email: victim, mailbox: email };
    await refuses('mailbox.login-refused', () => connect());
    assert.equal((await test.database.admin`select 1 from postern.mailboxes where address = ${victim}`).length, 0);
  });

  it('in another tenant the same mailbox is another one, and a member of it cannot redeem the consent', async () => {
    const back = await signIn((await begin()).url);
    const stranger = await test.context('org_member');
    const input = { state: back.get('state') ?? '', code: back.get('code') };
    await refuses('mailbox.consent-expired', () => completeConsent({ ctx: stranger, input }));
    assert.equal((await completeConsent({ ctx, input })).address, email);
  });

  it('disconnecting revokes the consent at the issuer', async () => {
    const { id } = await connect();
    const { refreshToken } = await stored(id);
    const { revoked, still_held: stillHeld } = await disconnectMailbox({ ctx, input: { id } });
    assert.deepEqual([revoked, stillHeld], [true, []]);
    const body = new URLSearchParams({
      ...{ grant_type: 'refresh_token', refresh_token: refreshToken },
      ...{ client_id: issuer.clientId, client_secret: issuer.clientSecret },
    });
    const answer = await fetch(`${issuer.issuer}/token`, { method: 'POST', body });
    assert.equal(((await answer.json()) as { error?: string }).error, 'invalid_grant');
  });
});
