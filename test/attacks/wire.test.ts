import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { listen } from '../../src/serve.js';
import type { Member, TestServer } from '../api/server.js';
import { startTestServer } from '../api/server.js';
import { get, sendRaw, stall, statusOf } from './raw.js';

/** Beneath the API: headers, paths, connections. */
describe('attack: the wire', function () {
  this.timeout(60_000);
  let server: TestServer;
  let owner: Member;
  before(async () => {
    server = await startTestServer();
    owner = await server.member('org_owner');
  });
  after(() => server.close());

  it('Host forgery: links come from the configuration, whatever a request claims', async () => {
    const json = JSON.stringify({ email: 'guest@example.test' });
    const { port } = new URL(server.url);
    const answer = await sendRaw(
      server.url,
      `POST /api/v1/organisation/invitations HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n` +
        `X-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\nAuthorization: Bearer ${owner.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${json.length}\r\nConnection: close\r\n\r\n${json}`,
    );
    assert.equal(statusOf(answer), 201);
    assert.ok(answer.includes(`${server.url}/invitation#`));
    assert.ok(!answer.includes('evil.example'));
    for (const path of ['/', '/docs', '/settings/people', '/api/v1/openapi.json', '/nowhere']) {
      assert.ok(!(await sendRaw(server.url, get(path, 'evil.example'))).includes('evil.example'), path);
    }
    assert.ok(port !== '');
  });

  it('open redirects: no address of ours sends anybody elsewhere', async () => {
    const paths = [
      '//evil.example/',
      '/\\evil.example',
      '/%2f%2fevil.example',
      '/%5cevil.example',
      '/https://evil.example',
      '/?next=https://evil.example&url=//evil.example&redirect=https://evil.example',
      '/api/v1//evil.example/..',
      '/assets//evil.example/%2e%2e',
      '/docs/..//evil.example',
    ];
    for (const path of paths) {
      const answer = await sendRaw(server.url, get(path));
      assert.ok(statusOf(answer) < 300 || statusOf(answer) >= 400, `${path}: ${statusOf(answer)}`);
      assert.ok(!/^location:/im.test(answer.split('\r\n\r\n', 1)[0] ?? ''), path);
    }
  });

  it('path tricks: nothing outside of what is served, and no way past the token', async () => {
    const outside = [
      '/../../../../etc/passwd',
      '/..%2f..%2f..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..%5c..%5c..%5cetc%5cpasswd',
      '/assets/%252e%252e/%252e%252e/package.json',
      '/.env',
      '/.git/config',
      '/package.json',
      '/%00',
      '/render/../api/v1/openapi.json%00.html',
    ];
    for (const path of outside) {
      const answer = await sendRaw(server.url, get(path));
      assert.ok(!/root:.*:0:0:|"dependencies"|\[core\]/.test(answer), path);
      assert.ok(statusOf(answer) < 500, `${path}: ${statusOf(answer)}`);
    }
    for (const path of [
      '/api/v1/auth/me/',
      '/API/V1/auth/me',
      '/api/v1/./auth/me',
      '/api/v1//auth/me',
      '/api/v1/auth/me;a=b',
      '/api//v1/auth/me',
    ]) {
      const status = statusOf(await sendRaw(server.url, get(path)));
      assert.ok([401, 404].includes(status), `${path}: ${status}`);
    }
    const override = await sendRaw(
      server.url,
      get('/api/v1/scan/history', 'localhost', 'X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /api/v1/setup\r\n'),
    );
    assert.equal(statusOf(override), 401);
  });

  it('TRACE, CONNECT and invented methods echo nothing and do nothing', async () => {
    for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'DEBUG', 'PURGE']) {
      for (const path of ['/', '/api/v1/setup', '/api/v1/auth/login']) {
        const answer = await sendRaw(
          server.url,
          `${method} ${path} HTTP/1.1\r\nHost: x\r\nCookie: secret=1\r\nConnection: close\r\n\r\n`,
        );
        assert.ok([400, 404, 405, 501].includes(statusOf(answer)), `${method} ${path}: ${statusOf(answer)}`);
        assert.ok(!answer.includes('secret=1'), method);
      }
    }
    const tunnel = await sendRaw(server.url, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n');
    assert.ok(statusOf(tunnel) >= 400 || tunnel === '', tunnel.slice(0, 60));
  });

  it('header injection: what a client sends comes back in no header', async () => {
    for (const path of [
      '/api/v1/scan/a%0d%0aSet-Cookie:%20x=1',
      '/%0d%0aSet-Cookie:%20x=1',
      '/api/v1/audit?action=%0d%0aX-Evil:1',
    ]) {
      const [head = ''] = (await sendRaw(server.url, get(path))).split('\r\n\r\n', 1);
      assert.ok(!/^(set-cookie: x|x-evil)/im.test(head), path);
    }
    const answer = await sendRaw(server.url, get('/healthz', 'localhost', 'X-Request-Id: evil\r\nX-Evil: a\r\n'));
    assert.ok(!/evil/i.test(answer));
  });

  it('smuggling: what two servers could read differently is refused', async () => {
    const body = '0\r\n\r\n';
    const ambiguous = [
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body}`,
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\n${body}`,
      `GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header: y\r\nConnection: close\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nHost: x\nX: y\r\nConnection: close\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n`,
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\nConnection: close\r\n\r\n`,
    ];
    for (const request of ambiguous) {
      const status = statusOf(await sendRaw(server.url, request));
      assert.ok([400, 431].includes(status), `${status} for ${request.slice(0, 60)}`);
    }
  });

  it('slow clients: two hundred connections that never finish a request keep nobody waiting', async () => {
    const half = [
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n{',
      '',
    ];
    const sockets = await Promise.all(Array.from({ length: 200 }, (_, index) => stall(server.url, half[index % 3]!)));
    for (let turn = 0; turn < 5; turn += 1) {
      assert.equal((await server.send('GET', '/auth/me', { as: owner })).status, 200);
    }
    for (const socket of sockets) socket.destroy();
  });

  it('slow clients: who does not finish a request is cut off, after a time that the product sets', async () => {
    const slow = createServer({ connectionsCheckingInterval: 20 });
    const port = await listen(slow, '127.0.0.1', 0);
    try {
      assert.ok(slow.headersTimeout > 0 && slow.headersTimeout <= 20_000, 'for what sends no header');
      assert.ok(slow.requestTimeout > 0 && slow.requestTimeout <= 300_000, 'for what sends no body');
      // The same, sooner.
      slow.headersTimeout = 100;
      slow.requestTimeout = 200;
      slow.on('request', (request) => request.resume());
      for (const half of [
        'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ',
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
      ]) {
        assert.equal(statusOf(await sendRaw(`http://127.0.0.1:${port}`, half)), 408);
      }
    } finally {
      slow.closeAllConnections();
      slow.close();
    }
  });

  it('every kind of answer carries the headers that keep a browser from being used against people', async () => {
    for (const path of ['/', '/docs', '/api/v1/setup', '/api/v1/auth/me', '/nowhere.js', '/healthz']) {
      const { headers } = await fetch(server.url + path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/, path);
      assert.ok(!/unsafe-inline|unsafe-eval/.test(policy), path);
      assert.match(policy, /frame-ancestors 'none'/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
      assert.equal(headers.get('x-powered-by'), null, path);
    }
  });
});
