import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { keyOf, openDoor } from '../../api/door.js';
import type { TestDoor } from '../../api/door.js';
import { fileForm, startTestServer } from '../../api/server.js';
import type { Member, TestServer } from '../../api/server.js';
import type { Reply } from '../../../src/api/checkv2/reply.js';
import { forgetSenders } from '../../../src/services/operations/forget-senders.js';

/** A message of its own each time, as its Message-ID says. */
const mail = (from: string, id = randomUUID()) =>
  `From: Shop <${from}>\r\nTo: ann@corp.example\r\nSubject: Your order\r\nMessage-ID: <${id}@shop.example>\r\n\r\nIt is on its way.\r\n`;

/** Through the whole product: what a mail server hands in, and what the verdict then says of its sender. */
describe('the history of senders', () => {
  let server: TestServer;
  let door: TestDoor;
  let owner: Member;
  let key: string;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    door = await openDoor(server, { zone: { 'shop.example': ['v=spf1 ip4:192.0.2.10 -all'] } });
    owner = await server.member('org_member');
    key = await keyOf(server, owner.token);
  });
  after(async () => {
    await door.close();
    await server.close();
  });

  const FIRST = 'POSTERN_HEADERS_FIRST_TIME_SENDER';
  const KNOWN = 'POSTERN_HEADERS_KNOWN_SENDER';
  const ask = async (from: string, options: Record<string, string> = {}, raw = mail(from)) => {
    const { ip = '192.0.2.10', password = key, ...headers } = options;
    const { text } = await door.ask(raw, {
      password,
      ip,
      helo: 'mx.shop.example',
      from: 'bounce@shop.example',
      ...headers,
    });
    const { symbols, milter } = JSON.parse(text) as Reply;
    return { first: FIRST in symbols, known: KNOWN in symbols, evidence: symbols[KNOWN]?.options[0], milter };
  };
  const rows = (tenant = owner.tenantId) =>
    server.database.admin<{ sender_digest: Buffer; messages: number }[]>`
      select sender_digest, messages from postern.sender_history where tenant_id = ${tenant} order by messages`;

  it('the first proven message is from a stranger, the second no more, and after three the sender is known', async () => {
    assert.deepEqual((await ask('orders@shop.example')).first, true);
    const second = await ask('Orders@shop.example');
    assert.deepEqual([second.first, second.known], [false, false]);
    await ask('orders@shop.example');
    const fourth = await ask('orders@shop.example');
    assert.equal(fourth.known, true);
    assert.match(fourth.evidence ?? '', /^3 earlier messages from orders@shop\.example, first on \d{4}-\d\d-\d\d$/);
    assert.deepEqual(
      (await rows()).map(({ messages }) => messages),
      [4],
    );
  });

  it('a spoofed sender is never counted, and never profits from the one it imitates', async () => {
    for (let tries = 0; tries < 4; tries += 1) {
      const spoofed = await ask('billing@shop.example', { ip: '198.51.100.7' });
      assert.deepEqual([spoofed.first, spoofed.known], [true, false]);
    }
    const imitated = await ask('orders@shop.example', { ip: '198.51.100.7' });
    assert.equal(imitated.known, false);
    assert.deepEqual(
      (await rows()).map(({ messages }) => messages),
      [4],
    );
  });

  it('uploads, one’s own outgoing mail and sandbox keys count nobody', async () => {
    await server.send('POST', '/scan/upload', { as: key, body: fileForm(mail('orders@shop.example')) });
    await ask('orders@shop.example', { user: 'ann' });
    await ask('orders@shop.example', { password: await keyOf(server, owner.token, { sandbox: true }) });
    assert.deepEqual(
      (await rows()).map(({ messages }) => messages),
      [4],
    );
  });

  it('a rescan does not take the message itself for an earlier one', async () => {
    const stranger = await server.member('org_member');
    const { milter } = await ask('orders@shop.example', { password: await keyOf(server, stranger.token) });
    const id = milter.add_headers['X-Postern-Scan']?.value ?? '';
    const answer = await server.send('POST', `/scan/${id}/rescan`, { as: stranger });
    const { findings } = (await answer.json()) as { findings: { id: string }[] };
    assert.ok(findings.some((finding) => finding.id === 'headers.first-time-sender'));
  });

  it('one tenant knows nothing of another’s, and nothing in the table tells whose address it is', async () => {
    const other = await server.member('org_member');
    const from = await ask('orders@shop.example', { password: await keyOf(server, other.token) });
    assert.equal(from.first, true);
    const [own] = await rows();
    const [theirs] = await rows(other.tenantId);
    assert.notDeepEqual(own?.sender_digest, theirs?.sender_digest);
  });

  it('messages of one sender that come at once are all counted', async () => {
    const busy = await server.member('org_member');
    const password = await keyOf(server, busy.token);
    await Promise.all(Array.from({ length: 12 }, () => ask('orders@shop.example', { password })));
    assert.deepEqual(
      (await rows(busy.tenantId)).map(({ messages }) => messages),
      [12],
    );
  });

  it('a message asked about again counts once, however often and by however many, and never as an earlier one of its own', async () => {
    const { token, tenantId } = await server.member('org_member');
    const password = await keyOf(server, token);
    const raw = mail('orders@shop.example');
    const relayed = `Received: from mx.shop.example by mx.corp.example; Thu, 1 Jan 2026 10:00:00 +0000\r\n${raw}`;
    await Promise.all([raw, relayed, raw, relayed].map((each) => ask('orders@shop.example', { password }, each)));
    const again = await ask('orders@shop.example', { password }, raw);
    assert.equal(again.first, true);
    const counts = (await rows(tenantId)).map(({ messages }) => messages);
    assert.deepEqual(counts, [1]);
    assert.equal((await ask('orders@shop.example', { password })).first, false);
  });

  it('without a Message-ID the date and the text tell messages apart, whatever fields were added on the way', async () => {
    const { token, tenantId } = await server.member('org_member');
    const password = await keyOf(server, token);
    const plain = (date: string) =>
      `Date: ${date}\r\nFrom: orders@shop.example\r\nSubject: Report\r\n\r\nAll is well.\r\n`;
    const monday = plain('Mon, 5 Jan 2026 06:00:00 +0000');
    const sent = [monday, `Received: by mx.corp.example\r\n${monday}`, plain('Tue, 6 Jan 2026 06:00:00 +0000')];
    for (const raw of sent) await ask('orders@shop.example', { password }, raw);
    assert.deepEqual(
      (await rows(tenantId)).map(({ messages }) => messages),
      [2],
    );
  });

  it('forgets who has not written for 90 days, or for as long as scans are kept, and all of a tenant with it', async () => {
    const { admin } = server.database;
    const keeps = await server.database.addTenant({ retentionDays: 365 });
    const age = (
      tenant: string,
      days: number,
    ) => admin`insert into postern.sender_history (tenant_id, sender_digest, messages, last_seen)
      values (${tenant}, sha256(${`${days}`}::bytea), 1, now() - make_interval(days => ${days}))`;
    for (const days of [89, 91]) await age(owner.tenantId, days);
    for (const days of [100, 366]) await age(keeps, days);
    for (const days of [100, 366])
      await admin`insert into postern.counted_messages (tenant_id, message_digest, counted_at)
        values (${keeps}, substring(sha256(${`${days}`}::bytea) for 16), now() - make_interval(days => ${days}))`;
    const countedMessages = async () => {
      const [row] = await admin<
        { n: number }[]
      >`select count(*)::int as n from postern.counted_messages where tenant_id = ${keeps}`;
      return row?.n;
    };
    await forgetSenders(server.parts);
    assert.equal((await rows()).length, 2);
    assert.equal((await rows(keeps)).length, 1);
    assert.equal(await countedMessages(), 1);
    await admin`delete from postern.tenants where tenant_id = ${keeps}`;
    assert.equal((await rows(keeps)).length, 0);
    assert.equal(await countedMessages(), 0);
  });
});
