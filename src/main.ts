import { availableParallelism } from 'node:os';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createAppServer } from './api/app-server.js';
import { createApp } from './api/app.js';
import { createDoor } from './api/checkv2/door.js';
import { createTextDoor } from './api/checkv2/text-door.js';
import { loadConfig, unknownSettings } from './config.js';
import type { Config } from './config.js';
import { createAccessTokens } from './crypto/access-tokens.js';
import { createCursors } from './crypto/cursors.js';
import { createVault } from './crypto/vault.js';
import { loadKeyRing } from './crypto/key-ring.js';
import { openDeletionLog } from './crypto/deletion-log.js';
import { openFolderKeyStore } from './crypto/key-store.js';
import { PosternError } from './errors.js';
import { makeDataFolder } from './data-folder.js';
import { createJobs } from './jobs/jobs.js';
import { createLog } from './log.js';
import type { Log } from './log.js';
import { createOutbox } from './mailer/outbox.js';
import { createSmtpMailer } from './mailer/smtp.js';
import { createGuardedClient } from './net/guarded-client.js';
import { closeGently, listen } from './serve.js';
import type { AccountParts } from './services/accounts/account-parts.js';
import { KnownKeys } from './services/api-keys/known-keys.js';
import { SessionCache } from './services/accounts/sessions/session-cache.js';
import type { Parts } from './services/context.js';
import { openLlm } from './services/llm/llm.js';
import { openProviders } from './services/identity-providers/open-providers.js';
import { openOrganisationProviders } from './services/single-sign-on/open-organisation-providers.js';
import { openMailboxes } from './services/mailboxes/open-mailboxes.js';
import { watchPushes } from './services/mailboxes/sync/watch-pushes.js';
import { KnownProfiles } from './services/scans/known-profiles.js';
import { RunningScans } from './services/scans/submission/running-scans.js';
import { openReputation } from './services/reputation/open-reputation.js';
import { createLookup } from './services/scanning/lookup.js';
import { reapplyDeletions } from './services/privacy/reapply-deletions.js';
import { openResolver } from './services/scanning/open-resolver.js';
import { createScanPool } from './services/scanning/pool.js';
import { setUpUnattended } from './services/setup/complete-setup.js';
import { offerSetupLink } from './services/setup/offer-setup-link.js';
import { LocalWindow } from './services/limits/local-window.js';
import { permitsInPostgres } from './services/limits/permit-store.js';
import type { PermitStore } from './services/limits/permit-store.js';
import { redisOrPostgres } from './services/limits/redis-or-postgres.js';
import { SharedWindow } from './services/limits/shared-window.js';
import { Shutdown } from './shutdown.js';
import { openDatabase } from './store/open-database.js';
import { openStore } from './store/open-store.js';
import { openRedis } from './store/redis/open-redis.js';
import type { Store } from './store/store.js';
import { startWorker } from './store/worker.js';

const DIST = fileURLToPath(new URL('../', import.meta.url));
const FIVE_MINUTES_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;

/** Builds the parts in the order they need each other, and leaves with `shutdown` how each is stopped, last first. */
async function start(config: Config, log: Log, shutdown: Shutdown): Promise<void> {
  await makeDataFolder(config.dataDir);
  const database = await openDatabase({ ...config, log });
  shutdown.add('database', () => database.stop());
  const store = await openStore({ appUrl: database.appUrl });
  shutdown.add('store', () => store.close());

  const ring = await loadKeyRing({ keys: config.keys, file: join(config.dataDir, 'master-key') });
  const reputation = await openReputation(config, { store, log });
  if (reputation !== null) shutdown.add('reputation', () => reputation.close());
  const resolver = openResolver(config.dns);
  if (resolver !== null) {
    shutdown.add('resolver', () => {
      resolver.close();
      return Promise.resolve();
    });
  }
  const secrets = createVault(ring, 'llm-keys');
  const llm = openLlm({ ...{ store, secrets, log }, endpoints: config.llmEndpoints, timeoutMs: config.llmTimeoutMs });
  shutdown.add('language models', () => llm.close());
  const pool = createScanPool({
    threads: config.scanThreads,
    // One core for everything else that a message needs: where few come at a time each is done sooner, and costs less.
    busy: Math.max(1, availableParallelism() - 1),
    limits: { cpuMs: config.scanTimeoutMs },
    onFault: (fault) => log.error(fault, 'a scan failed'),
  });
  shutdown.add('scans', () => pool.close());
  const now = () => new Date();
  const permits = await openPermits(config.redisUrl, { store, log, shutdown });
  const limiting = { permits, secret: ring.forPurpose('rate-limits')[0].key };
  const shared = (name: string, limit: number, windowMs: number) => new SharedWindow(limiting, name, limit, windowMs);
  const perMinute = (name: string, limit: number, inBatches = true) =>
    limit === 0 ? null : new SharedWindow(limiting, name, limit, 60_000, { inBatches });
  const perMinuteHere = (name: string, limit: number) => (limit === 0 ? null : new LocalWindow(name, limit, 60_000));
  let publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
  const mailer = openMailer(config);
  shutdown.add('mail', () => mailer.close());
  const { consents, mailboxes } = openMailboxes(config, {
    ...{ ring, store, now, publicUrl: () => publicUrl },
    attempts: shared('mail-server-login', 20, 2 * FIVE_MINUTES_MS),
  });
  shutdown.add('consents', () => consents.close());
  shutdown.add('mailboxes', () => mailboxes.close());
  const keyFolder = config.keyStore ?? join(config.dataDir, 'tenant-keys');
  const identityHttp = createGuardedClient({ limits: { timeoutMs: 10_000 }, allowed: config.identityProviderOrigins });
  shutdown.add('identity providers', () => identityHttp.close());
  const parts: Parts = {
    ...{ store, pool, mailboxes, consents, log, now, llm },
    ...(reputation === null && resolver === null ? {} : { lookup: createLookup({ reputation, resolver }) }),
    keys: openFolderKeyStore(keyFolder),
    deletions: openDeletionLog(keyFolder, now),
    tokens: createAccessTokens(ring),
    cursors: createCursors(ring),
    sessions: new SessionCache(5000, now),
    apiKeys: new KnownKeys(store, log, 5000, now),
    profiles: new KnownProfiles(config.trustedAuthservIds),
    running: new RunningScans(),
    limits: { byPair: shared('sign-in', 10, FIVE_MINUTES_MS), bySide: shared('sign-in-side', 100, FIVE_MINUTES_MS) },
    requests: {
      address: perMinute('address', config.ratePerAddress),
      person: perMinute('person', config.ratePerPerson),
      key: perMinute('key', config.ratePerKey),
      tenant: perMinute('tenant', config.ratePerTenant),
      pages: perMinuteHere('pages', config.ratePerAddress),
      unproven: perMinuteHere('unproven', config.ratePerAddress),
      door: perMinuteHere('door', config.ratePerAddress),
    },
    accounts: {
      ...{ publicUrl: () => publicUrl, mailer, signUp: config.signUp },
      mailVault: createVault(ring, 'mail'),
      factorVault: createVault(ring, 'second-factors'),
      recordAddresses: config.recordAddresses === 'on',
      providers: openProviders(config),
      organisationProviders: openOrganisationProviders({
        ...{ http: identityHttp, vault: createVault(ring, 'identity-providers'), resolver },
        allowed: config.identityProviderOrigins,
      }),
      linkByEmail: config.oidcLinkByEmail === 'on',
      byClient: shared('client', 60, FIVE_MINUTES_MS),
      byRecipient: shared('recipient', 5, HOUR_MS),
      byFactor: shared('second-factor', 10, HOUR_MS),
    },
    scanLimits: {
      key: perMinute('scans-key', config.scansPerKey, false),
      tenant: perMinute('scans-tenant', config.scansPerTenant, false),
    },
    trustedAuthservIds: config.trustedAuthservIds,
  };
  shutdown.add('running scans', () => parts.running.settle());
  shutdown.add('uses of keys', () => parts.apiKeys.settle());
  // Before anything works or listens: a restored database must not serve what was deleted.
  await reapplyDeletions(parts);
  const worker = await startWorker({ ownerUrl: database.ownerUrl, tasks: createJobs(parts), concurrency: 8, log });
  shutdown.add('jobs', () => worker.stop());
  const pushes = watchPushes(parts);
  shutdown.add('push connections', () => pushes.stop());
  await administrator(config, parts);

  const { server, serve } = createAppServer();
  const current = await version();
  const port = await listen(server, config.host, config.port);
  shutdown.add('connections', () => closeGently(server));
  publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  // Nothing is awaited since it listens: no request can arrive before there is somebody to answer.
  const app = createApp({
    ...{ parts, publicUrl },
    trustedProxies: config.trustedProxies,
    uploadLimit: config.uploadLimit,
    dashboard: join(DIST, 'dashboard'),
    version: current,
    draining: () => shutdown.started,
  });
  serve(app);
  await openDoors(config, parts, shutdown);
  say(`postern is ready at ${publicUrl}`);
  const token = await offerSetupLink({ ctx: { parts } });
  // After the #: browsers do not send it, so it stands in no log on the way.
  if (token !== null)
    say(`set up the first administrator (valid for 24 hours, once): ${publicUrl}/setup#token=${token}`);
}

/** Where limits are counted: the database, or Redis where it is configured. */
async function openPermits(
  redisUrl: string | null,
  { store, log, shutdown }: { readonly store: Store; readonly log: Log; readonly shutdown: Shutdown },
): Promise<PermitStore> {
  const postgres = permitsInPostgres(store);
  if (redisUrl === null) return postgres;
  // Told when it matters: with the first count that fails.
  const redis = await openRedis(redisUrl, (fault) => log.debug({ err: fault }, 'the connection to Redis failed'));
  shutdown.add('Redis', () => redis.close());
  return redisOrPostgres(redis, postgres, log);
}

function openMailer({ smtpUrl, smtpTls, mailFrom, publicUrl, dataDir }: Config): AccountParts['mailer'] {
  const from = mailFrom ?? `postern@${publicUrl === null ? 'localhost' : new URL(publicUrl).hostname}`;
  if (smtpUrl === null) return createOutbox(join(dataDir, 'outbox'), from);
  return createSmtpMailer({ url: smtpUrl, from, tls: smtpTls });
}

/** For mail servers that ask as they would ask Rspamd; off by default. */
async function openDoors(config: Config, parts: Parts, shutdown: Shutdown): Promise<void> {
  const { checkv2Host: host, checkv2Port, checkv2EximPort, checkv2Key: key, uploadLimit } = config;
  if (checkv2Port !== null) {
    const server = createServer(createDoor({ parts, uploadLimit, key }));
    const port = await listen(server, host, checkv2Port, 'POSTERN_CHECKV2_PORT');
    shutdown.add('mail servers', () => closeGently(server));
    say(`mail servers can ask at http://${host}:${port}/checkv2`);
  }
  if (checkv2EximPort !== null) {
    const door = createTextDoor({ parts, uploadLimit, key });
    const port = await listen(door.server, host, checkv2EximPort, 'POSTERN_CHECKV2_EXIM_PORT');
    shutdown.add('Exim', () => door.close());
    say(`Exim can ask at ${host} ${port}`);
  }
}

async function administrator({ adminEmail, adminPassword }: Config, parts: Parts): Promise<void> {
  if (adminEmail === null || adminPassword === null) return;
  const organisation = adminEmail.slice(adminEmail.lastIndexOf('@') + 1);
  const input = { email: adminEmail, password: adminPassword, organisation, displayName: '' };
  try {
    if (await setUpUnattended({ ctx: { parts }, input })) parts.log.info('the first administrator has been created');
  } catch (error) {
    if (!(error instanceof PosternError && error.code === 'account.password-weak')) throw error;
    throw new PosternError('config.invalid', `POSTERN_ADMIN_PASSWORD cannot be used: ${error.message}`);
  }
}

async function version(): Promise<string> {
  const text = await readFile(join(DIST, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** For whoever started postern, not for the log: a secret link is no log line. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * The heap may grow to three times what lives until all of it is collected: at V8's own pace that was three times a second. And a scan
 * thread keeps its heap while it rests: V8 makes it small then, and with it goes what was learnt about the code.
 */
const V8_FLAGS = ['--heap-growing-percent=200', '--no-memory-reducer'];

async function main(): Promise<void> {
  for (const flag of V8_FLAGS) setFlagsFromString(flag);
  let log = createLog('info');
  const shutdown = new Shutdown(() => log);
  try {
    const config = loadConfig();
    log = createLog(config.logLevel);
    for (const name of unknownSettings()) log.warn(`${name} is no setting of postern and has no effect`);
    shutdown.listen();
    await start(config, log, shutdown);
  } catch (error) {
    if (error instanceof PosternError) process.stderr.write(`${error.message}\n`);
    // A faulty configuration has been told completely, and its details would only repeat it.
    if (!(error instanceof PosternError && error.code === 'config.invalid' && error.cause === undefined)) {
      log.fatal({ err: error }, 'postern could not start');
    }
    await shutdown.run(1);
  }
}

await main();
