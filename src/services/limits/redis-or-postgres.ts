import type { Log } from '../../log.js';
import type { RedisPermits } from '../../store/redis/open-redis.js';
import type { PermitStore } from './permit-store.js';

/** So long nobody asks Redis again after it failed; then one does, and the others when that one got an answer. */
const PAUSE_MS = 5000;

/**
 * Counts in Redis, and in PostgreSQL while Redis does not answer: postern is neither closed nor without limits then. What Redis had
 * counted is not known there, so that within one window of such a change a limit can be used up once more at most, never without end.
 */
export function redisOrPostgres(
  redis: Pick<RedisPermits, 'take' | 'forget'>,
  postgres: PermitStore,
  log: Pick<Log, 'info' | 'warn'>,
  now: () => number = () => performance.now(),
): PermitStore {
  let failed = false;
  let notBefore = 0;

  async function either<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
    if (failed && now() < notBefore) return await second();
    // Before it is known: the others do not wait for the same silence.
    if (failed) notBefore = now() + PAUSE_MS;
    try {
      const result = await first();
      if (failed) log.info('rate limits are counted in Redis again');
      failed = false;
      return result;
    } catch (error) {
      if (!failed) log.warn({ err: error }, 'Redis does not answer: rate limits are counted in PostgreSQL meanwhile');
      failed = true;
      notBefore = now() + PAUSE_MS;
      return await second();
    }
  }

  return {
    take: (requests, within) =>
      either(
        () => redis.take(requests),
        () => postgres.take(requests, within),
      ),
    forget: (key) =>
      either(
        () => redis.forget(key),
        () => postgres.forget(key),
      ),
  };
}
