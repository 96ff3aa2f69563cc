import assert from 'node:assert/strict';
import { phish } from '../services/parts.js';
import { fileForm, startTestServer } from './server.js';
import type { Member, SendOptions, TestServer } from './server.js';

type Operation = readonly [method: string, path: string, options?: SendOptions];

const nameOf = ([method, path]: Operation) => `${method} ${path}`;

const NO_PROFILE = { domains: [], people: [], trusted_authserv_ids: [], allow: [], block: [], weights: {}, brands: [] };

/** What they do to whose mailbox is tested in mailboxes.test.ts. */
const MAILBOX_OPERATIONS: readonly Operation[] = [
  ['GET', '/mailboxes'],
  ['POST', '/mailboxes/imap'],
  ['GET', '/mailboxes/{id}'],
  ['DELETE', '/mailboxes/{id}'],
  ['POST', '/mailboxes/{id}/pause'],
  ['POST', '/mailboxes/{id}/resume'],
  ['POST', '/mailboxes/{id}/reconnect', { json: { password: 'x' } }],
  ['GET', '/mailboxes/{id}/messages'],
  ['GET', '/mailboxes/{id}/events'],
  // And these in consent.test.ts.
  ['GET', '/mailbox-providers'],
  ['POST', '/mailbox-consents', { json: { provider: 'gmail', mailbox_id: 'none' } }],
  ['POST', '/mailbox-consents/redeem', { json: { state: 'none-none-none-none-none' } }],
];

/** Every operation that needs a token. `{id}` is a scan of the member `owner`. */
const OPERATIONS: readonly Operation[] = [
  ['GET', '/auth/me'],
  ['POST', '/auth/logout'],
  ['PATCH', '/account', { json: { display_name: 'Ann' } }],
  ['POST', '/account/password', { json: { password: 'x', new_password: 'y' } }],
  ['POST', '/account/email', { json: { email: 'a@b.example' } }],
  ['POST', '/account/email/confirmation'],
  ['GET', '/account/security'],
  ['GET', '/account/sessions'],
  ['DELETE', '/account/sessions/{session}'],
  ['POST', '/account/sessions/end-others'],
  ['POST', '/account/totp', { json: {} }],
  ['POST', '/account/totp/confirm', { json: { code: '000000' } }],
  ['POST', '/account/totp/remove', { json: { code: '000000' } }],
  ['POST', '/account/recovery-codes', { json: { code: '000000' } }],
  ['GET', '/account/passkeys'],
  ['POST', '/account/passkeys/options', { json: {} }],
  ['POST', '/account/passkeys', { json: {} }],
  ['PATCH', '/account/passkeys/{passkey}', { json: { name: 'Key' } }],
  ['POST', '/account/passkeys/{passkey}/remove', { json: {} }],
  ['GET', '/account/identities'],
  ['POST', '/auth/oidc/{provider}/link'],
  ['POST', '/account/identities/{provider}/unlink', { json: {} }],
  ['GET', '/organisation/sign-in-rules'],
  ['PUT', '/organisation/sign-in-rules', { json: { second_factor: false, passwords_off: false } }],
  ['POST', '/organisation/members/{user}/reset-second-factor', { json: { reason: 'lost the phone' } }],
  ['POST', '/scan/upload'],
  ['POST', '/scan', { json: { from_address: 'a@b.example' } }],
  ['GET', '/scan/history'],
  ['GET', '/overview'],
  ['GET', '/scan/{id}'],
  ['GET', '/scan/{id}/events'],
  ['GET', '/scan/{id}/message'],
  ['POST', '/scan/{id}/rendering'],
  ['POST', '/scan/{id}/rescan'],
  ['DELETE', '/scan/{id}'],
  ['GET', '/api-keys'],
  ['POST', '/api-keys', { json: { name: 'mx', scopes: ['scan:write'] } }],
  ['POST', '/api-keys/{id}/rotate'],
  ['DELETE', '/api-keys/{id}'],
  ['GET', '/detection/profile'],
  ['PUT', '/detection/profile', { json: { version: 0, profile: NO_PROFILE } }],
  ['GET', '/detection/profile/versions'],
  ['POST', '/detection/profile/restore', { json: { version: 0, restore: 0 } }],
  ['POST', '/detection/lists', { json: { entry: 'a@b.example', list: 'block' } }],
  ['GET', '/detection/findings'],
  ['GET', '/detection/brands'],
  ['POST', '/detection/preview', { json: { profile: NO_PROFILE } }],
  ['GET', '/llm'],
  ['GET', '/llm/providers'],
  ['GET', '/llm/settings'],
  ['PUT', '/llm/settings', { json: { enabled: false, provider: 'ollama', triage_model: 'm' } }],
  ['DELETE', '/llm/settings'],
  ['POST', '/llm/test'],
  ['GET', '/llm/usage'],
  ['POST', '/scan/mailbox', { json: { mailbox_id: 'none', message_id: 'none' } }],
  ['POST', '/scan/mailbox/batch', { json: { mailbox_id: 'none', message_ids: ['none'] } }],
  ...MAILBOX_OPERATIONS,
];

describe('who may do what', () => {
  let server: TestServer;
  let owner: Member;
  let id: string;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    owner = await server.member('org_member');
    const answer = await server.send('POST', '/scan/upload', { as: owner, body: fileForm(phish()) });
    id = ((await answer.json()) as { id: string }).id;
  });
  after(() => server.close());

  const call = async ([method, path, options]: Operation, as?: Member) =>
    (await server.send(method, path.replace('{id}', id), { ...options, ...(as === undefined ? {} : { as }) })).status;

  it('the table here holds every operation that needs a token', async () => {
    const document = (await (await server.send('GET', '/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security: unknown[] }>>;
    };
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        security.length === 0 ? [] : [`${method.toUpperCase()} ${path.replace('/api/v1', '')}`],
      ),
    );
    assert.deepEqual(OPERATIONS.map(([method, path]) => `${method} ${path}`).sort(), documented.sort());
  });

  it('nothing without a token, nothing with an expired one', async () => {
    const expired = await server.member('org_owner', owner.tenantId);
    const at = server.clock.now;
    for (const operation of OPERATIONS) {
      assert.equal(await call(operation), 401, nameOf(operation));
      server.clock.now = new Date(at.getTime() + 901_000);
      assert.equal(await call(operation, expired), 401, nameOf(operation));
      server.clock.now = at;
    }
  });

  it('only administrators tune detection; every member reads it', async () => {
    const [member, admin, stranger] = [
      await server.member('org_member', owner.tenantId),
      await server.member('org_admin', owner.tenantId),
      // Personal accounts tune their own tenant, never an organisation.
      await server.member('user', owner.tenantId),
    ];
    for (const operation of OPERATIONS.filter(([, path]) => path.startsWith('/detection/'))) {
      const reads = operation[0] === 'GET';
      assert.equal(await call(operation, member), reads ? 200 : 403, nameOf(operation));
      assert.equal(await call(operation, stranger), reads ? 200 : 403, nameOf(operation));
      const refused = operation[1].endsWith('/restore') ? 404 : 200;
      assert.equal(await call(operation, admin), reads ? 200 : refused, nameOf(operation));
    }
  });

  const ofScan = OPERATIONS.filter(([, path]) => path.includes('/scan/{id}'));

  it("another person's scan does not exist, for a member of the same tenant and for the owner of another", async () => {
    const others = [await server.member('org_member', owner.tenantId), await server.member('org_owner')];
    for (const other of others) {
      for (const operation of ofScan) {
        assert.equal(await call(operation, other), 404, nameOf(operation));
        const [method, path] = operation;
        const withReason: Operation = [method, `${path}?reason=because+I+want+to`];
        if (/message|rendering|rescan/.test(path)) assert.equal(await call(withReason, other), 404, nameOf(operation));
      }
    }
  });

  it('an administrator reads the verdict of others freely and their message with a reason', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const status = (method: string, path: string) => call([method, path], admin);
    assert.equal(await status('GET', '/scan/{id}'), 200);
    assert.equal(await status('GET', '/scan/{id}/message'), 403);
    assert.equal(await status('GET', '/scan/{id}/message?reason=short'), 400);
    assert.equal(await status('GET', '/scan/{id}/message?reason=reported+by+phone'), 200);
    assert.equal(await status('POST', '/scan/{id}/rendering'), 403);
    assert.equal(await status('POST', '/scan/{id}/rescan?reason=reported+by+phone'), 200);
  });

  it('a rendering needs no token but its ticket, works once, and can do nothing to the page around it', async () => {
    const answer = await server.send('POST', `/scan/${id}/rendering`, { as: owner });
    const { url } = (await answer.json()) as { url: string };
    const shown = await fetch(server.url + url);
    assert.equal(shown.status, 200);
    const policy = shown.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^sandbox; default-src 'none'/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.equal(shown.headers.get('cache-control'), 'no-store');
    assert.equal(shown.headers.get('x-frame-options'), null);
    assert.match(await shown.text(), /Dear customer/);
    assert.equal((await fetch(server.url + url)).status, 404);
    assert.equal((await fetch(`${server.url}/render/nonsense`)).status, 404);
  });

  it('a lost role is lost at once, whatever the token says', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    assert.equal(await call(['GET', '/scan/{id}'], admin), 200);
    await server.database.admin`update postern.memberships set role = 'org_member' where user_id = ${admin.userId}`;
    assert.equal(await call(['GET', '/scan/{id}'], admin), 404);
  });

  it('a deleted scan is gone with its message', async () => {
    assert.equal(await call(['DELETE', '/scan/{id}'], owner), 204);
    for (const operation of ofScan) assert.equal(await call(operation, owner), 404, nameOf(operation));
  });
});
