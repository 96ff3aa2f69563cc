import assert from 'node:assert/strict';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { loginOf, newUser } from '../../services/mailboxes/mailbox.js';
import { phish } from '../../services/parts.js';
import { keyOf } from '../door.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Mailbox {
  readonly id: string;
  readonly state: string;
  readonly scanned: number;
  readonly address: string;
}
interface Browsed {
  readonly items: readonly { message_id: string; subject: string; scan: { id: string; label: string } | null }[];
  readonly next_cursor: string | null;
}

describe('mailboxes over the API', function () {
  this.timeout(60_000);
  let dovecot: Dovecot;
  let server: TestServer;
  let owner: Member;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
    server = await startTestServer();
    closing.push(() => server.close());
  });
  beforeEach(async () => (owner = await server.member('org_member')));
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller expects the answer to be
  const call = async <T>(method: string, path: string, json?: unknown, as = owner) => {
    const answer = await server.send(method, path, { as, ...(json === undefined ? {} : { json }) });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  };
  const connect = async (user = newUser(dovecot), as = owner) => {
    const json = { address: `${user}@example.test`, ...loginOf(dovecot, user), backfill_days: null };
    return { user, json, ...(await call<Mailbox>('POST', '/mailboxes/imap', json, as)) };
  };
  const sync = async (mailboxId: string, as = owner) => {
    for (let n = 0; n < 3; n += 1) await syncMailbox(server.parts, { tenantId: as.tenantId, mailboxId });
  };

  it('a mailbox is connected, read, paused, resumed and disconnected', async () => {
    const user = newUser(dovecot);
    dovecot.deliver(user, phish('In the mailbox'));
    const { status, body, json } = await connect(user);
    assert.equal(status, 201);
    assert.ok(!JSON.stringify(body).includes('secret'));
    assert.equal((await call('POST', '/mailboxes/imap', json)).status, 409);
    await sync(body.id);
    const listed = await call<{ items: Mailbox[] }>('GET', '/mailboxes');
    assert.deepEqual(
      listed.body.items.map(({ id, state, scanned }) => [id, state, scanned]),
      [[body.id, 'well', 1]],
    );
    const history = await call<{ items: { subject: string; source: string }[] }>(
      'GET',
      `/scan/history?mailbox=${body.id}`,
    );
    assert.deepEqual(
      history.body.items.map(({ subject, source }) => [subject, source]),
      [['In the mailbox', 'mailbox']],
    );
    const other = await call<{ items: unknown[] }>('GET', '/scan/history?mailbox=00000000-0000-4000-8000-000000000000');
    assert.deepEqual(other.body.items, []);
    assert.equal((await call<Mailbox>('POST', `/mailboxes/${body.id}/pause`)).body.state, 'paused');
    assert.equal((await call<Mailbox>('POST', `/mailboxes/${body.id}/resume`)).body.state, 'well');
    const gone = await call<{ still_held: string[]; mailbox: Mailbox }>('DELETE', `/mailboxes/${body.id}`);
    assert.equal(gone.body.mailbox.state, 'disconnected');
    assert.match(gone.body.still_held.join(), /password/);
    assert.equal((await call('POST', `/mailboxes/${body.id}/resume`)).status, 409);
    assert.equal((await call('GET', `/mailboxes/${body.id}/messages`)).status, 409);
    assert.equal((await call('POST', `/mailboxes/${body.id}/reconnect`, { password: 'secret' })).status, 409);
    assert.equal((await connect(user)).status, 201);
  });

  it('an API key does with mailboxes what its scopes say, for its owner alone, and the log says which key it was', async () => {
    const user = newUser(dovecot);
    dovecot.deliver(user, phish('For a program'));
    const { body: mailbox, json: login } = await connect(user);
    await sync(mailbox.id);
    const { items } = (await call<Browsed>('GET', `/mailboxes/${mailbox.id}/messages`)).body;
    const messageId = items[0]?.message_id ?? '';
    const own = { mailbox_id: mailbox.id, message_id: messageId };
    const batch = { mailbox_id: mailbox.id, message_ids: [messageId] };
    const at = `/mailboxes/${mailbox.id}`;
    const doors: Readonly<Record<string, readonly (readonly [string, string, object?])[]>> = {
      'mailbox:read': [
        ['GET', '/mailboxes'],
        ['GET', at],
        ['GET', '/mailbox-providers'],
      ],
      'mailbox:browse': [
        ['GET', `${at}/messages`],
        ['POST', '/scan/mailbox', own],
        ['POST', '/scan/mailbox/batch', batch],
      ],
      'mailbox:manage': [
        ['POST', `${at}/pause`],
        ['POST', `${at}/resume`],
        ['POST', `${at}/reconnect`, { password: 'secret' }],
        ['DELETE', at],
        ['POST', '/mailboxes/imap', login],
      ],
    };
    const everything = [...Object.keys(doors), 'scan:write', 'scan:read', 'scan:delete', 'content:read'];
    const key = (scopes: readonly string[], as = owner) => keyOf(server, as.token, { scopes });
    const nameOf = ([method, path]: readonly [string, string, object?]) => `${method} ${path}`;
    const send = async (secret: string, [method, path, json]: readonly [string, string, object?]) => {
      const answer = await server.send(method, path, { as: secret, ...(json === undefined ? {} : { json }) });
      const text = await answer.text();
      return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as { scope?: string } };
    };
    for (const [scope, operations] of Object.entries(doors)) {
      const without = await key(everything.filter((name) => name !== scope));
      const program = await key([scope, 'scan:write']);
      for (const operation of operations) {
        const refused = await send(without, operation);
        assert.deepEqual([refused.status, refused.body.scope], [403, scope], nameOf(operation));
        const { status } = await send(program, operation);
        assert.ok(status < 300, `${nameOf(operation)}: ${status}`);
      }
    }
    const reader = await send(await key(['mailbox:browse']), ['POST', '/scan/mailbox', own]);
    assert.deepEqual([reader.status, reader.body.scope], [403, 'scan:write'], 'to scan it takes both');

    const all = await key(everything);
    for (const [path, json] of [
      ['/mailbox-consents', { provider: 'gmail' }],
      ['/mailbox-consents/redeem', { state: 'none-none-none-none-none' }],
    ] as const)
      assert.equal((await send(all, ['POST', path, json])).status, 403, 'a consent is given by a person');

    const admin = await server.member('org_admin', owner.tenantId);
    const others = [await server.member('org_member', owner.tenantId), await server.member('org_owner')];
    for (const other of others) {
      const secret = await key(everything, other);
      for (const operation of Object.values(doors)
        .flat()
        .filter(([, path]) => path.startsWith(at)))
        assert.equal((await send(secret, operation)).status, 404, nameOf(operation));
    }
    const adminKey = await key(everything, admin);
    assert.equal((await send(adminKey, ['GET', at])).status, 200);
    assert.equal((await send(adminKey, ['GET', `${at}/messages`])).status, 404);

    const audited = await server.database.admin<{ action: string }[]>`select distinct action from postern.audit_events
      where tenant_id = ${owner.tenantId} and details ->> 'api_key' is not null order by 1`;
    assert.deepEqual(
      audited.map(({ action }) => action),
      [
        // What a key tried and may not stands there as well.
        ...['access.not-found', 'access.refused'],
        ...['mailbox.connected', 'mailbox.disconnected', 'mailbox.paused', 'mailbox.reconnected', 'mailbox.resumed'],
      ],
    );
  });

  it('says what is wrong with a login', async () => {
    const user = newUser(dovecot);
    const json = { address: `${user}@example.test`, ...loginOf(dovecot, user) };
    const refused = async (over: object) => {
      const { status, body } = await call<{ code: string; detail: string }>('POST', '/mailboxes/imap', {
        ...json,
        ...over,
      });
      return [status, body.code, body.detail] as const;
    };
    assert.deepEqual(await refused({ password: 'wrong' }), [
      ...[422, 'mailbox.login-refused', 'The server does not accept this user name and password.'],
    ]);
    assert.deepEqual((await refused({ port: 1 })).slice(0, 2), [502, 'mailbox.unreachable']);
    const [status, , detail] = await refused({ host: '10.0.0.1', security: 'tls' });
    assert.equal(status, 502);
    assert.match(detail, /private network/);
    assert.equal((await refused({ host: 'a b' }))[0], 400);
    assert.equal((await refused({ port: 0 }))[0], 400);
  });

  it('tries no more than twenty logins of a member in ten minutes', async () => {
    const json = { address: 'a@example.test', ...loginOf(dovecot, 'nobody'), port: 1 };
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n += 1) statuses.add((await call('POST', '/mailboxes/imap', json)).status);
    assert.deepEqual([...statuses], [502]);
    const refused = await server.send('POST', '/mailboxes/imap', { as: owner, json });
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    const other = await server.member('org_member', owner.tenantId);
    assert.equal((await call('POST', '/mailboxes/imap', json, other)).status, 502);
  });

  it('a mailbox is browsed and searched, and what is picked is scanned once', async () => {
    const { user, body } = await connect();
    await sync(body.id);
    for (let n = 0; n < 5; n += 1) dovecot.deliver(user, message(`letter ${n}`));
    dovecot.deliver(user, phish('Account suspended'));
    const first = await call<Browsed>('GET', `/mailboxes/${body.id}/messages?limit=4`);
    assert.equal(first.body.items.length, 4);
    assert.equal(first.body.items[0]!.scan, null);
    const cursor = encodeURIComponent(first.body.next_cursor!);
    const second = await call<Browsed>('GET', `/mailboxes/${body.id}/messages?limit=4&cursor=${cursor}`);
    assert.equal(second.body.items.length, 2);
    assert.equal(second.body.next_cursor, null);
    const found = await call<Browsed>('GET', `/mailboxes/${body.id}/messages?text=suspended`);
    assert.deepEqual(
      found.body.items.map(({ subject }) => subject),
      ['Account suspended'],
    );
    const picked = { mailbox_id: body.id, message_id: found.body.items[0]!.message_id };
    const scan = await call<{ id: string; label: string }>('POST', '/scan/mailbox', picked);
    assert.equal(scan.status, 200);
    assert.equal((await call<{ id: string }>('POST', '/scan/mailbox', picked)).body.id, scan.body.id);
    const ids = [...first.body.items, ...second.body.items].map(({ message_id: id }) => id);
    const batch = await call<{
      items: { message_id: string; scan: { id: string } | null; problem: { code: string } | null }[];
    }>(
      ...([
        'POST',
        '/scan/mailbox/batch',
        { mailbox_id: body.id, message_ids: [...ids, '1.999.INBOX', 'none'] },
      ] as const),
    );
    assert.deepEqual(
      batch.body.items.map(({ message_id: id }) => id),
      [...ids, '1.999.INBOX', 'none'],
    );
    assert.deepEqual(
      batch.body.items.slice(-2).map(({ problem }) => problem?.code),
      ['mailbox.message-not-found', 'mailbox.message-not-found'],
    );
    assert.ok(batch.body.items.slice(0, 6).every((item) => item.scan !== null));
    // The sync finds them all known.
    await sync(body.id);
    const history = await call<{ items: unknown[] }>('GET', `/scan/history?mailbox=${body.id}`);
    assert.equal(history.body.items.length, 6);
    const again = await call<Browsed>('GET', `/mailboxes/${body.id}/messages?text=suspended`);
    assert.equal(again.body.items[0]!.scan?.id, scan.body.id);
    const many = Array.from({ length: 101 }, (_, n) => `1.${n}.INBOX`);
    assert.equal((await call('POST', '/scan/mailbox/batch', { mailbox_id: body.id, message_ids: many })).status, 400);
  });

  it('its events tell of each change, also of one made by another process', async () => {
    const { user, body } = await connect();
    const stop = new AbortController();
    const response = await fetch(`${server.url}/api/v1/mailboxes/${body.id}/events`, {
      headers: { authorization: `Bearer ${owner.token}` },
      signal: stop.signal,
    });
    let text = '';
    const read = (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    const until = async (words: RegExp) => {
      for (let waited = 0; !words.test(text); waited += 20) {
        if (waited > 10_000) assert.fail(text);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await until(/event: mailbox/);
    dovecot.deliver(user, message('told'));
    await sync(body.id);
    await until(/"scanned":1,/);
    stop.abort();
    await read;
  });

  it("another person's mailbox does not exist; an administrator sees how it is, pauses it, and reads nothing in it", async () => {
    const { body } = await connect();
    const paths: readonly (readonly [string, string, unknown?])[] = [
      ['GET', `/mailboxes/${body.id}`],
      ['GET', `/mailboxes/${body.id}/events`],
      ['GET', `/mailboxes/${body.id}/messages`],
      ['POST', `/mailboxes/${body.id}/pause`],
      ['POST', `/mailboxes/${body.id}/resume`],
      ['POST', `/mailboxes/${body.id}/reconnect`, { password: 'secret' }],
      ['POST', '/scan/mailbox', { mailbox_id: body.id, message_id: '1.1.INBOX' }],
      ['POST', '/scan/mailbox/batch', { mailbox_id: body.id, message_ids: ['1.1.INBOX'] }],
      ['DELETE', `/mailboxes/${body.id}`],
    ];
    for (const other of [await server.member('org_member', owner.tenantId), await server.member('org_owner')]) {
      for (const [method, path, json] of paths) {
        assert.equal((await call(method, path, json, other)).status, 404, `${method} ${path}`);
      }
      assert.deepEqual((await call<{ items: unknown[] }>('GET', '/mailboxes', undefined, other)).body.items, []);
    }
    const admin = await server.member('org_admin', owner.tenantId);
    assert.equal((await call('GET', `/mailboxes/${body.id}`, undefined, admin)).status, 200);
    assert.equal((await call('POST', `/mailboxes/${body.id}/pause`, undefined, admin)).status, 200);
    for (const [method, path, json] of paths.filter(([, path]) => /messages|reconnect|scan/.test(path))) {
      assert.equal((await call(method, path, json, admin)).status, 404, `${method} ${path}`);
    }
    assert.equal((await call('DELETE', `/mailboxes/${body.id}`, undefined, admin)).status, 200);
  });

  it('whoever is removed or leaves is read no longer; colleagues are, and what takes reports stays', async () => {
    const admin = await server.member('org_admin', owner.tenantId);
    const [removed, reporting] = [
      await server.member('org_member', owner.tenantId),
      await server.member('org_member', owner.tenantId),
    ];
    const [mine, theirs, abuse, kept] = [
      (await connect()).body.id,
      (await connect(newUser(dovecot), removed)).body.id,
      (await connect(newUser(dovecot), reporting)).body.id,
      (await connect(newUser(dovecot), admin)).body.id,
    ];
    await server.database.admin`update postern.mailboxes set abuse_since = now() where mailbox_id = ${abuse}`;
    const states = async () =>
      new Map(
        (await call<{ items: Mailbox[] }>('GET', '/mailboxes', undefined, admin)).body.items.map(
          ({ id, state }) => [id, state] as const,
        ),
      );
    const remove = (who: Member) => call('DELETE', `/organisation/members/${who.userId}`, undefined, admin);
    assert.equal((await remove(await server.member('org_member'))).status, 404, 'of another tenant');
    assert.equal((await remove(removed)).status, 204);
    assert.equal((await remove(reporting)).status, 204);
    const now = await states();
    assert.deepEqual(
      [mine, theirs, abuse, kept].map((id) => now.get(id)),
      ['reading', 'disconnected', 'reading', 'reading'],
    );
    assert.equal((await call('POST', '/organisation/leave')).status, 204);
    assert.equal((await states()).get(mine), 'disconnected');
    const held = await server.database.admin`select 1 from postern.mailboxes
      where mailbox_id in (${mine}, ${theirs}) and credentials is not null`;
    assert.equal(held.length, 0);
  });

  it('the same address in another tenant is another mailbox', async () => {
    const user = newUser(dovecot);
    const [one, two] = [await connect(user), await connect(user, await server.member('org_member'))];
    assert.deepEqual([one.status, two.status], [201, 201]);
    assert.notEqual(one.body.id, two.body.id);
  });
});
