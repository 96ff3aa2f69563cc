import assert from 'node:assert/strict';
import { phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const NOTHING = { domains: [], people: [], trusted_authserv_ids: [], allow: [], block: [], weights: {}, brands: [] };

describe('detection over HTTP', () => {
  let server: TestServer;
  let admin: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  beforeEach(async () => {
    admin = await server.member('org_admin');
  });
  after(() => server.close());

  const put = (version: number, changes: object) =>
    server.send('PUT', '/detection/profile', { as: admin, json: { version, profile: { ...NOTHING, ...changes } } });
  const entries = (count: number, suffix: string) =>
    Array.from({ length: count }, (_, index) => `someone.number.${index}@customer-${index}.${suffix}`);

  it('two lists of ten thousand addresses are taken, and a scan finds the one that matters', async () => {
    const block = [...entries(9999, 'example'), 'paypa1-account.example'];
    const saved = await put(0, { block, allow: entries(10_000, 'test') });
    assert.equal(saved.status, 200);
    const preview = await server.send('POST', '/detection/preview', {
      as: admin,
      json: { profile: { ...NOTHING, block } },
    });
    assert.equal(preview.status, 200);
    const scanned = await server.send('POST', '/scan/upload', { as: admin, body: fileForm(phish()) });
    const { findings } = (await scanned.json()) as { findings: { id: string; strength: number }[] };
    assert.ok(findings.some(({ id }) => id === 'headers.sender-blocked'));
    const one = await server.send('POST', '/detection/lists', {
      as: admin,
      json: { entry: 'more.test', list: 'allow' },
    });
    assert.equal(one.status, 400, 'a full list takes no more');
    assert.equal((await put(1, { block: entries(10_001, 'example') })).status, 400);
  });

  it('a lost update answers 409 with its code and the version in force', async () => {
    await put(0, { block: ['a.example'] });
    const late = await put(0, { block: ['b.example'] });
    assert.equal(late.status, 409);
    const problem = (await late.json()) as { code: string; version: number };
    assert.deepEqual([problem.code, problem.version], ['detection.profile-changed', 1]);
  });

  it('factors out of bounds, unknown fields and fields left out are refused with their place', async () => {
    const cases: readonly [object, string][] = [
      [{ weights: { 'urls.ip-host': 3.5 } }, 'body.profile.weights.urls.ip-host'],
      [{ weights: { 'urls.ip-host': -1 } }, 'body.profile.weights.urls.ip-host'],
      [{ blocked: [] }, 'body.profile.blocked'],
      [{ brands: [{ name: 'Linden', aliases: [], domains: [], common_word: false }] }, 'body.profile.brands.0.domains'],
      [{ allow: undefined }, 'body.profile.allow'],
      [{ allow: ['gmail.com'] }, 'body.profile.allow.0'],
    ];
    for (const [changes, path] of cases) {
      const answer = await put(0, changes);
      assert.equal(answer.status, 400, path);
      const { errors } = (await answer.json()) as { errors: { path: string }[] };
      assert.deepEqual(
        errors.map((fault) => fault.path),
        [path],
      );
    }
  });

  it('the history takes indicators and refuses what is none', async () => {
    await server.send('POST', '/scan/upload', { as: admin, body: fileForm(phish()) });
    const found = async (query: string) => {
      const answer = await server.send('GET', `/scan/history?${query}`, { as: admin });
      return answer.status === 200 ? ((await answer.json()) as { items: unknown[] }).items.length : answer.status;
    };
    assert.equal(await found('domain=192.0.2.7'), 1);
    assert.equal(await found('url=http%3A%2F%2F192.0.2.7%2Flogin'), 1);
    assert.equal(await found('domain=192.0.2.8'), 0);
    assert.equal(await found('sha256=abc'), 400);
  });
});
