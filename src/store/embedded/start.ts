import { setTimeout as sleep } from 'node:timers/promises';
import { PosternError } from '../../errors.js';
import type { Log } from '../../log.js';
import { isConnectionFault } from '../connect.js';
import { serverAccount } from './account.js';
import { prepareBinaries } from './binaries.js';
import { createCluster } from './cluster.js';
import { hold, logins, prepareLogins } from './logins.js';
import type { Hold } from './logins.js';
import { choosePlaces } from './places.js';
import { isAlive } from './postmaster.js';
import { ensureRunning, signal, stopServer } from './server.js';
import type { ServerSettings } from './server.js';

export interface EmbeddedPostgres {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** The superuser; for throw-away databases in tests, and for nothing that serves. */
  readonly administratorUrl: string;
  /** Stops the server, unless another postern still uses it. Safe to call twice and from a signal's listener. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** False skips every fsync: for throw-away databases. */
  readonly durable?: boolean;
}

const WATCH_EVERY_MS = 250;

/**
 * Starts postern's own PostgreSQL in `dataDir`, or joins the one that already runs there. It listens on a Unix socket only, and
 * is started again if it dies. Throws PosternError `database.unavailable` or `database.too-old`.
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  durable = true,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const places = await choosePlaces(dataDir, account);
  const binaries = await prepareBinaries(places.home, account);
  const passwords = await createCluster(places, binaries, account, durable);
  const settings: ServerSettings = { places, binaries, account, durable };
  const urls = logins(places.run, passwords);

  let { pid, held } = await join(settings, urls.administratorUrl);
  await prepareLogins(held, passwords);

  let stopping: Promise<void> | null = null;
  const isStopping = (): boolean => stopping !== null;
  const onExit = () => signal(pid, 'SIGINT');
  process.once('exit', onExit);

  const watching = setInterval(() => void watch(), WATCH_EVERY_MS);
  watching.unref();
  let restarting = false;
  async function watch(): Promise<void> {
    if (restarting || isStopping() || isAlive(pid)) return;
    restarting = true;
    log.warn('the embedded PostgreSQL is gone; starting it again');
    try {
      const former = held;
      ({ pid, held } = await join(settings, urls.administratorUrl));
      await former.release().catch(() => undefined);
    } catch (error) {
      log.error({ err: error }, 'the embedded PostgreSQL did not start again');
    } finally {
      restarting = false;
    }
  }

  async function stop(): Promise<void> {
    clearInterval(watching);
    while (restarting) await sleep(20);
    const last = await held.isLast().catch(() => !isAlive(pid));
    await held.release().catch(() => undefined);
    if (last) await stopServer(settings, pid);
    process.removeListener('exit', onExit);
  }
  return { ...urls, stop: () => (stopping ??= stop()) };
}

/** A server may be shutting down for another postern while this one arrives: then it is started again. */
async function join(settings: ServerSettings, administratorUrl: string): Promise<{ pid: number; held: Hold }> {
  for (let attempt = 1; ; attempt += 1) {
    const pid = await ensureRunning(settings);
    try {
      return { pid, held: await hold(administratorUrl) };
    } catch (cause) {
      if (!isConnectionFault(cause) || attempt === 50) {
        throw new PosternError('database.unavailable', 'The embedded PostgreSQL runs but cannot be reached.', {
          cause,
        });
      }
      await sleep(100);
    }
  }
}
