import { sql } from 'drizzle-orm';
import { PosternError } from '../errors.js';
import { codeOf } from './connect.js';
import { createAccountTable, createOneTimeTokenTable } from './tables/accounts/accounts.js';
import { createIdentityTable } from './tables/accounts/identities.js';
import { createMailTable } from './tables/accounts/mail.js';
import { createDomainSchedule, createOrganisationSignInTable } from './tables/organisations/single-sign-on.js';
import { createApiKeyLookup } from './tables/organisations/api-keys.js';
import { createAuditSeals } from './tables/governance/audit.js';
import { createInvitationLinkTable } from './tables/organisations/people.js';
import { createPermitTable } from './tables/permits.js';
import { createPlatformTable } from './tables/organisations/platform.js';
import { createErasureTable } from './tables/governance/privacy.js';
import { createDirectorySchedule } from './tables/mailboxes/directories.js';
import { createMailboxSchedule } from './tables/mailboxes/mailbox-schedule.js';
import { createReputationTable } from './tables/detection/reputation.js';
import { createSecondFactorTable } from './tables/accounts/second-factors.js';
import type { Transaction } from './session.js';
import { createSessionTable, createSetupLinkTable } from './tables/accounts/sign-in.js';
import type { SystemDb, UserRow } from './store.js';
import { toUser } from './user-row.js';
import type { AccountRow } from './user-row.js';

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createSystemDb(tx: Transaction): SystemDb {
  const byId = async (id: string): Promise<UserRow | null> => {
    const [row] = await tx.execute<AccountRow>(sql`select * from postern.find_account_by_id(${id})`);
    return row === undefined ? null : toUser(row);
  };
  return {
    sessions: createSessionTable(tx),
    apiKeys: createApiKeyLookup(tx),
    setupLinks: createSetupLinkTable(tx),
    reputation: createReputationTable(tx),
    accounts: createAccountTable(tx),
    tokens: createOneTimeTokenTable(tx),
    secondFactors: createSecondFactorTable(tx),
    identities: createIdentityTable(tx),
    organisationSignIn: createOrganisationSignInTable(tx),
    mail: createMailTable(tx),
    invitationLinks: createInvitationLinkTable(tx),
    auditSeals: createAuditSeals(tx),
    permits: createPermitTable(tx),
    platform: createPlatformTable(tx),
    erasure: createErasureTable(tx),
    mailboxes: createMailboxSchedule(tx),
    directories: createDirectorySchedule(tx),
    domains: createDomainSchedule(tx),

    async findUserByEmail(email) {
      const [row] = await tx.execute<AccountRow>(sql`select * from postern.find_account_by_email(${email})`);
      return row === undefined ? null : toUser(row);
    },

    findUserById: byId,

    async recordSignIn(userId, outcome) {
      await tx.execute(sql`select postern.record_sign_in(${userId}::uuid, ${outcome})`);
    },

    async needsSetup() {
      const [row] = await tx.execute<{ needed: boolean }>(sql`select postern.needs_setup() as needed`);
      return row?.needed === true;
    },

    async createFirstAdministrator({ email, displayName, passwordHash, organisation }) {
      try {
        const [row] = await tx.execute<{ id: string }>(
          sql`select postern.create_first_administrator(${email}, ${displayName}, ${passwordHash}, ${organisation}) as id`,
        );
        const user = await byId(row?.id ?? '');
        if (user === null) throw new PosternError('internal', 'The administrator was not stored.');
        return user;
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('setup.already-done', 'postern has an administrator already.', { cause: error });
      }
    },

    async maintainPartitions() {
      const [row] = await tx.execute<{ created: number; dropped: number }>(
        sql`select created, dropped from postern.maintain_partitions()`,
      );
      return { created: row?.created ?? 0, dropped: row?.dropped ?? 0 };
    },

    async forgetLlmCalls() {
      const [row] = await tx.execute<{ gone: number }>(sql`select postern.forget_llm_calls() as gone`);
      return row?.gone ?? 0;
    },

    async forgetSenders() {
      const [row] = await tx.execute<{ gone: string | number }>(sql`select postern.forget_senders() as gone`);
      return Number(row?.gone ?? 0);
    },

    async forgetReports() {
      const [row] = await tx.execute<{ gone: string | number }>(sql`select postern.forget_reports() as gone`);
      return Number(row?.gone ?? 0);
    },

    async forgetRevocations(told) {
      const [row] = await tx.execute<{ gone: string | number }>(
        sql`select postern.forget_revocations(${JSON.stringify(told)}::jsonb) as gone`,
      );
      return Number(row?.gone ?? 0);
    },

    async ping() {
      await tx.execute(sql`select 1`);
    },
  };
}
