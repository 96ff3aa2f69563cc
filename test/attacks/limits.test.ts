import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase } from '../helpers/database.js';
import { Run } from '../helpers/program.js';
import { startRedisOrSkip } from '../helpers/redis.js';
import type { TestRedis } from '../helpers/redis.js';

const LIMIT = 40;

/** Getting past the limits: with forged addresses, and by asking several processes at once. The product itself, as it is started. */
describe('attack: limits, with two processes', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-limits-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Starts two of them on a database of their own, and stops them afterwards. */
  async function withTwo(env: Readonly<Record<string, string>>, work: (urls: readonly string[]) => Promise<void>) {
    const { ownerUrl, appUrl } = await createEmptyDatabase();
    const shared = {
      DATABASE_URL: ownerUrl,
      DATABASE_APP_URL: appUrl,
      POSTERN_KEYS: randomBytes(32).toString('base64'),
    };
    const limits = { POSTERN_RATE_PER_ADDRESS: String(LIMIT), POSTERN_SCAN_THREADS: '1' };
    const runs = [1, 2].map(() => new Run(folder, { ...shared, ...limits, ...env }));
    try {
      await work(await Promise.all(runs.map((run) => run.ready())));
    } finally {
      await Promise.all(runs.map((run) => run.stop('SIGTERM')));
    }
  }

  /** Asks both at once, and returns how many were let through. */
  async function passing(
    urls: readonly string[],
    headersOf: (index: number) => Record<string, string>,
  ): Promise<number> {
    const statuses = await Promise.all(
      Array.from({ length: 3 * LIMIT }, async (_, index) => {
        const answer = await fetch(`${urls[index % urls.length]}/api/v1/setup`, { headers: headersOf(index) });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    assert.deepEqual([...new Set(statuses)].sort(), [200, 429]);
    return statuses.filter((status) => status === 200).length;
  }
  const forged = (index: number) => {
    const address = `198.51.100.${index}`;
    return {
      ...{ 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` },
      ...{ 'true-client-ip': address, 'cf-connecting-ip': address, 'x-client-ip': address },
    };
  };

  it('a forged X-Forwarded-For changes nothing where no proxy is trusted', async () => {
    await withTwo({}, async (urls) => {
      assert.equal(await passing(urls, forged), LIMIT);
    });
  });

  it('behind a trusted proxy what the proxy saw counts, not what the client claims', async () => {
    await withTwo({ POSTERN_TRUSTED_PROXIES: 'loopback' }, async (urls) => {
      const seen = (index: number) => ({ ...forged(index), 'x-forwarded-for': `198.51.100.${index}, 203.0.113.7` });
      assert.equal(await passing(urls, seen), LIMIT);
      const another = { 'x-forwarded-for': '203.0.113.7, 203.0.113.8' };
      assert.equal((await fetch(`${urls[0]}/api/v1/setup`, { headers: another })).status, 200);
    });
  });

  it('ten attempts to sign in, whichever process is asked', async () => {
    await withTwo({ POSTERN_RATE_PER_ADDRESS: '0' }, async (urls) => {
      const statuses = await Promise.all(
        Array.from({ length: 16 }, async (_, index) => {
          const answer = await fetch(`${urls[index % 2]}/api/v1/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...forged(index) },
            body: JSON.stringify({ email: 'target@example.test', password: `guess ${index}` }),
          });
          return answer.status;
        }),
      );
      assert.deepEqual(
        [401, 429].map((wanted) => statuses.filter((status) => status === wanted).length),
        [10, 6],
      );
    });
  });

  describe('counted in Redis', () => {
    let redis: TestRedis;
    const closing: (() => Promise<void>)[] = [];
    before(async function () {
      redis = await startRedisOrSkip(this);
      closing.push(() => redis.close());
    });
    after(async () => {
      for (const close of closing) await close();
    });

    it('they hold as well, and when it is gone in the middle', async () => {
      await withTwo({ POSTERN_REDIS_URL: redis.url, POSTERN_TRUSTED_PROXIES: 'loopback' }, async (urls) => {
        const from = (client: string) => (index: number) => ({ 'x-forwarded-for': `198.51.100.${index}, ${client}` });
        assert.equal(await passing(urls, from('203.0.113.7')), LIMIT);
        assert.notEqual(redis.command('DBSIZE'), '0', 'it is Redis that counted');
        await redis.stop();
        assert.equal(await passing(urls, from('203.0.113.8')), LIMIT, 'and PostgreSQL from here');
      });
    });
  });
});
