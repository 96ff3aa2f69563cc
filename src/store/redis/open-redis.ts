import { createHash } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { PermitRequest, PermitTable, Permits } from '../tables/permits.js';
import { TAKE_PERMITS } from './take-permits.js';

/** Windows in Redis, for all processes that are given the same one. Every method rejects within a second where Redis does not answer. */
export interface RedisPermits extends Pick<PermitTable, 'take' | 'forget'> {
  close(): Promise<void>;
}

const ANSWER_WITHIN_MS = 1000;
/** In one slot of a cluster, as a script needs its keys to be. */
const PREFIX = 'postern:{limits}:';
const SHA1 = createHash('sha1').update(TAKE_PERMITS).digest('hex');

/**
 * Connects, or goes on trying in the background after a second; and again whenever the connection is lost; nothing is queued meanwhile. `url`: redis://, rediss:// (TLS,
 * the certificate verified) or unix://. `onFault` hears every fault of the connection.
 */
export async function openRedis(url: string, onFault: (fault: unknown) => void): Promise<RedisPermits> {
  // Half a second to load, which nobody pays who has no Redis.
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    socket: {
      connectTimeout: 5000,
      // One that is silent for so long, pings included, is gone without having said so.
      socketTimeout: 15_000,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** Math.min(retries, 6), 3000),
    },
    pingInterval: 5000,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    name: 'postern',
    RESP: 2,
    maintNotifications: 'disabled',
  });
  client.on('error', onFault);
  // Until it is there or known not to be: the first to ask would find nobody otherwise.
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ANSWER_WITHIN_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('error', done);
    client.connect().then(done, onFault);
  });

  return {
    async take(requests) {
      const keys = requests.map(({ key }) => nameOf(key));
      const options = { keys, arguments: requests.flatMap(numbersOf) };
      const answer = await inTime(
        client.evalSha(SHA1, options).catch((error: unknown) => {
          if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
          return client.eval(TAKE_PERMITS, options);
        }),
      );
      return permitsIn(answer, requests.length);
    },
    async forget(key) {
      await inTime(client.unlink(nameOf(key)));
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

function nameOf(key: Uint8Array): string {
  return PREFIX + Buffer.from(key).toString('base64url');
}

function numbersOf({ limit, windowMs, slices, wanted, unused }: PermitRequest): readonly string[] {
  return [limit, windowMs, slices, wanted, unused?.count ?? 0, unused?.slice ?? 0].map(String);
}

function permitsIn(answer: unknown, windows: number): readonly Permits[] {
  const rows = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (rows.length !== windows) throw new PosternError('internal', 'Redis answered something else than was asked.');
  return rows.map((row) => {
    const [granted, remaining, freesMs, lastsMs, slice] = (Array.isArray(row) ? row : []).map(Number);
    if (
      granted === undefined ||
      remaining === undefined ||
      freesMs === undefined ||
      lastsMs === undefined ||
      slice === undefined
    ) {
      throw new PosternError('internal', 'Redis answered something else than was asked.');
    }
    return { granted, remaining, freesMs, lastsMs, slice };
  });
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new PosternError('internal', 'Redis did not answer in time.')), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
