import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from '../../src/net/http-client.js';
import type { HttpClient } from '../../src/net/http-client.js';
import { NetFault } from '../../src/net/net-fault.js';
import type { NetFaultKind } from '../../src/net/net-fault.js';
import { readJson } from '../../src/net/read-json.js';
import { startWebServer } from '../helpers/web-server.js';
import type { Behaviour, WebServer } from '../helpers/web-server.js';

describe('outgoing requests', () => {
  let server: WebServer;
  let http: HttpClient;
  let behaviour: Behaviour = { status: 200 };
  before(async () => {
    server = await startWebServer(() => behaviour);
    http = createHttpClient({ timeoutMs: 300, maxBytes: 10_000 });
  });
  after(async () => {
    await http.close();
    await server.close();
  });

  const get = (then: Behaviour, path = '/?key=secret') => {
    behaviour = then;
    return http.send({ url: new URL(path, server.url) });
  };
  async function fault(then: Behaviour): Promise<NetFault> {
    const started = performance.now();
    try {
      await get(then);
    } catch (error) {
      assert.ok(error instanceof NetFault, String(error));
      assert.ok(performance.now() - started < 2000, 'it took too long');
      return error;
    }
    return assert.fail('no fault');
  }

  const troubles: readonly [string, Behaviour, NetFaultKind][] = [
    ['a server that never answers', 'hang', 'timeout'],
    ['one that answers without end', 'trickle', 'timeout'],
    ['a connection that is reset', 'reset', 'connection'],
    ['an answer that is cut short', 'cut-short', 'connection'],
    ['a body beyond the limit', { status: 200, body: 'x'.repeat(10_001) }, 'too-large'],
  ];
  for (const [what, then, kind] of troubles) {
    it(`end in time with "${kind}" for ${what}, and never name the address`, async () => {
      const error = await fault(then);
      assert.equal(error.kind, kind);
      assert.doesNotMatch(error.message, /secret|127\.0\.0\.1/);
    });
  }

  it('report a machine that is not there', async () => {
    const gone = await startWebServer(() => 'hang');
    await gone.close();
    await assert.rejects(http.send({ url: new URL(gone.url) }), { name: 'NetFault', kind: 'connection' });
  });

  it('follow no redirect: the key was meant for one host', async () => {
    const before = server.seen.length;
    const answer = await get({ status: 302, headers: { location: `${server.url}/elsewhere` } });
    assert.equal(answer.status, 302);
    assert.equal(server.seen.length, before + 1);
  });

  it('stop with the caller, for the caller’s reason', async () => {
    const stop = new AbortController();
    behaviour = 'hang';
    const under = http.send({ url: new URL(server.url), signal: stop.signal });
    await sleep(30);
    stop.abort(new Error('leaving'));
    await assert.rejects(under, /leaving/);
  });

  it('understand Retry-After as seconds and as a date, and nothing else', async () => {
    const wait = async (value: string) =>
      (await get({ status: 429, headers: { 'retry-after': value } })).retryAfterSeconds;
    assert.equal(await wait('17'), 17);
    const date = await wait(new Date(Date.now() + 60_000).toUTCString());
    assert.ok(date !== null && date >= 58 && date <= 61, String(date));
    assert.equal(await wait('Wed, 21 Oct 2015 07:28:00 GMT'), 0);
    for (const strange of ['-1', 'soon', '1e9', '99999999999999']) assert.equal(await wait(strange), null, strange);
  });

  it('send what they are given and nothing of their own but a name', async () => {
    behaviour = { status: 200 };
    await http.send({ url: new URL('/a', server.url), method: 'POST', headers: { 'x-one': '1' }, body: 'hello' });
    const last = server.seen.at(-1);
    assert.equal(last?.body, 'hello');
    assert.deepEqual(Object.keys(last.headers).sort(), ['connection', 'content-length', 'host', 'user-agent', 'x-one']);
    assert.equal(last.headers['user-agent'], 'postern');
  });

  it('read JSON only where it says so and is', async () => {
    const body = (contentType: string, text: string | Uint8Array) =>
      get({ status: 200, headers: { 'content-type': contentType }, body: text }).then(readJson);
    assert.deepEqual(await body('application/json; charset=utf-8', '{"a":1}'), { a: 1 });
    for (const [type, text] of [
      ['text/html', '{"a":1}'],
      ['application/json', '{"a":'],
      ['application/json', ''],
      ['application/json', Uint8Array.of(0x22, 0xff, 0x22)],
    ] as const)
      await assert.rejects(body(type, text), { name: 'NetFault', kind: 'malformed' });
  });
});
