import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import { PosternError } from '../errors.js';
import { createApiKeyTable } from './tables/organisations/api-keys.js';
import { createAuditTable } from './tables/governance/audit.js';
import { connect, translated } from './connect.js';
import { createContentTable } from './tables/scans/contents.js';
import { createConsentTable } from './tables/mailboxes/consents.js';
import { createDirectoryTable } from './tables/mailboxes/directories.js';
import { createDetectionTable } from './tables/detection/detection.js';
import { createFeedbackTable } from './tables/scans/feedback.js';
import { createIdempotencyTable } from './tables/scans/idempotency.js';
import { createLlmTable } from './tables/detection/llm.js';
import { createMailboxTable, MAILBOX_CHANNEL } from './tables/mailboxes/mailboxes.js';
import { createMessageTable } from './tables/mailboxes/messages.js';
import { createRevocationTable } from './tables/mailboxes/revocations.js';
import { createPermitTable } from './tables/permits.js';
import { createReportGroupTable } from './tables/mailboxes/report-groups.js';
import { createReportTable } from './tables/mailboxes/reports.js';
import { createScanIntake } from './intake/create-scan-intake.js';
import { createScanTable } from './tables/scans/scans.js';
import { createInsightTable } from './tables/scans/insights.js';
import { createInvitationTable, createMemberTable } from './tables/organisations/people.js';
import { createPlanTable } from './tables/organisations/plans.js';
import { createPrivacyTable } from './tables/governance/privacy.js';
import { createSenderHistoryTable } from './tables/scans/sender-history.js';
import { tenants } from './schema.js';
import { actorPin, purposePin } from './session.js';
import type { Pin, Transaction } from './session.js';
import { createSessions, openSession } from './sessions.js';
import type { Session, Sessions } from './sessions.js';
import type { Store, TenantDb, TenantId } from './store.js';
import { createTicketTable } from './tables/accounts/sign-in.js';
import { createProvisioningTable } from './tables/organisations/provisioning.js';
import { createDomainTable, createOrganisationProviderTable } from './tables/organisations/single-sign-on.js';
import { createMailTable } from './tables/accounts/mail.js';
import { createSupportTable } from './tables/governance/support.js';
import { createSignInRulesTable } from './tables/organisations/sign-in-rules.js';
import { createSystemDb } from './system-db.js';
import { inTransaction } from './transaction.js';

/** For what is under way when the store is closed. */
const CLOSE_MS = 5000;

export interface StoreOptions {
  /** The login that serves; it owns nothing. */
  readonly appUrl: string;
  /** Sessions that may be open at a time; 2 at least. */
  readonly connections?: number;
  readonly statementTimeoutMs?: number;
}

/**
 * Opens the pool of the application's login and proves that row-level security binds it. Throws PosternError
 * `database.unavailable`, or `config.invalid` when the login could see past its tenant.
 */
export async function openStore({
  appUrl,
  connections = 16,
  statementTimeoutMs = 15_000,
}: StoreOptions): Promise<Store> {
  let first: Sql | null = null;
  // A connection that is lost while it asks for them ends the process: only the first one asks.
  let types: Pick<Sql['options'], 'parsers' | 'serializers'> | null = null;
  const common = { applicationName: 'postern', statementTimeoutMs };
  const open = (most: number): Sessions =>
    createSessions({
      most,
      open: () =>
        openSession((onClose) => {
          const pool = connect(appUrl, { ...common, max: 1, steady: true, fetchTypes: types === null, onClose });
          // Sets up how values are read and written.
          drizzle(pool);
          Object.assign(pool.options.parsers, types?.parsers);
          Object.assign(pool.options.serializers, types?.serializers);
          first ??= pool;
          return pool;
        }),
    });
  // One tenant's scans that wait for each other must not keep others waiting.
  const forScans = Math.max(1, Math.floor(connections / 2));
  const sessions = open(Math.max(1, connections - forScans));
  const scanSessions = open(forScans);
  const listener = connect(appUrl, { ...common, max: 1 });

  async function pinned<T>(pin: Pin, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await sessions.use((session) => inTransaction(session, pin, work));
    } catch (error) {
      throw translated(error);
    }
  }

  async function close(): Promise<void> {
    await Promise.all([sessions.end(CLOSE_MS), scanSessions.end(CLOSE_MS), listener.end({ timeout: 0 })]);
  }

  try {
    await sessions.use(checkRole);
    types = (first as Sql | null)?.options ?? null;
  } catch (error) {
    await close();
    throw translated(error);
  }

  return {
    async withTenant(tenant, actor, work) {
      return await pinned(actorPin(tenant, actor), (tx) => work(createTenantDb(tx, tenant)));
    },
    withSystem: (purpose, work, facts) => pinned(purposePin(purpose, facts?.ip), (tx) => work(createSystemDb(tx))),
    intake: createScanIntake(scanSessions),
    async onMailboxChange(tell) {
      const listening = await listener.listen(MAILBOX_CHANNEL, (payload) => {
        const [tenant = '', mailbox = ''] = payload.split(' ');
        tell(tenant, mailbox);
      });
      return () => listening.unlisten();
    },
    close,
  };
}

/** Throws `config.invalid` for a login that row-level security does not bind. */
async function checkRole(session: Session): Promise<void> {
  const [role] = await session.unsafe<{ unsafe: boolean }[]>(`
    select rolsuper or rolbypassrls
      or pg_has_role(current_user, (select relowner from pg_class where oid = 'postern.scans'::regclass), 'USAGE') as unsafe
    from pg_roles where rolname = current_user`);
  if (role?.unsafe === false) return;
  throw new PosternError('config.invalid', 'The login of DATABASE_APP_URL could pass row-level security by.');
}

function createTenantDb(tx: Transaction, tenant: TenantId): TenantDb {
  return {
    tenant,
    scans: createScanTable(tx, tenant),
    contents: createContentTable(tx, tenant),
    audit: createAuditTable(tx, tenant),
    tickets: createTicketTable(tx, tenant),
    idempotency: createIdempotencyTable(tx, tenant),
    llm: createLlmTable(tx, tenant),
    mail: createMailTable(tx),
    signInRules: createSignInRulesTable(tx, tenant),
    apiKeys: createApiKeyTable(tx, tenant),
    senders: createSenderHistoryTable(tx, tenant),
    domains: createDomainTable(tx, tenant),
    identityProviders: createOrganisationProviderTable(tx, tenant),
    provisioning: createProvisioningTable(tx, tenant),
    permits: createPermitTable(tx),
    members: createMemberTable(tx, tenant),
    invitations: createInvitationTable(tx, tenant),
    plan: createPlanTable(tx),
    privacy: createPrivacyTable(tx, tenant),
    insights: createInsightTable(tx, tenant),
    consents: createConsentTable(tx, tenant),
    mailboxes: createMailboxTable(tx, tenant),
    messages: createMessageTable(tx, tenant),
    revocations: createRevocationTable(tx, tenant),
    support: createSupportTable(tx, tenant),
    feedback: createFeedbackTable(tx, tenant),
    directories: createDirectoryTable(tx, tenant),
    reports: createReportTable(tx, tenant),
    reportGroups: createReportGroupTable(tx, tenant),
    profile: {
      async get() {
        const [row] = await tx.select().from(tenants).where(eq(tenants.tenantId, tenant));
        if (row === undefined) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
        const { tenantId, ...rest } = row;
        return { id: tenantId, ...rest };
      },
    },
    detection: createDetectionTable(tx, tenant),
    async enqueue(task, payload, options) {
      await tx.execute(
        sql`select postern.enqueue(${task}, ${JSON.stringify(payload)}::jsonb, ${options?.key ?? null}::text)`,
      );
    },
    async enqueueLater(task, payload, { key, seconds = 0, rank = 0 }) {
      await tx.execute(sql`select postern.enqueue_later(${task}, ${JSON.stringify(payload)}::jsonb, ${key},
        ${seconds}::double precision, ${rank}::smallint)`);
    },
  };
}
