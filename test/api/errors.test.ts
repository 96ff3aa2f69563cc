import assert from 'node:assert/strict';
import { PosternError } from '../../src/errors.js';
import { startTestServer } from './server.js';
import type { Member, SendOptions, TestServer } from './server.js';

describe('refusals', () => {
  let server: TestServer;
  let ann: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    ann = await server.member('org_member');
  });
  after(() => server.close());

  const JSON_TYPE = { 'content-type': 'application/json' };

  const CASES: Readonly<
    Record<string, readonly [string, string, SendOptions & { readonly anonymous?: true }, number, string]>
  > = {
    'malformed JSON': ['POST', '/scan', { body: '{"subject":', headers: JSON_TYPE }, 400, 'request.malformed-json'],
    'JSON that is no object': ['POST', '/scan', { body: '"text"', headers: JSON_TYPE }, 400, 'request.malformed-json'],
    'another media type': [
      'POST',
      '/scan',
      { body: 'x', headers: { 'content-type': 'text/xml' } },
      415,
      'request.unsupported-media-type',
    ],
    'no body': ['POST', '/scan', { headers: JSON_TYPE }, 400, 'request.invalid'],
    'an unknown field': ['POST', '/scan', { json: { from_address: 'a@b.example', body: 'x' } }, 400, 'request.invalid'],
    'a field of another type': ['POST', '/scan', { json: { from_address: 1 } }, 400, 'request.invalid'],
    'a body that is too large': [
      'POST',
      '/auth/login',
      { json: { email: 'a@b.example', password: 'x'.repeat(110_000) } },
      413,
      'request.too-large',
    ],
    'an unknown parameter': ['GET', '/scan/history?labels=spam', {}, 400, 'request.invalid'],
    'a parameter out of range': ['GET', '/scan/history?limit=100000', {}, 400, 'request.invalid'],
    'an unknown label': ['GET', '/scan/history?label=ham', {}, 400, 'request.invalid'],
    'a date that is none': ['GET', '/scan/history?since=yesterday', {}, 400, 'request.invalid'],
    'a cursor that was made up': ['GET', '/scan/history?cursor=abc', {}, 400, 'request.cursor-invalid'],
    'a path that does not exist': ['GET', '/scans', {}, 404, 'request.not-found'],
    'a method that does not exist': ['PUT', '/scan/history', {}, 405, 'request.method-not-allowed'],
    'a scan that does not exist': ['GET', '/scan/nothing', {}, 404, 'scan.not-found'],
    'an id that cannot be one': ['GET', '/scan/%00%ff', {}, 400, 'request.invalid'],
    'no token': ['GET', '/auth/me', { anonymous: true }, 401, 'auth.required'],
    'another scheme': [
      'GET',
      '/auth/me',
      { anonymous: true, headers: { authorization: 'Basic eDp5' } },
      401,
      'auth.required',
    ],
    'a token that is none': ['GET', '/auth/me', { as: 'a.b.c' }, 401, 'auth.token-invalid'],
    'no cookie': ['POST', '/auth/refresh', { anonymous: true }, 401, 'auth.required'],
    'a cookie that was made up': [
      'POST',
      '/auth/refresh',
      { anonymous: true, headers: { cookie: 'postern_refresh=x.y' } },
      401,
      'auth.token-invalid',
    ],
  };
  for (const [name, [method, path, options, status, code]] of Object.entries(CASES)) {
    it(`${name}: ${status} ${code}, as problem details`, async () => {
      const { anonymous, ...rest } = options;
      const answer = await server.send(method, path, anonymous === true ? rest : { as: ann, ...rest });
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.equal(answer.status, status, JSON.stringify(problem));
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.equal(problem['code'], code);
      assert.equal(problem['status'], status);
      assert.equal(problem['request_id'], answer.headers.get('x-request-id'));
      assert.equal(problem['type'], `/docs#${code}`);
      if (status === 401) assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    });
  }

  it('names every field at fault by its path', async () => {
    const answer = await server.send('POST', '/scan', { as: ann, json: { headers: { 'X-A': 1 }, colour: 'red' } });
    const { errors } = (await answer.json()) as { errors: { path: string }[] };
    assert.deepEqual(errors.map(({ path }) => path).sort(), ['body.colour', 'body.from_address', 'body.headers.X-A']);
  });

  it('names the methods there are', async () => {
    const answer = await server.send('PATCH', '/scan/abc', { as: ann });
    assert.equal(answer.headers.get('allow'), 'GET, DELETE, HEAD');
  });

  it('what breaks inside is not told to the client', async () => {
    const works = { ...server.parts.store };
    Object.assign(server.parts.store, {
      withTenant: () => Promise.reject(new Error('relation "postern.secret" does not exist')),
    });
    try {
      const answer = await server.send('GET', '/overview', { as: ann });
      const text = await answer.text();
      assert.equal(answer.status, 500);
      assert.match(text, /"code":"internal"/);
      assert.doesNotMatch(text, /secret|relation|node_modules/);
    } finally {
      Object.assign(server.parts.store, works);
    }
  });

  it('a database that is away is 503, with the advice to come back', async () => {
    const works = { ...server.parts.store };
    const away = () => Promise.reject(new PosternError('database.unavailable', 'The database cannot be reached.'));
    Object.assign(server.parts.store, { withTenant: away });
    try {
      const answer = await server.send('GET', '/overview', { as: ann });
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      assert.equal(((await answer.json()) as { code: string }).code, 'database.unavailable');
    } finally {
      Object.assign(server.parts.store, works);
    }
  });
});
