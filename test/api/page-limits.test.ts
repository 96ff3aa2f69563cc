import assert from 'node:assert/strict';
import { LocalWindow } from '../../src/services/limits/local-window.js';
import type { Store } from '../../src/store/store.js';
import { windowsOn } from '../helpers/windows.js';
import { startTestServer } from './server.js';
import type { TestServer } from './server.js';

describe('limits beside the API', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());
  const limited = (requests: object | undefined) => Object.assign(server.parts, { requests });
  afterEach(() => limited(undefined));

  const statuses = async (path: string, init: RequestInit = {}): Promise<readonly number[]> => {
    const seen = [];
    for (let turn = 0; turn < 3; turn += 1) seen.push((await fetch(`${server.url}${path}`, init)).status);
    return seen;
  };
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
  const asked: readonly (readonly [what: string, path: string, status: number, init?: RequestInit])[] = [
    ['a page of the dashboard', '/history', 200, { headers: { accept: 'text/html' } }],
    ['the description of the API', '/docs', 200],
    ['its document', '/api/v1/openapi.json', 200],
    ['a file that is not there', '/assets/none.js', 404],
    ['an operation that is not there', '/api/v1/none', 404],
    ['an API that is not there', '/api/none', 404],
    ['a method that is not there', '/api/v1/auth/login', 405],
    ['whether a page of elsewhere may ask', '/api/v1/scan/upload', 204, { method: 'OPTIONS', headers: preflight }],
  ];
  for (const [what, path, status, init] of asked) {
    it(`${what} may be asked for so often by one address, and then is refused until it is told to come back`, async () => {
      limited({ pages: new LocalWindow('pages', 2, 60_000) });
      assert.deepEqual(await statuses(path, init), [status, status, 429]);
      const refused = await fetch(`${server.url}${path}`, init);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      assert.match(refused.headers.get('ratelimit') ?? '', /^"pages";r=0;t=\d+$/);
      assert.deepEqual(await statuses('/healthz'), [200, 200, 200], 'whoever watches the process is not concerned');
    });
  }

  it('what is asked of the API is not counted as a page, and pages not as the API', async () => {
    const make = windowsOn(server.parts.store);
    limited({ pages: new LocalWindow('pages', 2, 60_000), address: make('address', 2, 60_000) });
    assert.deepEqual(await statuses('/docs'), [200, 200, 429]);
    assert.deepEqual(await statuses('/api/v1/setup'), [200, 200, 429]);
  });

  it('tickets of renderings are tried no more often than the API is asked', async () => {
    limited({ address: windowsOn(server.parts.store)('address', 2, 60_000) });
    assert.deepEqual(await statuses('/render/invented'), [404, 404, 429]);
  });

  it('readiness and pages can be asked for at any rate without a question to the database each time', async () => {
    limited({ pages: new LocalWindow('pages', 1000, 60_000) });
    const { store } = server.parts;
    let questions = 0;
    const counting: Pick<Store, 'withSystem' | 'withTenant'> = {
      withSystem: async (...given) => {
        questions += 1;
        return await store.withSystem(...given);
      },
      withTenant: async (...given) => {
        questions += 1;
        return await store.withTenant(...given);
      },
    };
    Object.assign(server.parts, { store: { ...store, ...counting } });
    try {
      const paths = Array.from({ length: 100 }, (_, index) => ['/readyz', '/healthz', '/docs', '/'][index % 4] ?? '/');
      const started = performance.now();
      for (const path of paths) assert.equal((await fetch(`${server.url}${path}`)).status, 200);
      // Once a second at most, however long this took.
      const most = 1 + Math.ceil((performance.now() - started) / 1000);
      assert.ok(questions >= 1 && questions <= most, `${questions} questions`);
    } finally {
      Object.assign(server.parts, { store });
    }
  });
});
