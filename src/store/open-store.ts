import { eq, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { drizzle, PostgresJsSession, PostgresJsTransaction } from 'drizzle-orm/postgres-js';
import type { Sql, TransactionSql } from 'postgres';
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
import { createFirstFree } from './intake/first-free.js';
import { createScanIntake } from './intake/create-scan-intake.js';
import { createScanTable } from './tables/scans/scans.js';
import { createInsightTable } from './tables/scans/insights.js';
import { createInvitationTable, createMemberTable } from './tables/organisations/people.js';
import { createPlanTable } from './tables/organisations/plans.js';
import { createPrivacyTable } from './tables/governance/privacy.js';
import { createSenderHistoryTable } from './tables/scans/sender-history.js';
import { namedQueries } from './named-queries.js';
import { tenants } from './schema.js';
import { actorPin, purposePin } from './session.js';
import type { Pin, Transaction } from './session.js';
import type { Store, TenantDb, TenantId } from './store.js';
import { createTicketTable } from './tables/accounts/sign-in.js';
import { createProvisioningTable } from './tables/organisations/provisioning.js';
import { createDomainTable, createOrganisationProviderTable } from './tables/organisations/single-sign-on.js';
import { createMailTable } from './tables/accounts/mail.js';
import { createSupportTable } from './tables/governance/support.js';
import { createSignInRulesTable } from './tables/organisations/sign-in-rules.js';
import { createSystemDb } from './system-db.js';

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
  // Opened one after the other as those before are busy: one tenant's scans that wait for each other must not keep others waiting.
  const forScans = Math.max(1, Math.floor(connections / 2));
  const open = (max: number): Sql => {
    const sessions = connect(appUrl, { max, applicationName: 'postern', statementTimeoutMs });
    // Sets up how values are read and written; transactions are begun below.
    drizzle(sessions);
    return sessions;
  };
  const pool = open(Math.max(1, connections - forScans));
  const scanSessions = createFirstFree(() => open(1), forScans);

  async function inTransaction<T>(pin: Pin, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      // The connection works off its queries in order: what the work asks comes after the pin, which need not be waited for.
      const result = await pool.begin(async (client) => {
        const pinned = client.unsafe(pin.query, [...pin.values], { prepare: true }).execute();
        const [done] = await Promise.all([work(transactionOn(client)), pinned]);
        return { done };
      });
      return result.done;
    } catch (error) {
      throw translated(error);
    }
  }

  try {
    const [role] = await pool<{ unsafe: boolean }[]>`
      select rolsuper or rolbypassrls
        or pg_has_role(current_user, (select relowner from pg_class where oid = 'postern.scans'::regclass), 'USAGE') as unsafe
      from pg_roles where rolname = current_user`;
    if (role?.unsafe !== false) {
      throw new PosternError('config.invalid', 'The login of DATABASE_APP_URL could pass row-level security by.');
    }
  } catch (error) {
    await pool.end({ timeout: 0 });
    throw translated(error);
  }

  return {
    async withTenant(tenant, actor, work) {
      return await inTransaction(actorPin(tenant, actor), (tx) => work(createTenantDb(tx, tenant)));
    },
    withSystem: (purpose, work, facts) =>
      inTransaction(purposePin(purpose, facts?.ip), (tx) => work(createSystemDb(tx))),
    intake: createScanIntake(scanSessions),
    async onMailboxChange(tell) {
      const listening = await pool.listen(MAILBOX_CHANNEL, (payload) => {
        const [tenant = '', mailbox = ''] = payload.split(' ');
        tell(tenant, mailbox);
      });
      return () => listening.unlisten();
    },
    async close() {
      await Promise.all([pool.end({ timeout: 5 }), scanSessions.end({ timeout: 5 })]);
    },
  };
}

const dialect = new PgDialect();

/** As drizzle makes them in its own `transaction`, whose types say that only a pool can be a session's client. */
function transactionOn(client: TransactionSql): Transaction {
  const session = new PostgresJsSession(namedQueries(client) as unknown as Sql & TransactionSql, dialect, undefined);
  return new PostgresJsTransaction(dialect, session, undefined) as unknown as Transaction;
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
