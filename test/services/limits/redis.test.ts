import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../../src/log.js';
import type { PermitStore } from '../../../src/services/limits/permit-store.js';
import { permitsInPostgres } from '../../../src/services/limits/permit-store.js';
import { redisOrPostgres } from '../../../src/services/limits/redis-or-postgres.js';
import { SharedWindow } from '../../../src/services/limits/shared-window.js';
import type { Order } from './counting-process.js';
import { openRedis } from '../../../src/store/redis/open-redis.js';
import type { RedisPermits } from '../../../src/store/redis/open-redis.js';
import { describePermitStore } from '../../contracts/permit-store-contract.js';
import { createTestDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { freePort } from '../../helpers/free-port.js';
import { startRedisOrSkip } from '../../helpers/redis.js';
import type { TestRedis } from '../../helpers/redis.js';

const PROCESS = join(import.meta.dirname, 'counting-process.js');
/** Moves every window into the past. */
const AGE = `
for _, key in ipairs(redis.call('KEYS', 'postern:*')) do
  local counts = cmsgpack.unpack(redis.call('GET', key))
  local left = redis.call('PTTL', key)
  local span = math.floor((#counts == 32) and 30 or 10)
  local step = tonumber(ARGV[2]) > 0 and tonumber(ARGV[2]) / span or 0
  counts[1] = counts[1] - math.floor(tonumber(ARGV[1]) / step)
  redis.call('SET', key, cmsgpack.pack(counts), 'PX', math.max(1, left))
end`;

describe('limits counted in Redis', function () {
  this.timeout(30_000);
  let db: TestDatabase;
  let redis: TestRedis;
  const closing: (() => Promise<void>)[] = [];
  const open: RedisPermits[] = [];
  before(async function () {
    redis = await startRedisOrSkip(this);
    closing.push(() => redis.close());
    db = await createTestDatabase();
    for (let n = 0; n < 3; n += 1) open.push(await openRedis(redis.url, () => undefined));
  });
  after(async () => {
    for (const one of open) await one.close();
    for (const close of closing) await close();
  });

  describePermitStore(() => ({
    processes: open,
    address: { appUrl: db.appUrl, redisUrl: redis.url },
    age: (milliseconds) => {
      // The windows of the two tests that ask for it: five and ten minutes.
      const windowMs = milliseconds < 0 ? 600_000 : 300_000;
      redis.command('EVAL', AGE, '0', String(milliseconds), String(windowMs));
      return Promise.resolve();
    },
    names: () => Promise.resolve(redis.command('KEYS', '*').split('\n')),
  }));

  it('none of that was counted in PostgreSQL', async () => {
    assert.equal((await db.admin`select from postern.shared_windows`).length, 0);
  });

  it('nothing stays there longer than it counts', async () => {
    redis.command('FLUSHALL');
    const window = new SharedWindow({ permits: open[0]!, secret: randomBytes(32) }, 'short', 3, 60_000);
    await window.hit('k');
    const [key = ''] = redis.command('KEYS', '*').split('\n');
    const left = Number(redis.command('PTTL', key));
    assert.ok(left > 0 && left <= 64_000, String(left));
  });

  it('goes on after Redis was restarted and knows its scripts no more', async () => {
    redis.command('SCRIPT', 'FLUSH');
    const window = new SharedWindow({ permits: open[0]!, secret: randomBytes(32) }, 'script', 3, 60_000);
    assert.equal((await window.count('k')).remaining, 2);
  });

  describe('while Redis does not answer', () => {
    const clock = { now: 0 };
    const lines: string[] = [];
    const log = {
      ...createLog('silent'),
      warn: (_: unknown, text: string) => lines.push(text),
      info: (text: string) => lines.push(text),
    } as unknown as ReturnType<typeof createLog>;
    const failingOver = (permits: RedisPermits): PermitStore =>
      redisOrPostgres(permits, permitsInPostgres(db.store), log, () => clock.now);
    const counted = () => db.admin`select from postern.shared_windows`;
    beforeEach(async () => {
      lines.length = 0;
      await db.admin`truncate postern.shared_windows`;
    });

    it('PostgreSQL counts, and the limit holds; Redis again once it is back, said once each', async () => {
      const own = await openRedis(redis.url, () => undefined);
      const window = new SharedWindow({ permits: failingOver(own), secret: randomBytes(32) }, 'down', 3, 600_000);
      const other = new SharedWindow(window.parts, 'other', 3, 600_000);
      assert.equal(await window.hit('a'), 0);
      assert.equal((await counted()).length, 0);
      await redis.stop();
      const waits = [];
      for (let n = 0; n < 5; n += 1) waits.push((await window.hit('b')) === 0);
      assert.deepEqual(waits, [true, true, true, false, false], 'never without limit');
      assert.equal((await counted()).length, 1);
      await redis.start();
      for (let n = 0; n < 500 && lines.length < 2; n += 1) {
        clock.now += 6000;
        await other.hit(`k${n}`);
        await sleep(10);
      }
      assert.deepEqual(lines, [
        'Redis does not answer: rate limits are counted in PostgreSQL meanwhile',
        'rate limits are counted in Redis again',
      ]);
      const before = (await counted()).length;
      await other.hit('c');
      assert.equal((await counted()).length, before);
      await own.close();
    });

    it('one that hangs holds nobody up for long, and only one asks it again', async () => {
      const own = await openRedis(redis.url, () => undefined);
      const asked: number[] = [];
      const watched = {
        ...own,
        take: (...call: Parameters<RedisPermits['take']>) => {
          asked.push(clock.now);
          return own.take(...call);
        },
      };
      const window = new SharedWindow({ permits: failingOver(watched), secret: randomBytes(32) }, 'hung', 100, 600_000);
      redis.freeze();
      try {
        await Promise.all(Array.from({ length: 20 }, (_, n) => window.hit(`first ${n}`)));
        const first = asked.length;
        await Promise.all(Array.from({ length: 20 }, (_, n) => window.hit(`second ${n}`)));
        assert.equal(asked.length, first, 'nobody asks while it is known to hang');
        clock.now += 5001;
        await Promise.all(Array.from({ length: 20 }, (_, n) => window.hit(`third ${n}`)));
        assert.equal(asked.length, first + 1);
        assert.equal((await counted()).length, 60);
      } finally {
        redis.thaw();
        await own.close();
      }
    });

    it('where nobody listens at all, postern works and counts', async () => {
      const nowhere = await openRedis('redis://127.0.0.1:1', () => undefined);
      const window = new SharedWindow({ permits: failingOver(nowhere), secret: randomBytes(32) }, 'none', 1, 600_000);
      assert.equal(await window.hit('k'), 0);
      assert.ok((await window.hit('k')) > 0);
      await nowhere.close();
    });
  });

  describe('over TLS, with a password', () => {
    let secured: TestRedis;
    before(async function () {
      secured = await startRedisOrSkip(this, { tlsPort: await freePort() });
      closing.push(() => secured.close());
    });

    it('one whose certificate is vouched for counts', async () => {
      const { url, ca } = secured.tls!;
      const order: Order = {
        ...{ appUrl: db.appUrl, redisUrl: url, secret: randomBytes(32).toString('hex'), name: 'tls' },
        ...{ limit: 2, windowMs: 600_000, inBatches: false, attempts: 3 },
      };
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
      const child = spawn(process.execPath, [PROCESS, JSON.stringify(order)], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end('now\n');
      let said = '';
      for await (const text of child.stdout) said += String(text);
      assert.equal(said, 'ready\n2\n');
      assert.equal(secured.command('DBSIZE'), '2', 'it, and not PostgreSQL');
    });

    it('one whose certificate nobody vouches for is not spoken to', async () => {
      const faults: unknown[] = [];
      const untrusting = await openRedis(secured.tls!.url, (fault) => faults.push(fault));
      await assert.rejects(untrusting.take([]));
      assert.match(String(faults[0]), /self-signed certificate/);
      await untrusting.close();
    });

    it('the password of the address is used, and a wrong one gets nothing', async function () {
      const locked = await startRedisOrSkip(this, { password: 'open-sesame' });
      const [right, wrong] = [
        await openRedis(locked.url, () => undefined),
        await openRedis(locked.url.replace('sesame', 'rice'), () => undefined),
      ];
      try {
        const request = { key: randomBytes(16), limit: 1, windowMs: 60_000, slices: 60, wanted: 1 };
        assert.equal((await right.take([request]))[0]?.granted, 1);
        await assert.rejects(wrong.take([request]));
      } finally {
        await Promise.all([right.close(), wrong.close()]);
        await locked.close();
      }
    });
  });
});
