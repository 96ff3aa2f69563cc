// From a message's arrival in Dovecot to its stored verdict, on an embedded PostgreSQL with fsync on, all on this machine:
// node dist/bench/ingest.js [messages] [mailboxes]. Needs Debian's dovecot-imapd.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccessTokens } from '../src/crypto/access-tokens.js';
import { loadConfig } from '../src/config.js';
import { createCursors } from '../src/crypto/cursors.js';
import { loadKeyRing } from '../src/crypto/key-ring.js';
import { openDeletionLog } from '../src/crypto/deletion-log.js';
import { openFolderKeyStore } from '../src/crypto/key-store.js';
import { createVault } from '../src/crypto/vault.js';
import { createJobs } from '../src/jobs/jobs.js';
import { createLog } from '../src/log.js';
import { createOutbox } from '../src/mailer/outbox.js';
import { createHttpClient } from '../src/net/http-client.js';
import { openOrganisationProviders } from '../src/services/single-sign-on/open-organisation-providers.js';
import { createAddressGuard } from '../src/net/address-guard.js';
import { KnownKeys } from '../src/services/api-keys/known-keys.js';
import { SessionCache } from '../src/services/accounts/sessions/session-cache.js';
import type { MemberContext, Parts } from '../src/services/context.js';
import { openLlm } from '../src/services/llm/llm.js';
import { connectImap } from '../src/services/mailboxes/connect-imap.js';
import { imapProvider } from '../src/services/mailboxes/imap-provider.js';
import { openConsents } from '../src/services/mailboxes/consent/open-consents.js';
import { createMailboxes } from '../src/services/mailboxes/mailboxes.js';
import { watchPushes } from '../src/services/mailboxes/sync/watch-pushes.js';
import { createScanPool } from '../src/services/scanning/pool.js';
import { KnownProfiles } from '../src/services/scans/known-profiles.js';
import { RunningScans } from '../src/services/scans/submission/running-scans.js';
import { permitsInPostgres } from '../src/services/limits/permit-store.js';
import { SharedWindow } from '../src/services/limits/shared-window.js';
import { connect } from '../src/store/connect.js';
import { startEmbeddedPostgres } from '../src/store/embedded/start.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/open-store.js';
import { startWorker } from '../src/store/worker.js';
import { startDovecot } from '../test/helpers/dovecot.js';
import { machineTime, parentOf, processorTime, since } from './ingest/processor-time.js';
import { ProviderClock, timed } from './ingest/timed-connector.js';
import { sampleMessages } from './speed/messages.js';

const COUNT = Number(process.argv[2] ?? 3000);
const MAILBOXES = Number(process.argv[3] ?? 4);
const ARRIVALS = 40;
const dataDir = mkdtempSync(join(tmpdir(), 'postern-bench-'));
chmodSync(dataDir, 0o711);
const log = createLog('warn');
const postgres = await startEmbeddedPostgres({ dataDir, log });
await migrate(postgres.ownerUrl, postgres.appUrl);
const store = await openStore({ appUrl: postgres.appUrl });
const url = new URL(postgres.administratorUrl);
url.pathname = '/postern';
const admin = connect(url.href, { max: 1, applicationName: 'bench' });
const dovecot = await startDovecot();

const ring = await loadKeyRing({ keys: [randomBytes(32).toString('base64')], file: join(dataDir, 'master') });
const clock = new ProviderClock();
const imap = imapProvider({ guard: createAddressGuard(['loopback']), plainLoopback: true, maxBytes: 25_000_000 });
const windows = { permits: permitsInPostgres(store), secret: randomBytes(32) };
const none = new SharedWindow(windows, 'none', 1, 60_000);
const many = new SharedWindow(windows, 'many', 100_000, 60_000);
const mailboxes = createMailboxes({
  ...{ store, attempts: many, credentials: createVault(ring, 'credentials'), providers: { imap: timed(imap, clock) } },
});
const consents = openConsents(loadConfig({}), { ring, publicUrl: () => 'http://127.0.0.1' });
const pool = createScanPool();
const now = (): Date => new Date();
const llm = openLlm({ store, secrets: createVault(ring, 'llm-keys'), log, endpoints: [], timeoutMs: 1000 });
const parts: Parts = {
  ...{ llm, apiKeys: new KnownKeys(store, log, 0, now), scanLimits: { key: null, tenant: null } },
  accounts: {
    ...{ publicUrl: () => 'http://127.0.0.1', mailer: createOutbox(join(dataDir, 'outbox'), 'bench@example.test') },
    ...{ mailVault: createVault(ring, 'mail'), factorVault: createVault(ring, 'second-factors') },
    ...{ signUp: 'closed', recordAddresses: false, providers: [], linkByEmail: false },
    organisationProviders: openOrganisationProviders({
      ...{ http: createHttpClient(), vault: createVault(ring, 'identity-providers'), resolver: null, allowed: [] },
    }),
    ...{ byClient: none, byRecipient: none, byFactor: none },
  },
  ...{ store, pool, mailboxes, consents, log, now, keys: openFolderKeyStore(join(dataDir, 'tenants')) },
  deletions: openDeletionLog(join(dataDir, 'tenants')),
  ...{ tokens: createAccessTokens(ring), cursors: createCursors(ring), sessions: new SessionCache(0, now) },
  ...{ running: new RunningScans(), profiles: new KnownProfiles([]), trustedAuthservIds: [] },
  limits: { byPair: none, bySide: none },
};
const [tenantId, userId] = [randomUUID(), randomUUID()];
await admin`insert into postern.tenants (tenant_id, name, kind, tier, retention_days) values (${tenantId}, 'bench', 'organisation', 'unlimited', 90)`;
await admin`insert into postern.users (user_id, email) values (${userId}, 'bench@example.test')`;
const ctx: MemberContext = {
  ...{ parts, client: { ip: '127.0.0.1', userAgent: 'bench' } },
  identity: { tenantId, userId, role: 'org_member', sessionId: randomUUID() },
};
const worker = await startWorker({ ownerUrl: postgres.ownerUrl, tasks: createJobs(parts), concurrency: 8, log });
const pushes = watchPushes(parts, { lookMs: 500 });

const { source, messages } = await sampleMessages(Math.min(COUNT, 1000));
const stored = async (): Promise<number> => {
  const [row] = await admin<{ n: number }[]>`select count(*)::int as n from postern.messages`;
  return row?.n ?? 0;
};
async function mailbox(user: string): Promise<void> {
  const login = { host: '127.0.0.1', port: dovecot.port, security: 'plain', user, password: 'secret' } as const;
  await connectImap({ ctx, input: { ...login, address: `${user}@example.test`, backfillDays: null } });
}

// Sustained: full mailboxes are connected.
const full = Array.from({ length: MAILBOXES }, (_, n) => `full${n}`);
for (const user of full) dovecot.addUser(user);
for (let n = 0; n < COUNT; n += 1)
  dovecot.deliver(full[n % MAILBOXES] ?? '', unique(messages[n % messages.length] ?? new Uint8Array(), n));
const begun = performance.now();
clock.waitedMs = 0;
const [backend] = await admin<{ pid: number }[]>`select pg_backend_pid() as pid`;
const roots = { postgres: parentOf(backend?.pid ?? 0), dovecot: dovecot.pid };
const used = processorTime(roots);
const machine = machineTime();
for (const user of full) await mailbox(user);
let aside = 0;
while ((await stored()) + aside < COUNT) {
  await sleep(250);
  const [row] = await admin<{ n: number }[]>`select count(*)::int as n from postern.set_aside_messages`;
  aside = row?.n ?? 0;
}
const elapsed = performance.now() - begun;
const { main, threads, postgres: inPostgres, dovecot: inDovecot } = since(used, processorTime(roots));
const { all, idle } = machineTime();
const [whole, unused] = [all - machine.all, idle - machine.idle];
const ours = main + threads + inPostgres + inDovecot;
const each = (ms: number): string => (ms / COUNT).toFixed(2);
console.log(`${COUNT} messages of ${source} in ${MAILBOXES} mailboxes, ${aside} of them set aside`);
console.log(`sustained: ${((COUNT / elapsed) * 1000).toFixed(0)} messages a second`);
console.log(
  `processor time a message: main thread ${each(main)} ms, scan threads ${each(threads)} ms, PostgreSQL ${each(inPostgres)} ms, ` +
    `Dovecot ${each(inDovecot)} ms; together ${each(ours)} ms`,
);
const share = (ms: number): string => `${((ms / whole) * 100).toFixed(0)} %`;
console.log(
  `the machine: ${share(ours)} used by this, ${share(whole - unused - ours)} by others, ${share(unused)} idle`,
);
console.log(`waiting for the provider: ${((clock.waitedMs / elapsed) * 100).toFixed(0)} % of the time`);

// Arrival: one at a time, with push.
dovecot.addUser('live');
await mailbox('live');
await sleep(3000);
const times: number[] = [];
for (let n = 0; n < ARRIVALS; n += 1) {
  const before = await stored();
  const arrived = performance.now();
  dovecot.deliver('live', unique(messages[n % messages.length] ?? new Uint8Array(), COUNT + n));
  while ((await stored()) === before && performance.now() - arrived < 30_000) await sleep(5);
  times.push(performance.now() - arrived);
  await sleep(200);
}
times.sort((a, b) => a - b);
const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
console.log(`arrival to stored verdict: median ${at(0.5)} ms, 90 % within ${at(0.9)} ms, of ${ARRIVALS}`);

await pushes.stop();
await worker.stop();
await mailboxes.close();
await pool.close();
await store.close();
await admin.end();
await dovecot.close();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });

/** The same bytes twice are one message: each copy gets a field of its own. */
function unique(raw: Uint8Array, n: number): Buffer {
  return Buffer.concat([Buffer.from(`X-Bench: ${n}\r\n`), raw]);
}
