import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const LIMIT = 200_000;

describe('handing over a message', () => {
  let server: TestServer;
  let ann: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer({ uploadLimit: LIMIT });
    ann = await server.member('org_member');
  });
  after(() => server.close());

  const upload = (body: FormData | string, headers = {}) =>
    server.send('POST', '/scan/upload', { as: ann, body, headers });
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

  it('a file is scanned and answered with its verdict, which can be found again', async () => {
    const answer = await upload(fileForm(phish()));
    assert.equal(answer.status, 200);
    const scan = (await answer.json()) as { id: string; source: string };
    assert.equal(answer.headers.get('content-location'), `/api/v1/scan/${scan.id}`);
    assert.equal(scan.source, 'upload');
    assert.deepEqual(await (await server.send('GET', `/scan/${scan.id}`, { as: ann })).json(), scan);
  });

  it('fields are scanned as the message they describe', async () => {
    const answer = await server.send('POST', '/scan', {
      as: ann,
      json: {
        from_address: 'billing@example.test',
        from_display_name: 'Billing, Ünïcode "Dept"',
        subject: 'Rechnung für November',
        body_text: 'See https://example.test/invoice',
        headers: { 'Reply-To': 'other@elsewhere.example', Received: ['from a by b', 'from c by d'] },
      },
    });
    assert.equal(answer.status, 200);
    const scan = (await answer.json()) as {
      id: string;
      source: string;
      message: { subject: string; from: object; link_count: number };
    };
    assert.equal(scan.source, 'json');
    assert.equal(scan.message.subject, 'Rechnung für November');
    assert.deepEqual(scan.message.from, { name: 'Billing, Ünïcode "Dept"', address: 'billing@example.test' });
    assert.equal(scan.message.link_count, 1);
    const message = (await (await server.send('GET', `/scan/${scan.id}/message`, { as: ann })).json()) as {
      reply_to: { address: string }[];
      headers: { name: string }[];
    };
    assert.equal(message.reply_to[0]?.address, 'other@elsewhere.example');
    assert.equal(message.headers.filter(({ name }) => name === 'received').length, 2);
  });

  it('fields cannot smuggle in header fields', async () => {
    for (const json of [
      { from_address: 'a@b.example', subject: 'Hi\r\nBcc: x@y.example' },
      { from_address: 'a@b.example\r\nBcc: x@y.example' },
      { from_address: 'a@b.example', headers: { 'X-A': 'one\nX-B: two' } },
      { from_address: 'a@b.example', headers: { 'X-A: b\r\nX-B': 'two' } },
    ]) {
      const answer = await server.send('POST', '/scan', { as: ann, json });
      assert.equal(answer.status, 400, JSON.stringify(json));
      assert.equal(await codeOf(answer), 'request.invalid');
    }
  });

  it('a file of exactly the limit is taken, one byte more is 413', async () => {
    const message = phish();
    const exact = Buffer.concat([message, Buffer.alloc(LIMIT - message.length, 'x')]);
    assert.equal((await upload(fileForm(exact))).status, 200);
    const answer = await upload(fileForm(Buffer.concat([exact, Buffer.from('x')])));
    assert.equal(answer.status, 413);
    const problem = (await answer.json()) as { code: string; limit: number };
    assert.equal(problem.code, 'request.too-large');
    assert.equal(problem.limit, LIMIT);
  });

  it('refuses while the upload still runs, without waiting for its end or believing its announced length', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    const chunk = (text: string) => socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    socket.write(
      'POST /api/v1/scan/upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n' +
        `Authorization: Bearer ${ann.token}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n`,
    );
    chunk('--b\r\nContent-Disposition: form-data; name="file"; filename="m.eml"\r\n\r\n');
    for (let sent = 0; sent <= LIMIT; sent += 50_000) chunk('x'.repeat(50_000));
    for (let waited = 0; waited < 20_000 && received === ''; waited += 20) await sleep(20);
    assert.match(received, /^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('says what is wrong with a body that is no upload', async () => {
    const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
    const other = new FormData();
    other.append('message', new Blob(['From: a@b.example\r\n\r\nx']), 'm.eml');
    const field = new FormData();
    field.append('file', 'From: a@b.example');
    const two = fileForm(phish());
    two.append('file', new Blob(['x']), 'x.eml');
    const cases: readonly (readonly [string, number, string, Response])[] = [
      ['no multipart', 415, 'request.unsupported-media-type', await upload('x', { 'content-type': 'text/plain' })],
      ['no boundary', 400, 'request.invalid', await upload('x', { 'content-type': 'multipart/form-data' })],
      ['cut off', 400, 'request.invalid', await upload('--b\r\nContent-Disp', multipart)],
      [
        'cut off inside the file',
        ...([400, 'request.invalid'] as const),
        await upload('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nFrom: a@b', multipart),
      ],
      ['no part', 400, 'request.invalid', await upload('--b--\r\n', multipart)],
      ['another name', 400, 'request.invalid', await upload(other)],
      ['a field', 400, 'request.invalid', await upload(field)],
      ['two files', 400, 'request.invalid', await upload(two)],
      ['empty', 422, 'message.empty', await upload(fileForm(''))],
    ];
    for (const [name, status, code, answer] of cases) {
      assert.equal(answer.status, status, name);
      assert.equal(await codeOf(answer), code, name);
    }
  });

  it('a request that is sent again with the same key is carried out once, also at the same time', async () => {
    const ben = await server.member('org_member');
    const message = phish();
    const send = (key: string, body = message, as = ben) =>
      server.send('POST', '/scan/upload', { as, body: fileForm(body), headers: { 'idempotency-key': key } });
    const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
    const ids = await Promise.all((await Promise.all([send('a'), send('a'), send('a')])).map(idOf));
    assert.equal(new Set([...ids, await idOf(await send('a'))]).size, 1);
    assert.notEqual(await idOf(await send('b')), ids[0]);
    const cat = await server.member('org_member', ben.tenantId);
    assert.notEqual(await idOf(await send('a', message, cat)), ids[0]);
    assert.equal(await codeOf(await send('a', phish('Another'))), 'request.idempotency-mismatch');
    assert.equal(await codeOf(await send('x'.repeat(201))), 'request.invalid');
    const again = await server.send('POST', '/scan/upload', {
      as: ben,
      body: fileForm(message),
      headers: { 'idempotency-key': 'a', prefer: 'respond-async' },
    });
    assert.equal(again.status, 202);
    assert.equal(await idOf(again), ids[0]);
    const [row] = await server.database.admin<{ n: number }[]>`
      select count(*)::int as n from postern.scans where owner_id = ${ben.userId}`;
    assert.equal(row?.n, 2);
    const json = { from_address: 'a@b.example', body_text: 'x', body_html: '<p>x</p>' };
    const fields = () => server.send('POST', '/scan', { as: ben, json, headers: { 'idempotency-key': 'c' } });
    assert.equal(await idOf(await fields()), await idOf(await fields()));
    assert.equal((await server.send('DELETE', `/scan/${ids[0] ?? ''}`, { as: ben })).status, 204);
    assert.notEqual(await idOf(await send('a')), ids[0]);
  });

  it('nobody without a token makes the server read a body', async () => {
    const answer = await server.send('POST', '/scan/upload', { body: fileForm('x'.repeat(LIMIT * 2)) });
    assert.equal(answer.status, 401);
  });

  it('all uploads together are bounded; what was held is free again afterwards', async () => {
    const answers: string[] = [];
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="m.eml"\r\n\r\n';
    const open = Array.from({ length: 10 }, () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => answers.push(chunk.toString()));
      socket.write(
        `POST /api/v1/scan/upload HTTP/1.1\r\nHost: x\r\nContent-Length: ${LIMIT * 2}\r\n` +
          `Authorization: Bearer ${ann.token}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n` +
          part +
          'x'.repeat(LIMIT - 1000),
      );
      return socket;
    });
    // Of ten that do not end, at least one is turned away, with the advice to come back.
    for (let waited = 0; waited < 20_000 && answers.length === 0; waited += 20) await sleep(20);
    assert.match(answers[0] ?? '', /^HTTP\/1\.1 503 [^]*Retry-After: \d[^]*scan\.queue-full/);
    const stranger = await server.member('org_member');
    const theirs = await server.send('POST', '/scan/upload', { as: stranger, body: fileForm(phish()) });
    assert.equal(theirs.status, 200, 'another organisation still has its share');
    for (const socket of open) socket.destroy();
    let status = 0;
    for (let attempt = 0; attempt < 50 && status !== 200; attempt += 1) {
      await sleep(20);
      status = (await upload(fileForm(phish()))).status;
    }
    assert.equal(status, 200);
  });
});
