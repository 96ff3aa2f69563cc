import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDirectory } from '../../src/services/directories/read-directory.js';
import { syncMailbox } from '../../src/services/mailboxes/sync/sync-mailbox.js';
import { GoogleMailbox } from '../peers/google/mailbox.js';
import { GraphMailbox } from '../peers/microsoft/mailbox.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT } from '../peers/microsoft/microsoft.js';
import { startProviders } from '../peers/providers.js';
import type { TestProviders } from '../peers/providers.js';
import { phish } from '../services/parts.js';
import { startTestServer } from './server.js';
import type { Member, TestServer } from './server.js';

interface Access {
  readonly id: string;
  readonly mode: string;
  readonly connected: number;
  readonly in_need: number;
  readonly people: number | null;
  readonly attention: string | null;
  readonly opened_by: string;
}
interface Mailbox {
  readonly id: string;
  readonly address: string;
  readonly state: string;
  readonly says: string;
  readonly owner_id: string | null;
  readonly own: boolean;
  readonly directory_id: string | null;
}
interface People {
  readonly items: readonly { id: string; address: string; active: boolean; mailbox: { own_way: boolean } | null }[];
  readonly next_cursor: string | null;
}
interface Problem {
  readonly code: string;
  readonly detail: string;
}

const MAIL = 'https://www.googleapis.com/auth/gmail.readonly';
const DIRECTORY = [
  'https://www.googleapis.com/auth/admin.directory.user.readonly',
  'https://www.googleapis.com/auth/admin.directory.group.readonly',
];
const ACCOUNT = 'postern@acme.iam.gserviceaccount.com';
const BOSS = 'boss@acme.example';

describe('a whole organisation at once', function () {
  this.timeout(90_000);
  let providers: TestProviders;
  let server: TestServer;
  let admin: Member;
  let keys: { publicKey: string; privateKey: string };
  before(async () => {
    providers = await startProviders();
    server = await startTestServer({ env: providers.env });
    keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
  });
  beforeEach(async () => {
    providers.reset();
    admin = await server.member('org_admin');
    const { google, microsoft } = providers;
    google.organisation.people = [];
    google.organisation.groups = [];
    google.mailboxes.clear();
    google.organisation.admins.clear();
    google.organisation.admins.add(BOSS);
    google.delegations.clear();
    google.delegations.set(ACCOUNT, { publicKey: keys.publicKey, scopes: [MAIL, ...DIRECTORY] });
    for (const name of ['boss', 'ann', 'bob']) addGoogle(name);
    microsoft.certificate = null;
    microsoft.organisation.users = [];
    microsoft.organisation.groups = [];
    microsoft.applicationAccess.mailboxes = [];
    microsoft.applicationAccess.roles = ['Mail.Read', 'User.Read.All', 'GroupMember.Read.All'];
  });
  after(async () => {
    await (server as TestServer | undefined)?.close();
    await (providers as TestProviders | undefined)?.close();
  });

  function addGoogle(name: string, address = `${name}@acme.example`): GoogleMailbox {
    const mailbox = new GoogleMailbox(address);
    providers.google.mailboxes.set(address, mailbox);
    providers.google.organisation.people.push({ id: `g-${name}`, primaryEmail: address, fullName: `${name} Acme` });
    return mailbox;
  }
  function addMicrosoft(name: string, address = `${name}@acme.example`): GraphMailbox {
    const mailbox = new GraphMailbox(address);
    const { applicationAccess, organisation } = providers.microsoft;
    applicationAccess.mailboxes = [...applicationAccess.mailboxes, mailbox];
    organisation.users.push({ id: `m-${name}`, displayName: name, mail: address, userPrincipalName: address });
    return mailbox;
  }
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller expects the answer to be
  const call = async <T>(method: string, path: string, json?: unknown, as = admin) => {
    const answer = await server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
    return { status: answer.status, body: (await answer.json()) as T };
  };
  const keyFile = (over: object = {}): string =>
    JSON.stringify({ type: 'service_account', client_email: ACCOUNT, private_key: keys.privateKey, ...over });
  const google = (over: object = {}) => ({
    ...{ service_account: keyFile(), administrator: BOSS, ...over },
  });
  const microsoft = (over: object = {}) => ({
    ...{ tenant: MICROSOFT_TENANT, client_id: MICROSOFT_CLIENT.clientId },
    ...{ secret: MICROSOFT_CLIENT.clientSecret, ...over },
  });
  const openingPath = (json: object): string => ('tenant' in json ? '/directories/microsoft' : '/directories/google');
  const open = async (json: object): Promise<Access> => {
    const answer = await call<Access>('POST', openingPath(json), json);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const read = (id: string) => readDirectory(server.parts, { tenantId: admin.tenantId, directoryId: id });
  const choose = async (id: string, choice: object): Promise<void> => {
    assert.equal((await call('PUT', `/directories/${id}/choice`, choice)).status, 200);
    await read(id);
  };
  const access = async (): Promise<Access> => (await call<{ items: Access[] }>('GET', '/directories')).body.items[0]!;
  const mailboxes = async (as = admin): Promise<readonly Mailbox[]> =>
    (await call<{ items: Mailbox[] }>('GET', '/mailboxes', undefined, as)).body.items;
  const connected = async (): Promise<readonly string[]> =>
    (await mailboxes()).filter(({ state }) => state !== 'disconnected').map(({ address }) => address);
  const sync = async (id: string, rounds = 4): Promise<void> => {
    for (let n = 0; n < rounds; n += 1) await syncMailbox(server.parts, { tenantId: admin.tenantId, mailboxId: id });
  };

  it('Google Workspace: everybody is connected, read, and given to the member they are', async () => {
    const ann = await server.member('org_member', admin.tenantId);
    addGoogle('member', ann.email).add(phish('For the member'));
    providers.google.mailboxes.get('bob@acme.example')!.add(phish('For Bob, who has no account'));
    const { id, opened_by: by } = await open(google());
    assert.equal(by, `${ACCOUNT}, as ${BOSS}`);
    assert.deepEqual(await connected(), [], 'nobody until somebody is chosen');
    await choose(id, { mode: 'all', backfill_days: null });
    const all = await mailboxes();
    assert.deepEqual(
      all.map(({ address, owner_id }) => [address, owner_id]),
      [
        [ann.email, ann.userId],
        ['ann@acme.example', null],
        ['bob@acme.example', null],
        [BOSS, null],
      ].sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    );
    for (const mailbox of all) await sync(mailbox.id);
    const seen = async (as: Member) =>
      (await call<{ items: { subject: string }[] }>('GET', '/scan/history', undefined, as)).body.items
        .map(({ subject }) => subject)
        .sort();
    assert.deepEqual(await seen(ann), ['For the member']);
    assert.deepEqual(await seen(admin), ['For Bob, who has no account', 'For the member']);
    // Their own, and nobody else's: not even an administrator reads in them.
    assert.deepEqual(
      (await mailboxes(ann)).map(({ own }) => own),
      [true],
    );
    for (const { id: mailbox } of all) assert.equal((await call('GET', `/mailboxes/${mailbox}/messages`)).status, 404);
    assert.deepEqual([(await access()).connected, (await access()).people], [4, 4]);
  });

  it('says what is missing, and keeps nothing of what does not work', async () => {
    const refused = async (json: object) => {
      const { status, body } = await call<Problem>('POST', openingPath(json), json);
      return [status, body.code, body.detail] as const;
    };
    providers.google.delegations.set(ACCOUNT, { publicKey: keys.publicKey, scopes: [MAIL] });
    const [status, code, detail] = await refused(google());
    assert.deepEqual([status, code], [422, 'mailbox.login-refused']);
    assert.match(
      detail,
      /Domain-wide delegation, give its client ID: .*admin\.directory\.user\.readonly.*gmail\.readonly/,
    );
    providers.google.delegations.set(ACCOUNT, { publicKey: keys.publicKey, scopes: [MAIL, ...DIRECTORY] });
    assert.match(
      (await refused(google({ administrator: 'ann@acme.example' })))[2],
      /does not let this administrator read/,
    );
    assert.match((await refused(google({ administrator: 'who@acme.example' })))[2], /no such administrator/);
    assert.match(
      (await refused(google({ service_account: keyFile({ client_email: 'x@y.example' }) })))[2],
      /does not know the service account/,
    );
    assert.equal((await refused(google({ service_account: '{}' })))[0], 400);
    assert.match((await refused(microsoft({ secret: 'wrong' })))[2], /does not accept the secret/);
    assert.match((await refused(microsoft({ client_id: 'other' })))[2], /knows no application other/);
    assert.match((await refused(microsoft({ tenant: 'nowhere.example' })))[2], /knows no tenant nowhere/);
    providers.microsoft.applicationAccess.roles = ['Mail.Read'];
    assert.match((await refused(microsoft()))[2], /needs the application permissions User\.Read\.All/);
    assert.equal(
      (
        await refused(
          microsoft({ certificate: '-----BEGIN CERTIFICATE-----', private_key: '-----BEGIN PRIVATE KEY-----' }),
        )
      )[0],
      400,
    );
    providers.microsoft.cut(/token/, 10);
    assert.deepEqual((await refused(microsoft())).slice(0, 2), [502, 'mailbox.unreachable']);
    assert.deepEqual((await call<{ items: unknown[] }>('GET', '/directories')).body.items, []);
    const [row] = await server.database
      .admin`select count(*)::int as n from postern.directories where tenant_id = ${admin.tenantId}`;
    assert.equal(row?.['n'], 0);
  });

  it('the directory is browsed by pages and searched, at both providers', async () => {
    for (let n = 10; n < 17; n += 1) {
      addGoogle(`p${n}`);
      addMicrosoft(`p${n}`);
    }
    providers.microsoft.organisation.users.push(
      {
        id: 'm-guest',
        displayName: 'Guest',
        mail: 'g@else.example',
        userPrincipalName: 'g_else#EXT#@acme',
        userType: 'Guest',
      },
      { id: 'm-bare', displayName: 'Service', mail: null, userPrincipalName: 'svc@acme.example' },
    );
    for (const [json, people] of [
      [google(), 10],
      [microsoft(), 7],
    ] as const) {
      const { id } = await open(json);
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { body: People } = await call<People>('GET', `/directories/${id}/people?limit=4${cursor}`);
        found.push(...page.body.items.map(({ address }) => address));
        cursor = page.body.next_cursor === null ? null : `&cursor=${encodeURIComponent(page.body.next_cursor)}`;
      }
      assert.equal(new Set(found).size, people);
      const search = async (text: string) =>
        (await call<People>('GET', `/directories/${id}/people?text=${encodeURIComponent(text)}`)).body.items.map(
          ({ address }) => address,
        );
      assert.deepEqual(await search('p12@'), ['p12@acme.example']);
      assert.deepEqual(await search("o'brien"), []);
      assert.equal((await call('GET', `/directories/${id}/people?cursor=nonsense`)).status, 400);
    }
  });

  it('who joins is connected by itself; who is gone or suspended is disconnected, and keeps nothing that opens', async () => {
    const { id } = await open(google());
    await choose(id, { mode: 'all' });
    addGoogle('carol');
    const { organisation } = providers.google;
    organisation.people = organisation.people.filter((one) => one.id !== 'g-ann');
    organisation.people.find((one) => one.id === 'g-bob')!.suspended = true;
    await read(id);
    assert.deepEqual(await connected(), [BOSS, 'carol@acme.example']);
    const rows = await server.database.admin`select credentials from postern.mailboxes
      where tenant_id = ${admin.tenantId} and status = 'disconnected'`;
    assert.deepEqual(
      rows.map(({ credentials }) => credentials as unknown),
      [null, null],
    );
    organisation.people.find((one) => one.id === 'g-bob')!.suspended = false;
    await read(id);
    assert.deepEqual(await connected(), ['bob@acme.example', BOSS, 'carol@acme.example']);
    // Somebody who gets an account later gets their mailbox with it.
    const carol = await server.member('org_member', admin.tenantId);
    await server.database.admin`update postern.users set email = 'carol@acme.example' where user_id = ${carol.userId}`;
    await read(id);
    assert.deepEqual(
      (await mailboxes(carol)).map(({ address }) => address),
      ['carol@acme.example'],
    );
  });

  it('a directory that cannot be read whole, or comes back empty, disconnects nobody', async () => {
    for (let n = 0; n < 600; n += 1)
      providers.google.organisation.people.push({
        id: `x${n}`,
        primaryEmail: `x${n}@acme.example`,
        fullName: 'X',
        suspended: true,
      });
    const { id } = await open(google());
    await choose(id, { mode: 'all' });
    providers.google.fail(/directory\/v1\/users\?.*pageToken/, { status: 503, json: {} }, 20);
    await read(id);
    assert.equal((await connected()).length, 3);
    assert.equal((await access()).attention, null, 'it will be read again');
    providers.google.uncut();
    const people = providers.google.organisation.people.splice(0);
    await read(id);
    assert.equal((await connected()).length, 3);
    assert.match((await access()).attention ?? '', /without anybody/);
    providers.google.organisation.people.push(...people);
    providers.google.fail(/directory\/v1\/users/, { status: 429, json: {}, headers: { 'retry-after': '0' } });
    await read(id);
    assert.equal((await access()).attention, null);
    providers.google.delegations.clear();
    await server.parts.mailboxes.connectors.close();
    await read(id);
    assert.match((await access()).attention ?? '', /does not know the service account/);
    assert.equal((await connected()).length, 3);
  });

  it('a group or a list of people: exactly those, with the groups in it', async () => {
    for (const name of ['ann', 'bob', 'carol']) addMicrosoft(name);
    providers.microsoft.organisation.groups.push({
      id: 'grp',
      displayName: 'Finance',
      mail: null,
      members: ['m-ann', 'inner', 'm-carol'],
    });
    providers.google.organisation.groups.push({
      id: 'team',
      name: 'Team',
      email: 'team@acme.example',
      members: ['g-ann', 'inner'],
    });
    const graph = await open(microsoft());
    const groups = await call<{ items: { id: string; name: string }[] }>(
      'GET',
      `/directories/${graph.id}/groups?text=Fin`,
    );
    assert.deepEqual(
      groups.body.items.map(({ id, name }) => ({ id, name })),
      [{ id: 'grp', name: 'Finance' }],
    );
    await choose(graph.id, { mode: 'group', group: groups.body.items.map(({ id, name }) => ({ id, name }))[0] });
    assert.deepEqual(await connected(), ['ann@acme.example', 'carol@acme.example']);
    await choose(graph.id, { mode: 'some', people: ['m-bob'] });
    assert.deepEqual(await connected(), ['bob@acme.example']);
    assert.equal((await call('PUT', `/directories/${graph.id}/choice`, { mode: 'group' })).status, 400);
    assert.equal((await call('PUT', `/directories/${graph.id}/choice`, { mode: 'all', people: ['x'] })).status, 400);
    await call('DELETE', `/directories/${graph.id}`);
    const workspace = await open(google());
    await choose(workspace.id, { mode: 'group', group: { id: 'team', name: 'Team' } });
    assert.deepEqual(await connected(), ['ann@acme.example']);
  });

  it('an application proves itself by a certificate; what Microsoft opens to it is one mailbox’s matter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-cert-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=postern',
      '-keyout',
      key,
      '-out',
      certificate,
    ]);
    const pair = { certificate: readFileSync(certificate, 'utf8'), private_key: readFileSync(key, 'utf8') };
    rmSync(folder, { recursive: true });
    const ann = addMicrosoft('ann');
    addMicrosoft('bob');
    const proof = { secret: undefined, ...pair };
    assert.equal(
      (await call<Problem>('POST', '/directories/microsoft', microsoft(proof))).body.code,
      'mailbox.login-refused',
    );
    providers.microsoft.certificate = pair.certificate;
    const { id } = await open(microsoft(proof));
    // Application access limited to chosen mailboxes: Bob's is not among them.
    providers.microsoft.applicationAccess.mailboxes = [ann];
    await choose(id, { mode: 'all', backfill_days: null });
    ann.add(phish('To Ann'));
    for (const mailbox of await mailboxes()) await sync(mailbox.id);
    assert.deepEqual(
      (await mailboxes()).map(({ address, state }) => [address, state]),
      [
        ['ann@acme.example', 'well'],
        ['bob@acme.example', 'attention'],
      ],
    );
    assert.deepEqual([(await access()).in_need, (await access()).attention], [1, null]);
    // Tried again a day later, when an administrator may have opened it.
    const bob = new GraphMailbox('bob@acme.example');
    providers.microsoft.applicationAccess.mailboxes = [ann, bob];
    await read(id);
    assert.equal((await access()).in_need, 1);
    await server.database.admin`update postern.mailboxes set connected_at = now() - interval '25 hours'
      where tenant_id = ${admin.tenantId} and address = 'bob@acme.example'`;
    await read(id);
    assert.equal((await access()).in_need, 0);
  });

  it('new keys for the same provider go to everything that is connected', async () => {
    const ann = addMicrosoft('ann');
    const { id } = await open(microsoft());
    await choose(id, { mode: 'all' });
    const [mailbox] = await mailboxes();
    await sync(mailbox!.id);
    await server.database.admin`update postern.mailboxes set status = 'attention' where tenant_id = ${admin.tenantId}`;
    assert.equal((await open(microsoft())).id, id);
    ann.add(phish('Meanwhile'));
    await sync(mailbox!.id);
    const history = await call<{ items: { subject: string }[] }>('GET', '/scan/history');
    assert.deepEqual(
      history.body.items.map(({ subject }) => subject),
      ['Meanwhile'],
    );
  });

  it('removing the access disconnects everything and destroys what opened it', async () => {
    const { id } = await open(google());
    await choose(id, { mode: 'all' });
    const closed = await call<{ disconnected: number; still_held: string[] }>('DELETE', `/directories/${id}`);
    assert.equal(closed.body.disconnected, 3);
    assert.match(closed.body.still_held.join(), /Domain-wide delegation/);
    assert.deepEqual(await connected(), []);
    for (const table of ['mailboxes', 'directories']) {
      const held = await server.database.admin.unsafe(
        `select 1 from postern.${table} where tenant_id = '${admin.tenantId}' and credentials is not null`,
      );
      assert.equal(held.length, 0, table);
    }
    await read(id);
    assert.deepEqual(await connected(), []);
    const log = await call<{ items: { action: string }[] }>('GET', '/audit?limit=100');
    const actions = new Set(log.body.items.map(({ action }) => action));
    for (const action of ['directory.opened', 'directory.mailboxes-chosen', 'mailbox.connected', 'directory.closed'])
      assert.ok(actions.has(action), action);
    const privacy = await call<{ consents: { kind: string; granted: boolean }[] }>('GET', '/privacy');
    assert.deepEqual(
      privacy.body.consents.map(({ kind, granted }) => [kind, granted]),
      [
        ['mailbox', false],
        ['mailbox', true],
      ],
    );
  });

  it('a member does not stop what the organisation connected; one that an administrator stops stays so', async () => {
    const ann = await server.member('org_member', admin.tenantId);
    addGoogle('member', ann.email);
    const { id } = await open(google());
    await choose(id, { mode: 'all' });
    const [own] = await mailboxes(ann);
    for (const [method, path] of [
      ['POST', '/pause'],
      ['DELETE', ''],
    ] as const) {
      const refused = await call<Problem>(method, `/mailboxes/${own!.id}${path}`, undefined, ann);
      assert.deepEqual([refused.status, refused.body.code], [403, 'mailbox.of-organisation']);
    }
    assert.equal((await call('DELETE', `/mailboxes/${own!.id}`)).status, 200);
    await read(id);
    assert.ok(!(await connected()).includes(ann.email));
    await choose(id, { mode: 'all' });
    assert.ok((await connected()).includes(ann.email), 'until the choice is made anew');
  });

  it('a mailbox that its person connected in their own way stays theirs', async () => {
    const ann = await server.member('org_member', admin.tenantId);
    addGoogle('member', ann.email);
    await server.database
      .admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address, credentials)
      values (${admin.tenantId}, gen_random_uuid(), ${ann.userId}, 'gmail', ${ann.email}, 'theirs')`;
    const { id } = await open(google());
    await choose(id, { mode: 'all' });
    const [row] = await server.database.admin`select credentials, directory_id from postern.mailboxes
      where tenant_id = ${admin.tenantId} and address = ${ann.email}`;
    assert.deepEqual([row?.['credentials'], row?.['directory_id']], ['theirs', null]);
    const shown = await call<People>('GET', `/directories/${id}/people`);
    assert.equal(shown.body.items.find(({ address }) => address === ann.email)!.mailbox!.own_way, true);
    await call('DELETE', `/directories/${id}`);
    assert.deepEqual(await connected(), [ann.email]);
  });

  it('accesses are nobody’s business in another tenant or with a lesser role', async () => {
    const { id } = await open(google());
    const [stranger, member] = [await server.member('org_owner'), await server.member('org_member', admin.tenantId)];
    const operations = [
      ['GET', `/directories/${id}/people`],
      ['GET', `/directories/${id}/groups`],
      ['PUT', `/directories/${id}/choice`, { mode: 'all' }],
      ['DELETE', `/directories/${id}`],
    ] as const;
    for (const [method, path, json] of operations) {
      assert.equal((await call(method, path, json, stranger)).status, 404, path);
      assert.equal((await call(method, path, json, member)).status, 403, path);
    }
    assert.deepEqual((await call<{ items: unknown[] }>('GET', '/directories', undefined, stranger)).body.items, []);
    const shown = JSON.stringify((await call('GET', '/directories')).body);
    assert.ok(!shown.includes('PRIVATE KEY'));
    const personal = await server.member('org_owner');
    await server.database.admin`update postern.tenants set kind = 'personal' where tenant_id = ${personal.tenantId}`;
    assert.equal(
      (await call<Problem>('POST', '/directories/google', google(), personal)).body.code,
      'organisation.personal',
    );
  });
});
