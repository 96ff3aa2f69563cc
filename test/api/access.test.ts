import assert from 'node:assert/strict';
import { PASSWORD, phish } from '../services/parts.js';
import { fileForm, startTestServer } from './server.js';
import type { Member, SendOptions, TestServer } from './server.js';
import { TENANT_ROLES } from '../../src/store/store.js';
import type { TenantRole } from '../../src/store/store.js';

type Operation = readonly [method: string, path: string, options?: SendOptions];

const nameOf = ([method, path]: Operation) => `${method} ${path}`;

const NO_PROFILE = { domains: [], people: [], trusted_authserv_ids: [], allow: [], block: [], weights: {}, brands: [] };
const NOWHERE = '00000000-0000-4000-8000-000000000000';

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

/** Operations on a scan, which its owner may use and other members cannot see. `{id}` is a scan of the member `owner`. */
const OF_SCANS: readonly Operation[] = [
  ['GET', '/scan/{id}'],
  ['GET', '/scan/{id}/events'],
  ['GET', '/scan/{id}/message'],
  ['POST', '/scan/{id}/rendering'],
  ['POST', '/scan/{id}/rescan'],
  ['GET', '/scan/{id}/feedback'],
  ['POST', '/scan/{id}/feedback', { json: { kind: 'missed-threat' } }],
  ['DELETE', '/scan/{id}/feedback'],
  ['DELETE', '/scan/{id}'],
];

/** By who may use them. An operation that stands nowhere here fails the first test. */
const OIDC = { name: 'Corp', oidc: { issuer: 'https://id.corp.example', client_id: 'x', client_secret: 'y' } };

const OPERATIONS_OF = {
  everyone: [
    ['POST', '/scan/mailbox', { json: { mailbox_id: 'none', message_id: 'none' } }],
    ['POST', '/scan/mailbox/batch', { json: { mailbox_id: 'none', message_ids: ['none'] } }],
    ...MAILBOX_OPERATIONS,
    ['GET', '/auth/me'],
    ['POST', '/auth/logout'],
    ['POST', '/auth/switch', { json: { tenant_id: NOWHERE } }],
    ['POST', '/auth/invitation/accept', { json: { token: 'nonsense' } }],
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
    ['GET', '/api-keys'],
    ['POST', '/api-keys', { json: { name: 'mx', scopes: ['scan:write'] } }],
    ['POST', '/api-keys/{id}/rotate', { json: {} }],
    ['DELETE', '/api-keys/{id}'],
    ['GET', '/detection/profile'],
    ['GET', '/detection/profile/versions'],
    ['GET', '/detection/findings'],
    ['GET', '/detection/brands'],
    ['GET', '/llm'],
    ['GET', '/llm/providers'],
    ['POST', '/organisation/leave'],
    ['POST', '/scan/upload'],
    ['POST', '/scan', { json: { from_address: 'a@b.example' } }],
    ['GET', '/scan/history'],
    ['GET', '/overview'],
    ['GET', '/audit'],
    ['GET', '/plan'],
    ['GET', '/privacy'],
    ['POST', '/privacy/consents', { json: { kind: 'llm', granted: false } }],
    ['GET', '/privacy/exports'],
    ['POST', '/privacy/exports', { json: {} }],
    ['GET', `/privacy/exports/${NOWHERE}/content`],
    ['POST', '/privacy/deletion', { json: {} }],
    ['DELETE', '/privacy/deletion'],
    ...OF_SCANS,
  ],
  admins: [
    ['PUT', '/mailboxes/{id}/abuse', { json: {} }],
    ['DELETE', '/mailboxes/{id}/abuse'],
    ['GET', '/directories'],
    ['POST', '/directories/google', { json: { service_account: '{}', administrator: 'a@b.example' } }],
    ['POST', '/directories/microsoft', { json: { tenant: 'a.example', client_id: 'b', secret: 'c' } }],
    ['GET', '/directories/{id}/people'],
    ['GET', '/directories/{id}/groups'],
    ['PUT', '/directories/{id}/choice', { json: { mode: 'all' } }],
    ['DELETE', '/directories/{id}'],
    ['GET', '/reports'],
    ['POST', '/reports/{id}/take-again'],
    ['GET', '/report-groups'],
    ['GET', '/report-groups/{id}'],
    ['POST', '/report-groups/{id}/resolve', { json: { decision: 'spam' } }],
    ['GET', '/insights'],
    ['GET', '/audit/proof'],
    ['GET', '/audit/export'],
    ['GET', '/organisation/members'],
    ['POST', '/organisation/invitations', { json: { email: 'a@b.example' } }],
    ['DELETE', `/organisation/invitations/${NOWHERE}`],
    ['PATCH', `/organisation/members/${NOWHERE}`, { json: { role: 'org_member' } }],
    ['DELETE', `/organisation/members/${NOWHERE}`],
    ['POST', `/organisation/members/${NOWHERE}/reset-second-factor`, { json: { reason: 'lost the phone' } }],
    ['GET', '/organisation/sign-in-rules'],
    ['GET', '/organisation/domains'],
    ['GET', '/organisation/identity-providers'],
  ],
  owner: [
    ['POST', '/organisation/transfer', { json: { user_id: NOWHERE } }],
    ['POST', '/organisation/deletion', { json: {} }],
    ['DELETE', '/organisation/deletion'],
    ['POST', '/organisation/domains', { json: { domain: 'corp.example' } }],
    ['POST', '/organisation/domains/corp.example/verify'],
    ['DELETE', '/organisation/domains/corp.example'],
    ['POST', '/organisation/identity-providers', { json: OIDC }],
    ['PUT', `/organisation/identity-providers/${NOWHERE}`, { json: OIDC }],
    ['PATCH', `/organisation/identity-providers/${NOWHERE}`, { json: { active: true } }],
    ['DELETE', `/organisation/identity-providers/${NOWHERE}`],
    ['GET', '/organisation/provisioning'],
    ['POST', '/organisation/provisioning/tokens', { json: {} }],
    ['DELETE', `/organisation/provisioning/tokens/${NOWHERE}`],
    ['PATCH', `/organisation/provisioning/groups/${NOWHERE}`, { json: { administers: true } }],
    ['PUT', '/organisation/sign-in-rules', { json: { second_factor: false, passwords_off: false } }],
  ],
  holders: [
    ['POST', '/support-grants', { json: { hours: 1, reason: 'look at the scans' } }],
    ['DELETE', `/support-grants/${NOWHERE}`],
  ],
  keepers: [
    ['GET', '/support-grants'],
    ['POST', '/plan/coupon', { json: { code: 'nonsense' } }],
    ['PUT', '/detection/profile', { json: { version: 0, profile: NO_PROFILE } }],
    ['POST', '/detection/profile/restore', { json: { version: 0, restore: 0 } }],
    ['POST', '/detection/lists', { json: { entry: 'a@b.example', list: 'block' } }],
    ['POST', '/detection/preview', { json: { profile: NO_PROFILE } }],
    ['GET', '/llm/settings'],
    ['PUT', '/llm/settings', { json: { enabled: false, provider: 'ollama', triage_model: 'm' } }],
    ['DELETE', '/llm/settings'],
    ['POST', '/llm/test'],
    ['GET', '/llm/usage'],
  ],
  platform: [
    ['GET', '/platform/organisations'],
    ['POST', '/platform/organisations', { json: { name: 'X', owner_email: 'a@b.example' } }],
    ['PATCH', `/platform/organisations/${NOWHERE}`, { json: { tier: 'unlimited' } }],
    ['POST', `/platform/organisations/${NOWHERE}/domains`, { json: { domain: 'corp.example' } }],
    ['GET', '/platform/users'],
    ['PATCH', `/platform/users/${NOWHERE}`, { json: { suspended: true } }],
    ['GET', '/platform/tiers'],
    ['PATCH', '/platform/tiers/community', { json: { monthly_scans: 1 } }],
    ['GET', '/platform/coupons'],
    ['POST', '/platform/coupons', { json: { label: 'x', bonus_scans: 1, expires_at: '2099-01-01T00:00:00Z' } }],
    ['DELETE', `/platform/coupons/${NOWHERE}`],
    ['GET', '/platform/log/proof'],
    ['GET', '/platform/support-grants'],
    ['GET', `/platform/support-grants/${NOWHERE}/scans`],
    ['GET', `/platform/support-grants/${NOWHERE}/scans/{scan}`],
    ['GET', `/platform/support-grants/${NOWHERE}/scans/{scan}/message?reason=because+I+can`],
  ],
} as const satisfies Record<string, readonly Operation[]>;

const MAY: Readonly<Record<keyof typeof OPERATIONS_OF, readonly TenantRole[]>> = {
  everyone: TENANT_ROLES,
  admins: ['org_admin', 'org_owner'],
  owner: ['org_owner'],
  holders: ['user', 'org_owner'],
  keepers: ['user', 'org_admin', 'org_owner'],
  platform: [],
};

const OPERATIONS: readonly Operation[] = Object.values(OPERATIONS_OF).flat();

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
    const named = (path: string) =>
      path
        .replace(`${NOWHERE}/reset`, '{user}/reset')
        .replace(/\?.*$/, '')
        .replace('domains/corp.example', 'domains/{domain}')
        .replace(NOWHERE, '{id}')
        .replace('tiers/community', 'tiers/{tier}');
    assert.deepEqual(OPERATIONS.map(([method, path]) => `${method} ${named(path)}`).sort(), documented.sort());
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

  it('nothing for a suspended account, whatever its role', async () => {
    const suspended = await server.member('org_owner', await server.database.addTenant());
    await server.database.admin`update postern.users set suspended = true, super_admin = true
      where user_id = ${suspended.userId}`;
    for (const operation of OPERATIONS) assert.equal(await call(operation, suspended), 401, nameOf(operation));
  });

  for (const [group, operations] of Object.entries(OPERATIONS_OF)) {
    const may: readonly TenantRole[] = MAY[group as keyof typeof MAY];
    for (const role of TENANT_ROLES.filter((entry) => !may.includes(entry))) {
      it(`operations of ${group} are refused to the role ${role}`, async () => {
        const member = await server.member(role);
        for (const operation of operations) assert.equal(await call(operation, member), 403, nameOf(operation));
      });
    }
  }

  it("an administrator's powers end at their own organisation", async () => {
    const [admin, foreign] = [await server.member('org_owner'), await server.member('org_member')];
    const link = await server.send('POST', '/organisation/invitations', {
      as: await server.member('org_admin', foreign.tenantId),
      json: { email: 'guest@example.test' },
    });
    const { invitation } = (await link.json()) as { invitation: { id: string } };
    for (const operation of [
      ['PATCH', `/organisation/members/${foreign.userId}`, { json: { role: 'org_admin', password: PASSWORD } }],
      ['DELETE', `/organisation/members/${foreign.userId}`],
      ['POST', '/organisation/transfer', { json: { user_id: foreign.userId, password: PASSWORD } }],
      ['DELETE', `/organisation/invitations/${invitation.id}`],
    ] satisfies Operation[]) {
      assert.equal(await call(operation, admin), 404, nameOf(operation));
    }
  });

  const ofScan = OF_SCANS;

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
