import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from './server.js';
import type { TestServer } from './server.js';

describe('pages', () => {
  let server: TestServer;
  let folder: string;
  let draining = false;
  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), 'postern-pages-'));
    const dashboard = join(folder, 'dashboard');
    mkdirSync(join(dashboard, 'assets'), { recursive: true });
    writeFileSync(join(dashboard, 'index.html'), '<!doctype html><title>dashboard</title>');
    writeFileSync(join(dashboard, 'assets', 'main-abc123.js'), 'export {}');
    writeFileSync(join(dashboard, '.secret'), 'secret');
    writeFileSync(join(folder, 'outside.txt'), 'outside');
    server = await startTestServer({ dashboard, draining: () => draining });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const page = (path: string, accept = 'text/html') => fetch(server.url + path, { headers: { accept } });

  it('every place of the dashboard is its page; what looks like a file and is none is 404', async () => {
    for (const path of ['/', '/history', '/message/abc', '/setup']) {
      const answer = await page(path);
      assert.equal(answer.status, 200, path);
      assert.match(await answer.text(), /dashboard/);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
    }
    for (const path of ['/assets/main-old.js', '/robots.txt']) assert.equal((await page(path)).status, 404, path);
  });

  it('assets are kept for good, since their names change with their content', async () => {
    const answer = await page('/assets/main-abc123.js', '*/*');
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(answer.headers.get('content-type') ?? '', /javascript/);
  });

  it('nothing outside of the folder and nothing hidden is served', async () => {
    assert.equal((await page('/.secret')).status, 404);
    for (const path of ['/../outside.txt', '/assets/..%2f..%2foutside.txt', '/%2e%2e/outside.txt']) {
      // fetch would tidy the path before it is sent.
      const text = await new Promise<string>((resolve, reject) => {
        get(server.url, { path }, (answer) => {
          let body = '';
          answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
          answer.on('end', () => resolve(body));
        }).on('error', reject);
      });
      assert.doesNotMatch(text, /outside/, path);
    }
  });

  it('an unknown address of the API is a problem, not a page', async () => {
    for (const path of ['/api/v1/nothing', '/api/v2/scan', '/api']) {
      const answer = await page(path);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    }
  });

  it('every answer tells the browser to be strict, and tells nobody what serves it', async () => {
    for (const path of ['/', '/docs', '/api/v1/setup', '/api/v1/nothing', '/healthz']) {
      const { headers } = await page(path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/, path);
      assert.match(policy, /frame-ancestors 'none'/, path);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
      assert.equal(headers.get('x-powered-by'), null, path);
      assert.equal(headers.get('etag'), null, path);
      assert.equal(headers.get('access-control-allow-origin'), null, path);
      assert.equal(headers.get('strict-transport-security'), null, path);
    }
  });

  it('over https it demands https from then on, and marks the cookie accordingly', async () => {
    const secure = await startTestServer({ publicUrl: 'https://mail.example' });
    try {
      const { headers } = await fetch(`${secure.url}/healthz`);
      assert.match(headers.get('strict-transport-security') ?? '', /max-age=63072000/);
      const person = await secure.person('user');
      const json = { email: person.email, password: person.password };
      const answer = await secure.send('POST', '/auth/login', { json });
      assert.match(answer.headers.get('set-cookie') ?? '', /^__Secure-postern_refresh=.*; Secure/);
    } finally {
      await secure.close();
    }
  });

  it('says that it lives and that it is ready, and stops being ready when it drains', async () => {
    assert.deepEqual(await (await page('/healthz')).json(), { status: 'ok' });
    assert.deepEqual(await (await page('/readyz')).json(), { status: 'ready' });
    draining = true;
    assert.equal((await page('/readyz')).status, 503);
    assert.equal((await page('/healthz')).status, 200);
    draining = false;
  });

  it('works without a built dashboard, and says so', async () => {
    const bare = await startTestServer();
    try {
      const answer = await fetch(bare.url, { headers: { accept: 'text/html' } });
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /not been built/);
    } finally {
      await bare.close();
    }
  });
});
