import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'bcrypt';
import { createAccessTokens } from '../../src/crypto/access-tokens.js';
import { createCursors } from '../../src/crypto/cursors.js';
import { loadKeyRing } from '../../src/crypto/key-ring.js';
import { openDeletionLog } from '../../src/crypto/deletion-log.js';
import { openFolderKeyStore } from '../../src/crypto/key-store.js';
import { createVault } from '../../src/crypto/vault.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import type { OutgoingMail } from '../../src/mailer/letter.js';
import { createOutbox } from '../../src/mailer/outbox.js';
import type { AccountParts } from '../../src/services/accounts/account-parts.js';
import { KnownKeys } from '../../src/services/api-keys/known-keys.js';
import { SessionCache } from '../../src/services/accounts/sessions/session-cache.js';
import type { MemberContext, Parts } from '../../src/services/context.js';
import { openLlm } from '../../src/services/llm/llm.js';
import { createGuardedClient } from '../../src/net/guarded-client.js';
import { openOrganisationProviders } from '../../src/services/single-sign-on/open-organisation-providers.js';
import { createAddressGuard } from '../../src/net/address-guard.js';
import { imapProvider } from '../../src/services/mailboxes/imap-provider.js';
import { openConsents } from '../../src/services/mailboxes/consent/open-consents.js';
import { createMailboxes } from '../../src/services/mailboxes/mailboxes.js';
import { createScanPool } from '../../src/services/scanning/pool.js';
import { KnownProfiles } from '../../src/services/scans/known-profiles.js';
import { RunningScans } from '../../src/services/scans/submission/running-scans.js';
import { permitsInPostgres } from '../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../src/services/limits/shared-window.js';
import type { TenantRole } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

/** Of everybody the tests make. */
export const PASSWORD = 'correct horse battery';
// The product's own cost would make each sign-in take a quarter of a second.
const HASH = hash(PASSWORD, 4);

export interface TestPerson {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly tenantId: string;
}

export interface TestParts {
  readonly parts: Parts;
  readonly database: TestDatabase;
  /** What the product takes for now; move it to let time pass. */
  readonly clock: { now: Date };
  /** A person with the given role in a tenant, a new one by default. */
  person(role: TenantRole, tenant?: string): Promise<TestPerson>;
  /** The same as a context, without going through a sign-in. */
  context(role: TenantRole, tenant?: string): Promise<MemberContext>;
  /** Messages to the address that wait to be sent, oldest first. */
  mailTo(address: string): Promise<readonly OutgoingMail[]>;
  close(): Promise<void>;
}

/** Everything services work with, as the composition root builds it, on a database of its own. `env`: settings, by the names of their variables. */
export async function createTestParts(
  accounts: Partial<AccountParts> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<TestParts> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'postern-keys-'));
  const clock = { now: new Date() };
  const now = () => clock.now;
  const ring = await loadKeyRing({ keys: [randomBytes(32).toString('base64')], file: join(folder, 'master') });
  const pool = createScanPool({ threads: 1 });
  const log = createLog('silent');
  const secrets = createVault(ring, 'llm-keys');
  const llm = openLlm({ store: database.store, secrets, log, endpoints: [], timeoutMs: 1000 });
  const mailVault = createVault(ring, 'mail');
  const began = clock.now.getTime();
  const limiting = {
    permits: permitsInPostgres(database.store),
    secret: randomBytes(32),
    now: () => performance.now() + clock.now.getTime() - began,
  };
  const shared = (name: string, limit: number, windowMs = 300_000) => new SharedWindow(limiting, name, limit, windowMs);
  const publicUrl = accounts.publicUrl ?? (() => 'https://postern.example.test');
  const consents = openConsents(loadConfig(env), { ring, publicUrl, now });
  const mailboxes = createMailboxes({
    ...{
      store: database.store,
      credentials: createVault(ring, 'credentials'),
      attempts: shared('mail-server-login', 20, 600_000),
    },
    providers: {
      ...consents.factories,
      imap: imapProvider(
        { guard: createAddressGuard(['loopback']), plainLoopback: true, maxBytes: 1_000_000 },
        consents.providers.imap?.connect,
      ),
    },
  });
  const allowed = loadConfig(env).identityProviderOrigins;
  const identityHttp = createGuardedClient({ allowed });
  const vault = createVault(ring, 'identity-providers');
  const organisationProviders = openOrganisationProviders({ http: identityHttp, vault, resolver: null, allowed });
  const parts: Parts = {
    store: database.store,
    ...{ llm, mailboxes, consents },
    keys: openFolderKeyStore(join(folder, 'tenants')),
    deletions: openDeletionLog(join(folder, 'tenants'), now),
    pool,
    tokens: createAccessTokens(ring, now),
    cursors: createCursors(ring),
    // Nothing is cached: a test must see at once what it changed.
    sessions: new SessionCache(0, now),
    apiKeys: new KnownKeys(database.store, createLog('silent'), 0, now),
    running: new RunningScans(),
    profiles: new KnownProfiles([]),
    limits: { byPair: shared('sign-in', 10), bySide: shared('sign-in-side', 100) },
    accounts: {
      publicUrl: () => 'http://127.0.0.1',
      mailer: createOutbox(join(folder, 'outbox'), 'postern@example.test'),
      ...{ mailVault, factorVault: createVault(ring, 'second-factors'), signUp: 'open', recordAddresses: false },
      ...{ providers: [], linkByEmail: false, organisationProviders },
      byClient: shared('client', 1000),
      byRecipient: shared('recipient', 5, 3_600_000),
      byFactor: shared('second-factor', 10, 3_600_000),
      ...accounts,
    },
    scanLimits: { key: null, tenant: null },
    trustedAuthservIds: [],
    log,
    now,
  };
  const person: TestParts['person'] = async (role, tenant) => {
    const email = `${randomUUID()}@example.test`;
    const userId = await database.addUser({ email, passwordHash: await HASH });
    const tenantId = tenant ?? (await database.addTenant());
    await database.addMember(tenantId, userId, role);
    return { email, password: PASSWORD, userId, tenantId };
  };
  return {
    parts,
    database,
    clock,
    person,
    async context(role, tenant) {
      const { userId, tenantId } = await person(role, tenant);
      const client = { ip: '192.0.2.1', userAgent: 'test' };
      return { parts, client, identity: { userId, tenantId, role, sessionId: randomUUID() } };
    },
    async mailTo(address) {
      const rows = await database.admin<{ mail_id: string; sealed: string }[]>`
        select mail_id, sealed from postern.outgoing_mail order by created_at`;
      return rows
        .map(({ mail_id: id, sealed }) => mailVault.open(id, sealed) as OutgoingMail)
        .filter(({ to }) => to === address);
    },
    async close() {
      await llm.close();
      await identityHttp.close();
      await parts.apiKeys.settle();
      await mailboxes.close();
      await consents.close();
      await pool.close(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A message with a link that is not what it shows, and a few words for the layers to look at. */
export function phish(subject = 'Your account is suspended'): Buffer {
  return Buffer.from(
    [
      'From: PayPal Security <security@paypa1-account.example>',
      'To: Ann <ann@example.test>',
      `Subject: ${subject}`,
      'Date: Mon, 02 Nov 2026 10:00:00 +0000',
      `Message-ID: <${randomUUID()}@paypa1-account.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Dear customer, verify your password within 24 hours or your account will be closed.</p>',
      '<p><a href="http://192.0.2.7/login">https://www.paypal.com/signin</a></p><script>alert(1)</script>',
      '',
    ].join('\r\n'),
  );
}
