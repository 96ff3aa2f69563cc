import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { phish } from '../services/parts.js';
import { fileForm, startTestServer } from '../api/server.js';
import type { Member, TestServer } from '../api/server.js';
import { bodyOf } from './body-of.js';
import type { Document, Operation, Schema } from './body-of.js';
import { sendRaw, statusOf } from './raw.js';

/** Texts that have broken others: where they are stored, shown, logged, put into a header or matched. */
const TEXTS: Readonly<Record<string, string>> = {
  'a NUL': 'a\u0000b',
  'half a character': '\ud800',
  'a line of its own': 'a\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>',
  'a quote': `'); drop table postern.scans; --`,
  'an expression that never ends': `${'a'.repeat(2000)}!`,
  'a format': '%s%n%x${7*7}{{7*7}}#{7*7}',
  'a path': '../../../../etc/passwd',
  'text from right to left': '\u202e\u2066moc.elpmaxe',
  'many marks': `e${'\u0301'.repeat(500)}`,
  'a number': '1e309',
  nothing: '',
};

/** What is sent as the body or in the query: of the right shape and of none. */
describe('attack: bodies and queries', function () {
  this.timeout(120_000);
  let server: TestServer;
  let owner: Member;
  let operations: readonly { path: string; method: string; operation: Operation }[];
  let schemas: Readonly<Record<string, Schema>>;
  before(async () => {
    server = await startTestServer();
    owner = await server.member('org_owner');
    await server.database.admin`update postern.users set super_admin = true where user_id = ${owner.userId}`;
    const document = (await (await server.send('GET', '/openapi.json')).json()) as Document;
    schemas = document.components.schemas;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        path: path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000'),
        ...{ method: method.toUpperCase(), operation },
      })),
    );
  });
  after(() => server.close());

  /** Never a fault of ours, and never anything of the text in a header. */
  const assertHeld = (answer: Response, what: string) => {
    assert.ok(answer.status < 500, `${what}: ${answer.status}`);
    assert.equal(answer.headers.get('x-evil'), null, what);
  };
  it('a body of the right shape with hostile texts breaks no operation', async () => {
    const tried = operations.filter(
      ({ operation }) => operation.requestBody?.content['application/json'] !== undefined,
    );
    assert.ok(tried.length > 40, String(tried.length));
    for (const [name, text] of Object.entries(TEXTS)) {
      for (const { path, method, operation } of tried) {
        const schema = operation.requestBody?.content['application/json']?.schema ?? {};
        const answer = await server.send(method, path, { as: owner, json: bodyOf(schema, text, schemas) });
        assertHeld(answer, `${operation.operationId} with ${name}`);
        await answer.arrayBuffer();
      }
    }
    assert.equal((await server.send('GET', '/auth/me', { as: owner })).status, 200, 'and nobody was put out');
  });

  it('a body that is nested fifty thousand times breaks no operation', async () => {
    const deep = '['.repeat(49_000) + ']'.repeat(49_000);
    for (const { path, method, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const names = Object.keys(bodyOf(schema, '', schemas) as object);
      for (const name of [names[0] ?? 'a', names.at(-1) ?? 'b']) {
        const answer = await server.send(method, path, {
          as: owner,
          body: `{"${name}":${deep}}`,
          headers: { 'content-type': 'application/json' },
        });
        assertHeld(answer, `${operation.operationId}, ${name}`);
        await answer.arrayBuffer();
      }
    }
  });

  it('hostile queries break no operation: texts, the same name twice, brackets, a thousand names', async () => {
    const tried = operations.filter(({ method }) => method === 'GET');
    for (const { path, operation } of tried) {
      const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
      const queries = Object.values(TEXTS).map((text) =>
        new URLSearchParams(names.map((name): [string, string] => [name, text])).toString(),
      );
      const [name = 'a'] = names;
      queries.push(
        `${name}=1&${name}=2`,
        `${name}[]=1`,
        `${name}[__proto__][a]=1`,
        '__proto__=1&constructor=2',
        '%',
        '%ff%fe',
      );
      queries.push(Array.from({ length: 1000 }, (_, index) => `a${index}=1`).join('&'));
      for (const query of new Set(queries)) {
        const answer = await server.send('GET', `${path}?${query}`, {
          as: owner,
          headers: { accept: 'application/json' },
        });
        assertHeld(answer, `${operation.operationId}?${query.slice(0, 60)}`);
        await answer.body?.cancel();
      }
    }
  });

  it('a body that grows when it is unpacked is not unpacked past the limit', async () => {
    const bomb = gzipSync(JSON.stringify({ email: 'a@b.example', password: 'x'.repeat(50_000_000) }));
    assert.ok(bomb.length < 100_000);
    for (const coding of ['gzip', 'deflate', 'br', 'gzip, gzip', 'nonsense']) {
      const answer = await server.send('POST', '/auth/login', {
        body: bomb,
        headers: { 'content-type': 'application/json', 'content-encoding': coding },
      });
      assert.ok([400, 413, 415].includes(answer.status), `${coding}: ${answer.status}`);
    }
  });

  it('what is no UTF-8, has a mark at its start or names a field twice is text or a refusal', async () => {
    const bodies: readonly (readonly [string, Uint8Array])[] = [
      [
        'no UTF-8',
        Buffer.concat([
          Buffer.from('{"email":"a@b.example","password":"'),
          Buffer.from([0xff, 0xc0]),
          Buffer.from('"}'),
        ]),
      ],
      ['UTF-16', Buffer.from('{"email":"a@b.example","password":"x"}', 'utf16le')],
      ['a mark', Buffer.from('\ufeff{"email":"a@b.example","password":"x"}')],
      ['twice', Buffer.from('{"email":"a@b.example","email":"c@d.example","password":"x"}')],
    ];
    for (const [name, body] of bodies) {
      const answer = await server.send('POST', '/auth/login', {
        body,
        headers: { 'content-type': 'application/json' },
      });
      assert.ok([400, 401].includes(answer.status), `${name}: ${answer.status}`);
    }
  });

  it('an upload of ten thousand parts, of endless headers or without an end is refused', async () => {
    const part = (name: string, text = 'x') =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
    const bodies = [
      Array.from({ length: 10_000 }, (_, index) => part(`f${index}`)).join('') + '--b--\r\n',
      `--b\r\nContent-Disposition: form-data; name="${'n'.repeat(200_000)}"\r\n\r\nx\r\n--b--\r\n`,
      `--b\r\n${Array.from({ length: 5000 }, (_, index) => `X-${index}: y\r\n`).join('')}\r\nx\r\n--b--\r\n`,
      part('file').replace('--b', '--c'),
      '--b',
      '',
    ];
    for (const body of bodies) {
      const answer = await server.send('POST', '/scan/upload', {
        as: owner,
        body,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      });
      assert.ok([400, 413, 415, 422].includes(answer.status), `${answer.status} for ${body.slice(0, 60)}`);
    }
    assert.equal((await server.send('POST', '/scan/upload', { as: owner, body: fileForm(phish()) })).status, 200);
  });

  it('a request line without end is refused before it is read', async () => {
    const answer = await sendRaw(server.url, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.ok([414, 431].includes(statusOf(answer)), answer.slice(0, 40));
  });
});
