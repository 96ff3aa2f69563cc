import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startTestServer } from './server.js';
import type { TestServer } from './server.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly additionalProperties?: unknown }>> };
}

describe('the description of the API', () => {
  let server: TestServer;
  let document: Document;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    document = (await (await server.send('GET', '/openapi.json')).json()) as Document;
  });
  after(() => server.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('is OpenAPI 3.1 and names every operation once', () => {
    assert.match(document.openapi, /^3\.1\./);
    const names = operations().map(({ operation }) => operation.operationId);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 16);
  });

  it('has only references that lead somewhere', () => {
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      assert.ok(name in document.components.schemas, name);
    }
  });

  it('has a route for every operation, which answers with a status that the operation names', async () => {
    for (const { path, method, operation } of operations()) {
      const address = path.replace('/api/v1', '').replace('{id}', 'nothing');
      const answer = await server.send(method.toUpperCase(), address);
      assert.ok(String(answer.status) in operation.responses, `${method} ${path}: ${answer.status}`);
    }
  });

  it('names problem details for every refusal', () => {
    for (const { path, method, operation } of operations()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        assert.deepEqual(
          Object.keys(response.content ?? {}),
          ['application/problem+json'],
          `${method} ${path} ${status}`,
        );
      }
    }
  });

  it('says that unknown fields are refused', () => {
    for (const name of ['ScanFields', 'Credentials', 'SetupFields']) {
      assert.equal(document.components.schemas[name]?.additionalProperties, false, name);
    }
  });

  it('can be read at /docs, without scripts, inline styles or anything from elsewhere', async () => {
    const answer = await fetch(`${server.url}/docs`);
    const page = await answer.text();
    assert.equal(answer.status, 200);
    for (const { path } of operations()) assert.ok(page.includes(path), path);
    assert.doesNotMatch(page, /<script|<style|style=|\son\w+=|(src|href)="(https?:)?\/\//);
    assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /unsafe/);
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(target), target);
    assert.ok(ids.has('scan.not-found'), 'the `type` of a problem leads here');
    assert.equal((await fetch(`${server.url}/docs/style.css`)).headers.get('content-type'), 'text/css; charset=utf-8');
  });

  it('is what the documentation and the dashboard’s types were generated from', async () => {
    await promisify(execFile)(process.execPath, ['scripts/docs.mjs', '--check']);
  });
});
