import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphMailbox } from '../../peers/microsoft/mailbox.js';
import { phish } from '../../services/parts.js';
import { ACCOUNT, BOSS, DIRECTORY, DirectoryDesk, MAIL } from './directory-desk.js';
import type { People, Problem } from './directory-desk.js';
import type { Member } from '../server.js';

describe('a whole organisation at once', function () {
  this.timeout(90_000);
  let desk: DirectoryDesk;
  before(async () => {
    desk = await DirectoryDesk.open();
  });
  beforeEach(() => desk.begin());
  after(async () => {
    await (desk as DirectoryDesk | undefined)?.close();
  });

  it('Google Workspace: everybody is connected, read, and given to the member they are', async () => {
    const ann = await desk.server.member('org_member', desk.admin.tenantId);
    desk.addGoogle('member', ann.email).add(phish('For the member'));
    desk.providers.google.mailboxes.get('bob@acme.example')!.add(phish('For Bob, who has no account'));
    const { id, opened_by: by } = await desk.open(desk.google());
    assert.equal(by, `${ACCOUNT}, as ${BOSS}`);
    assert.deepEqual(await desk.connected(), [], 'nobody until somebody is chosen');
    await desk.choose(id, { mode: 'all', backfill_days: null });
    const all = await desk.mailboxes();
    assert.deepEqual(
      all.map(({ address, owner_id }) => [address, owner_id]),
      [
        [ann.email, ann.userId],
        ['ann@acme.example', null],
        ['bob@acme.example', null],
        [BOSS, null],
      ].sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    );
    for (const mailbox of all) await desk.sync(mailbox.id);
    const seen = async (as: Member) =>
      (await desk.call<{ items: { subject: string }[] }>('GET', '/scan/history', undefined, as)).body.items
        .map(({ subject }) => subject)
        .sort();
    assert.deepEqual(await seen(ann), ['For the member']);
    assert.deepEqual(await seen(desk.admin), ['For Bob, who has no account', 'For the member']);
    // Their own, and nobody else's: not even an administrator reads in them.
    assert.deepEqual(
      (await desk.mailboxes(ann)).map(({ own }) => own),
      [true],
    );
    for (const { id: mailbox } of all)
      assert.equal((await desk.call('GET', `/mailboxes/${mailbox}/messages`)).status, 404);
    assert.deepEqual([(await desk.access()).connected, (await desk.access()).people], [4, 4]);
  });

  it('says what is missing, and keeps nothing of what does not work', async () => {
    const refused = async (json: object) => {
      const { status, body } = await desk.tryOpen<Problem>(json);
      return [status, body.code, body.detail] as const;
    };
    desk.providers.google.delegations.set(ACCOUNT, { publicKey: desk.keys.publicKey, scopes: [MAIL] });
    const [status, code, detail] = await refused(desk.google());
    assert.deepEqual([status, code], [422, 'mailbox.login-refused']);
    assert.match(
      detail,
      /Domain-wide delegation, give its client ID: .*admin\.directory\.user\.readonly.*gmail\.readonly/,
    );
    desk.providers.google.delegations.set(ACCOUNT, { publicKey: desk.keys.publicKey, scopes: [MAIL, ...DIRECTORY] });
    assert.match(
      (await refused(desk.google({ administrator: 'ann@acme.example' })))[2],
      /does not let this administrator read/,
    );
    assert.match((await refused(desk.google({ administrator: 'who@acme.example' })))[2], /no such administrator/);
    assert.match(
      (await refused(desk.google({ service_account: desk.keyFile({ client_email: 'x@y.example' }) })))[2],
      /does not know the service account/,
    );
    assert.equal((await refused(desk.google({ service_account: '{}' })))[0], 400);
    assert.match((await refused(desk.microsoft({ secret: 'wrong' })))[2], /does not accept the secret/);
    assert.match((await refused(desk.microsoft({ client_id: 'other' })))[2], /knows no application other/);
    assert.match((await refused(desk.microsoft({ tenant: 'nowhere.example' })))[2], /knows no tenant nowhere/);
    desk.providers.microsoft.applicationAccess.roles = ['Mail.Read'];
    assert.match((await refused(desk.microsoft()))[2], /needs the application permissions User\.Read\.All/);
    assert.equal(
      (
        await refused(
          desk.microsoft({ certificate: '-----BEGIN CERTIFICATE-----', private_key: '-----BEGIN PRIVATE KEY-----' }),
        )
      )[0],
      400,
    );
    desk.providers.microsoft.cut(/token/, 10);
    assert.deepEqual((await refused(desk.microsoft())).slice(0, 2), [502, 'mailbox.unreachable']);
    assert.deepEqual((await desk.call<{ items: unknown[] }>('GET', '/directories')).body.items, []);
    const [row] = await desk.server.database
      .admin`select count(*)::int as n from postern.directories where tenant_id = ${desk.admin.tenantId}`;
    assert.equal(row?.['n'], 0);
  });

  it('the directory is browsed by pages and searched, at both providers', async () => {
    for (let n = 10; n < 17; n += 1) {
      desk.addGoogle(`p${n}`);
      desk.addMicrosoft(`p${n}`);
    }
    desk.providers.microsoft.organisation.users.push(
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
      [desk.google(), 10],
      [desk.microsoft(), 7],
    ] as const) {
      const { id } = await desk.open(json);
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { body: People } = await desk.call<People>('GET', `/directories/${id}/people?limit=4${cursor}`);
        found.push(...page.body.items.map(({ address }) => address));
        cursor = page.body.next_cursor === null ? null : `&cursor=${encodeURIComponent(page.body.next_cursor)}`;
      }
      assert.equal(new Set(found).size, people);
      const search = async (text: string) =>
        (await desk.call<People>('GET', `/directories/${id}/people?text=${encodeURIComponent(text)}`)).body.items.map(
          ({ address }) => address,
        );
      assert.deepEqual(await search('p12@'), ['p12@acme.example']);
      assert.deepEqual(await search("o'brien"), []);
      assert.equal((await desk.call('GET', `/directories/${id}/people?cursor=nonsense`)).status, 400);
    }
  });

  it('who joins is connected by itself; who is gone or suspended is disconnected, and keeps nothing that opens', async () => {
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all' });
    desk.addGoogle('carol');
    const { organisation } = desk.providers.google;
    organisation.people = organisation.people.filter((one) => one.id !== 'g-ann');
    organisation.people.find((one) => one.id === 'g-bob')!.suspended = true;
    await desk.read(id);
    assert.deepEqual(await desk.connected(), [BOSS, 'carol@acme.example']);
    const rows = await desk.server.database.admin`select credentials from postern.mailboxes
      where tenant_id = ${desk.admin.tenantId} and status = 'disconnected'`;
    assert.deepEqual(
      rows.map(({ credentials }) => credentials as unknown),
      [null, null],
    );
    organisation.people.find((one) => one.id === 'g-bob')!.suspended = false;
    await desk.read(id);
    assert.deepEqual(await desk.connected(), ['bob@acme.example', BOSS, 'carol@acme.example']);
    // Somebody who gets an account later gets their mailbox with it.
    const carol = await desk.server.member('org_member', desk.admin.tenantId);
    await desk.server.database
      .admin`update postern.users set email = 'carol@acme.example' where user_id = ${carol.userId}`;
    await desk.read(id);
    assert.deepEqual(
      (await desk.mailboxes(carol)).map(({ address }) => address),
      ['carol@acme.example'],
    );
  });

  it('a directory that cannot be read whole, or comes back empty, disconnects nobody', async () => {
    for (let n = 0; n < 600; n += 1)
      desk.providers.google.organisation.people.push({
        id: `x${n}`,
        primaryEmail: `x${n}@acme.example`,
        fullName: 'X',
        suspended: true,
      });
    const { id } = await desk.open(desk.google());
    await desk.choose(id, { mode: 'all' });
    desk.providers.google.fail(/directory\/v1\/users\?.*pageToken/, { status: 503, json: {} }, 20);
    await desk.read(id);
    assert.equal((await desk.connected()).length, 3);
    assert.equal((await desk.access()).attention, null, 'it will be read again');
    desk.providers.google.uncut();
    const people = desk.providers.google.organisation.people.splice(0);
    await desk.read(id);
    assert.equal((await desk.connected()).length, 3);
    assert.match((await desk.access()).attention ?? '', /without anybody/);
    desk.providers.google.organisation.people.push(...people);
    desk.providers.google.fail(/directory\/v1\/users/, { status: 429, json: {}, headers: { 'retry-after': '0' } });
    await desk.read(id);
    assert.equal((await desk.access()).attention, null);
    desk.providers.google.delegations.clear();
    await desk.server.parts.mailboxes.connectors.close();
    await desk.read(id);
    assert.match((await desk.access()).attention ?? '', /does not know the service account/);
    assert.equal((await desk.connected()).length, 3);
    const log = await desk.call<{ items: { action: string }[] }>('GET', '/audit?limit=100');
    assert.ok(log.body.items.some(({ action }) => action === 'directory.needs-attention'));
  });

  it('a group or a list of people: exactly those, with the groups in it', async () => {
    for (const name of ['ann', 'bob', 'carol']) desk.addMicrosoft(name);
    desk.providers.microsoft.organisation.groups.push({
      id: 'grp',
      displayName: 'Finance',
      mail: null,
      members: ['m-ann', 'inner', 'm-carol'],
    });
    desk.providers.google.organisation.groups.push({
      id: 'team',
      name: 'Team',
      email: 'team@acme.example',
      members: ['g-ann', 'inner'],
    });
    const graph = await desk.open(desk.microsoft());
    const groups = await desk.call<{ items: { id: string; name: string }[] }>(
      'GET',
      `/directories/${graph.id}/groups?text=Fin`,
    );
    assert.deepEqual(
      groups.body.items.map(({ id, name }) => ({ id, name })),
      [{ id: 'grp', name: 'Finance' }],
    );
    await desk.choose(graph.id, { mode: 'group', group: groups.body.items.map(({ id, name }) => ({ id, name }))[0] });
    assert.deepEqual(await desk.connected(), ['ann@acme.example', 'carol@acme.example']);
    await desk.choose(graph.id, { mode: 'some', people: ['m-bob'] });
    assert.deepEqual(await desk.connected(), ['bob@acme.example']);
    assert.equal((await desk.call('PUT', `/directories/${graph.id}/choice`, { mode: 'group' })).status, 400);
    assert.equal(
      (await desk.call('PUT', `/directories/${graph.id}/choice`, { mode: 'all', people: ['x'] })).status,
      400,
    );
    await desk.call('DELETE', `/directories/${graph.id}`);
    const workspace = await desk.open(desk.google());
    await desk.choose(workspace.id, { mode: 'group', group: { id: 'team', name: 'Team' } });
    assert.deepEqual(await desk.connected(), ['ann@acme.example']);
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
    const ann = desk.addMicrosoft('ann');
    desk.addMicrosoft('bob');
    const proof = { secret: undefined, ...pair };
    assert.equal(
      (await desk.call<Problem>('POST', '/directories/microsoft', desk.microsoft(proof))).body.code,
      'mailbox.login-refused',
    );
    desk.providers.microsoft.certificate = pair.certificate;
    const { id } = await desk.open(desk.microsoft(proof));
    // Application access limited to chosen mailboxes: Bob's is not among them.
    desk.providers.microsoft.applicationAccess.mailboxes = [ann];
    await desk.choose(id, { mode: 'all', backfill_days: null });
    ann.add(phish('To Ann'));
    for (const mailbox of await desk.mailboxes()) await desk.sync(mailbox.id);
    assert.deepEqual(
      (await desk.mailboxes()).map(({ address, state }) => [address, state]),
      [
        ['ann@acme.example', 'well'],
        ['bob@acme.example', 'attention'],
      ],
    );
    assert.deepEqual([(await desk.access()).in_need, (await desk.access()).attention], [1, null]);
    // Tried again a day later, when an administrator may have opened it.
    const bob = new GraphMailbox('bob@acme.example');
    desk.providers.microsoft.applicationAccess.mailboxes = [ann, bob];
    await desk.read(id);
    assert.equal((await desk.access()).in_need, 1);
    await desk.server.database.admin`update postern.mailboxes set connected_at = now() - interval '25 hours'
      where tenant_id = ${desk.admin.tenantId} and address = 'bob@acme.example'`;
    await desk.read(id);
    assert.equal((await desk.access()).in_need, 0);
  });
});
