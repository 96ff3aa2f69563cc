import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { allRoutes } from '../../src/api/routes.js';
import { RefreshCookie } from '../../src/api/refresh-cookie.js';
import { TripCookie } from '../../src/api/trip-cookie.js';
import { UploadBudget } from '../../src/api/request/upload-budget.js';
import { PASSWORD, phish } from '../services/parts.js';
import { fileForm, startTestServer } from '../api/server.js';
import type { Member, TestServer } from '../api/server.js';

const ROUTES = allRoutes({
  cookie: new RefreshCookie(false),
  trip: new TripCookie(false),
  upload: { limit: 1, budget: new UploadBudget(1) },
});

/** Reaching for what is not theirs: every route of the table, so that none is forgotten. */
describe('attack: objects and fields', function () {
  this.timeout(60_000);
  let server: TestServer;
  let victim: Member;
  let attacker: Member;
  let admin: Member;
  const ids: Record<string, string> = {};
  before(async () => {
    server = await startTestServer();
    [victim, attacker, admin] = [
      await server.member('org_owner'),
      await server.member('org_owner'),
      await server.member('org_owner'),
    ];
    await server.database.admin`update postern.users set super_admin = true where user_id = ${admin.userId}`;
    const made = async (path: string, options: object): Promise<string> => {
      const answer = await server.send('POST', path, { as: victim, ...options });
      const body = (await answer.json()) as { id?: string; invitation?: { id: string } };
      return body.id ?? body.invitation?.id ?? '';
    };
    ids['/scan/'] = await made('/scan/upload', { body: fileForm(phish()) });
    ids['/organisation/members/'] = (await server.member('org_member', victim.tenantId)).userId;
    ids['/organisation/invitations/'] = await made('/organisation/invitations', {
      json: { email: 'guest@example.test' },
    });
    ids['/api-keys/'] = await made('/api-keys', { json: { name: 'mx', scopes: ['scan:write'], password: PASSWORD } });
    const { sessions } = (await (await server.send('GET', '/account/sessions', { as: victim })).json()) as {
      sessions: { id: string }[];
    };
    ids['/account/sessions/'] = sessions[0]!.id;
    ids['/mailboxes/'] = randomUUID();
    await server.database.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${victim.tenantId}, ${ids['/mailboxes/']}, ${victim.userId}, 'imap', 'victim@example.test')`;
    ids['/report-groups/'] = randomUUID();
    await server.database.admin`insert into postern.report_groups
      (tenant_id, group_id, subject, from_name, from_address, label, score, expires_at)
      values (${victim.tenantId}, ${ids['/report-groups/']}, 'x', '', '', 'phishing', 90, now() + interval '7 days')`;
    ids['/directories/'] = randomUUID();
    await server.database.admin`insert into postern.directories
      (tenant_id, directory_id, provider, settings, credentials, access)
      values (${victim.tenantId}, ${ids['/directories/']}, 'gmail', '{}', 'x', 'read')`;
    // A group without reports is nobody's: this one has one.
    const report = (ids['/reports/'] = randomUUID());
    await server.database.admin`insert into postern.reports
      (tenant_id, report_id, mailbox_id, provider_message_id, status, received_at, expires_at)
      values (${victim.tenantId}, ${report}, ${ids['/mailboxes/']}, 'm', 'done', now(), now() + interval '7 days')`;
    await server.database
      .admin`insert into postern.reported_messages (tenant_id, report_id, position, group_id, kind, scan_id)
      values (${victim.tenantId}, ${report}, 0, ${ids['/report-groups/']}, 'attached', 'x')`;
    ids['/account/passkeys/'] = 'victims-passkey';
    await server.database.admin`insert into postern.passkeys
      (credential_id, user_id, name, public_key, counter, transports, backed_up)
      values ('victims-passkey', ${victim.userId}, 'Key', '', 0, '{}', false)`;
    ids['/privacy/exports/'] = await made('/privacy/exports', { json: { password: PASSWORD } });
    ids['/organisation/domains/'] = 'victim.example';
    await made('/organisation/domains', { json: { domain: 'victim.example' } });
    ids['/organisation/identity-providers/'] = await made('/organisation/identity-providers', { json: PROVIDER });
    ids['/organisation/provisioning/tokens/'] = await made('/organisation/provisioning/tokens', {
      json: { password: PASSWORD },
    });
    ids['/organisation/provisioning/groups/'] = randomUUID();
    await server.database.admin`insert into postern.provisioned_groups (tenant_id, group_id, display_name)
      values (${victim.tenantId}, ${ids['/organisation/provisioning/groups/']}, 'Administrators')`;
    ids['/platform/organisations/'] = victim.tenantId;
    ids['/platform/users/'] = victim.userId;
    ids['/platform/coupons/'] = victim.userId;
    ids['/platform/tiers/'] = 'community';
    ids['/support-grants/'] = await made('/support-grants', {
      json: { hours: 1, reason: 'look at the scans', content: true, password: PASSWORD },
    });
    ids['/platform/support-grants/'] = ids['/support-grants/'];
  });
  after(() => server.close());

  const PROVIDER = {
    name: 'X',
    oidc: { issuer: 'https://id.victim.example', client_id: 'x', client_secret: 'y' },
    password: PASSWORD,
  };
  const BODIES: Readonly<Record<string, unknown>> = {
    changeRole: { role: 'org_admin', password: PASSWORD },
    setTier: { tier: 'unlimited' },
    suspendPerson: { suspended: true },
    setQuota: { monthly_scans: 1 },
    renamePasskey: { name: 'mine now' },
    // So that the refusal is about the object, not about who asks.
    removePasskey: { password: 'correct horse battery' },
    unlinkIdentity: { password: 'correct horse battery' },
    resetSecondFactors: { reason: 'lost the phone', password: PASSWORD },
    giveFeedback: { kind: 'false-alarm' },
    rotateApiKey: { password: PASSWORD },
    changeOrganisationProvider: PROVIDER,
    activateOrganisationProvider: { active: true, password: PASSWORD },
    setGroupAdministers: { administers: true, password: PASSWORD },
    confirmDomain: { domain: 'victim.example' },
    reconnectImap: { password: 'x' },
    setAbuseMailbox: {},
    chooseDirectoryMailboxes: { mode: 'all', password: PASSWORD },
    resolveReportGroup: { decision: 'spam' },
  };

  it('IDOR: no route with an id opens, changes or deletes what belongs to another tenant', async () => {
    // A provider in an address of sign-in is everybody's to try, and no object of anybody.
    const withId = ROUTES.filter(({ path }) => path.includes('{') && !path.includes('{provider}'));
    assert.ok(withId.length >= 14);
    for (const { method, path, name, query } of withId) {
      const prefix = path.slice(0, path.indexOf('{'));
      const id = ids[prefix];
      assert.ok(id !== undefined && id !== '', `no object to attack for ${path}: add one`);
      const reason = query !== undefined && 'reason' in query.shape ? '?reason=because+I+want+to+see' : '';
      const target = path.replace(/\{\w+\}/, id).replace('{scan}', ids['/scan/'] ?? '') + reason;
      const json = BODIES[name];
      const send = (as: Member) =>
        server.send(method.toUpperCase(), target, { as, ...(json === undefined ? {} : { json }) });
      const answer = await send(attacker);
      assert.ok([403, 404].includes(answer.status), `${name}: ${answer.status}`);
      // What the operator may do in every tenant, by its description.
      if (prefix.startsWith('/platform/') || name === 'resetSecondFactors') continue;
      const asAdmin = await send(admin);
      assert.ok([403, 404].includes(asAdmin.status), `${name} as super admin: ${asAdmin.status}`);
    }
    assert.equal((await server.send('GET', `/scan/${ids['/scan/']}`, { as: victim })).status, 200, 'still there');
  });

  const withBody = ROUTES.filter(({ body }) => body !== undefined);
  const callable = (name: string): boolean => name !== 'completeSetup';
  const asOf = (path: string): Member => (path.startsWith('/platform/') ? admin : attacker);
  const concrete = (path: string): string =>
    path
      .replace('{tier}', 'community')
      .replace('{provider}', 'google')
      .replace(/\{\w+\}/, '00000000-0000-4000-8000-000000000000');

  it('mass assignment: a field that is not known is refused by every route, not passed over', async () => {
    const extra = {
      super_admin: true,
      role: 'org_owner',
      tenant_id: victim.tenantId,
      owner_id: victim.userId,
      id: 'x',
    };
    for (const { method, path, name } of withBody) {
      const answer = await server.send(method.toUpperCase(), concrete(path), {
        as: asOf(path),
        json: { ...extra, user_id: victim.userId, __proto__x: { polluted: true } },
      });
      assert.equal(answer.status, 400, name);
      const problem = (await answer.json()) as { errors: { path: string; message: string }[] };
      assert.ok(
        problem.errors.some((fault) => fault.path.endsWith('super_admin') && fault.message === 'is not known'),
        name,
      );
    }
    const prototype = await server.send('POST', '/scan', {
      as: attacker,
      body: '{"from_address":"a@b.example","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(prototype.status, 400);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('malformed and oversized bodies are refused as such, by every route, and break nothing', async () => {
    const bodies: readonly (readonly [string, string, readonly number[]])[] = [
      ['{', 'application/json', [400]],
      ['null', 'application/json', [400]],
      ['[]', 'application/json', [400]],
      ['"text"', 'application/json', [400]],
      ['['.repeat(50_000), 'application/json', [400]],
      [`{"a":"${'x'.repeat(200_000)}"}`, 'application/json', [413, 400]],
      ['{"a":"\\ud800\\u0000"}', 'application/json', [400]],
      ['a=b', 'application/x-www-form-urlencoded', [415]],
      ['{}', 'text/plain', [415]],
      ['{"a":1}', 'application/json; charset=utf-7', [415, 400]],
    ];
    for (const { method, path, name } of withBody.filter((entry) => callable(entry.name))) {
      for (const [body, type, expected] of bodies) {
        const answer = await server.send(method.toUpperCase(), concrete(path), {
          as: asOf(path),
          body,
          headers: { 'content-type': type },
        });
        assert.ok(expected.includes(answer.status), `${name}: ${answer.status} for ${body.slice(0, 20)} as ${type}`);
        assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      }
    }
  });

  it('ids that are none are refused by every route and never break it', async () => {
    const odd = ["'", '%00', '..%2f..%2fetc%2fpasswd', '%27%20or%201=1', '-1', '%F0%9F%92%A5', 'a'.repeat(500), '{}'];
    for (const { method, path, name } of ROUTES.filter((entry) => entry.path.includes('{'))) {
      for (const id of odd) {
        const json = BODIES[name];
        const answer = await server.send(method.toUpperCase(), path.replace(/\{\w+\}/, id), {
          as: admin,
          ...(json === undefined ? {} : { json }),
        });
        assert.ok([400, 404].includes(answer.status), `${name}: ${answer.status} for ${id}`);
      }
    }
  });
});
