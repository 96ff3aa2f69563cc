import { once } from 'node:events';
import { redisOrPostgres } from '../../../src/services/limits/redis-or-postgres.js';
import { permitsInPostgres } from '../../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../../src/services/limits/shared-window.js';
import { openRedis } from '../../../src/store/redis/open-redis.js';
import { openStore } from '../../../src/store/open-store.js';
import { createLog } from '../../../src/log.js';

/** What a process of the contract suite is told. */
export interface Order {
  readonly appUrl: string;
  readonly redisUrl: string | null;
  readonly secret: string;
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly inBatches: boolean;
  readonly attempts: number;
}

// A process of its own: says when it is ready, asks as often as it is told, all at once, and says how often it was within the limit.
const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const store = await openStore({ appUrl: order.appUrl, connections: 4 });
const redis = order.redisUrl === null ? null : await openRedis(order.redisUrl, () => undefined);
const postgres = permitsInPostgres(store);
const permits = redis === null ? postgres : redisOrPostgres(redis, postgres, createLog('silent'));
const parts = { permits, secret: Buffer.from(order.secret, 'hex') };
const window = new SharedWindow(parts, order.name, order.limit, order.windowMs, { inBatches: order.inBatches });
// The way there is open, so that all begin in the same instant.
await window.hit('warm');
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const waits = await Promise.all(Array.from({ length: order.attempts }, () => window.hit('k')));
process.stdout.write(`${waits.filter((wait) => wait === 0).length}\n`);
await Promise.all([store.close(), redis?.close()]);
process.exit(0);
