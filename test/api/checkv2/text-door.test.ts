import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createTextDoor } from '../../../src/api/checkv2/text-door.js';
import type { TextDoor } from '../../../src/api/checkv2/text-door.js';
import { listen } from '../../../src/serve.js';
import { phish } from '../../services/parts.js';
import { keyOf } from '../door.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

/** What Exim 4.96 reads of the answer (src/spam.c), and nothing after it. */
const METRIC =
  /^RSPAMD\/(\S{1,7}) 0 EX_OK\r\nMetric: default; (\S{1,7}) (-?[\d.]+) \/ (-?[\d.]+) \/ (-?[\d.]+)\r\nAction: ([^\r]+)\r\n/;

describe('the door for Exim', () => {
  let server: TestServer;
  let owner: Member;
  let door: TextDoor;
  let port: number;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    owner = await server.member('org_member');
    const key = await keyOf(server, owner.token);
    door = createTextDoor({ parts: server.parts, uploadLimit: 100_000, key });
    port = await listen(door.server, '127.0.0.1', 0);
  });
  after(async () => {
    await door.close(100);
    await server.close();
  });

  /** In pieces, as a network delivers; the other side's end is the end of the answer. */
  const ask = async (...pieces: (string | Buffer)[]): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    const ended = once(socket, 'end');
    await once(socket, 'connect');
    for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
    await ended;
    socket.end();
    return answer;
  };
  /** As Exim 4.96 was seen to send it. */
  const head = (size: number) =>
    [
      'CHECK RSPAMC/1.3',
      `Content-length: ${size}`,
      'Queue-Id: 1xWaAz-0005Jy-0r',
      'From: <security@paypa1-account.example>',
      'Recipient-Number: 1',
      'Rcpt: <ann@example.test>',
      'Helo: mail.shop.example',
      'IP: 192.0.2.10',
      '',
      '',
    ].join('\r\n');
  const MBOX = 'From MAILER-DAEMON Thu Nov 26 14:10:17 2026\n';

  it('is answered in the form that Exim reads, and the scan is stored with what Exim told', async () => {
    const message = Buffer.concat([Buffer.from(MBOX), phish()]);
    const text = head(message.length);
    const answer = await ask(text.slice(0, 30), text.slice(30), message.subarray(0, 100), message.subarray(100));
    const [, version, unwanted, score, mark, reject, action] = METRIC.exec(answer) ?? [];
    assert.deepEqual([version, unwanted, reject], ['1.3', 'True;', '95.00']);
    assert.ok(Number(score) > Number(mark));
    assert.match(action ?? '', /^(add header|reject)$/);
    assert.match(answer, /\r\nSymbol: POSTERN_URLS_\w+\(-?\d+\.\d\d\)\r\n/);
    const history = await server.send('GET', '/scan/history', { as: owner });
    const [scan] = ((await history.json()) as { items: { id: string; source: string }[] }).items;
    assert.equal(scan?.source, 'checkv2');
    const opened = await server.send('GET', `/scan/${scan.id}/message`, { as: owner });
    const { mail_from: mailFrom, received } = (await opened.json()) as {
      mail_from: string;
      received: { ip: string }[];
    };
    assert.deepEqual([mailFrom, received[0]?.ip], ['security@paypa1-account.example', '192.0.2.10']);
  });

  it('says what is wrong in a way that Exim takes for no answer, so that it defers', async () => {
    for (const [request, said] of [
      ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', /Only CHECK/],
      ['CHECK RSPAMC/1.3\r\nFrom: <>\r\n\r\n', /Content-Length/],
      ['CHECK RSPAMC/1.3\r\nContent-length: 5\r\nPassword: pst_wrong\r\n\r\nhello', /not valid/],
    ] as const) {
      const answer = await ask(request);
      assert.match(answer, said);
      assert.doesNotMatch(answer, METRIC);
    }
  });

  it('lets through what is too large, said to be not examined', async () => {
    const answer = METRIC.exec(await ask(head(100_001)));
    assert.deepEqual([answer?.[2], answer?.[6]], ['False;', 'no action']);
  });

  it('does not wait for a message that never comes to its end', async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.end(head(50) + 'half of');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    await once(socket, 'close');
    assert.match(answer, /broken off/);
  });
});
