import type {
  AccountTable,
  IdentityTable,
  MailTable,
  OneTimeTokenTable,
  SecondFactorTable,
  SignInRulesTable,
} from './interfaces/account-tables.js';
import type { ApiKeyLookup, ApiKeyTable } from './interfaces/api-keys.js';
import type { AuditTable } from './interfaces/audit.js';
import type { InvitationLinkTable, InvitationTable, MemberTable } from './interfaces/people.js';
import type { PlanTable, PlatformTable } from './interfaces/plans.js';
import type { ErasureTable, PrivacyTable } from './interfaces/privacy.js';
import type { ReportGroupTable, ReportTable } from './interfaces/reports.js';
import type { AuditSeals } from './tables/governance/audit.js';
import type { FeedbackTable } from './interfaces/feedback.js';
import type { DirectorySchedule, DirectoryTable } from './interfaces/directories.js';
import type { DetectionTable } from './tables/detection/detection.js';
import type { MailboxSchedule, MailboxTable, MessageTable } from './interfaces/mailbox-rows.js';
import type { ConsentTable } from './tables/mailboxes/consents.js';
import type { RevocationTable } from './tables/mailboxes/revocations.js';
import type { IdempotencyTable } from './tables/scans/idempotency.js';
import type { InsightTable } from './tables/scans/insights.js';
import type { ScanToInsert } from './tables/scans/insert-scans.js';
import type { LlmTable } from './tables/detection/llm.js';
import type { PermitTable, TenantPermitTable } from './tables/permits.js';
import type { ReputationTable } from './tables/detection/reputation.js';
import type { ScanIntake } from './intake/scan-intake.js';
import type { SenderHistoryTable } from './tables/scans/sender-history.js';
import type { ProvisioningTable } from './interfaces/provisioning.js';
import type {
  DomainSchedule,
  DomainTable,
  OrganisationProviderTable,
  OrganisationSignInTable,
} from './interfaces/single-sign-on.js';
import type { SessionTable, SetupLinkTable, TicketTable } from './interfaces/sign-in-sessions.js';
import type { SupportTable } from './interfaces/support.js';

export type TenantId = string;
export type UserId = string;

/**
 * Who acts. The database pins tenant, user and role for the transaction and row-level security enforces them:
 * a member sees what they own, an admin sees the tenant's verdicts, content of others only with a stated reason.
 */
export type Actor =
  | {
      readonly kind: 'user';
      readonly userId: UserId;
      readonly role: TenantRole;
      readonly accessReason?: string;
      readonly ip?: string;
    }
  /** A super admin, as far as a grant of the tenant reaches; the database asks for the grant with every query. */
  | {
      readonly kind: 'support';
      readonly userId: UserId;
      readonly grantId: string;
      readonly accessReason?: string;
      readonly ip?: string;
    }
  /** Background work of the tenant: scans, retention, export. */
  | { readonly kind: 'worker'; readonly job: string };

export const TENANT_ROLES = ['user', 'org_member', 'org_admin', 'org_owner'] as const;
export type TenantRole = (typeof TENANT_ROLES)[number];

/** Work that belongs to no tenant. Each purpose has a narrow database role or definer function of its own, never message content. */
export type SystemPurpose =
  | 'setup'
  | 'sign-in'
  | 'partitions'
  | 'health'
  | 'jobs'
  | 'reputation'
  | 'mail'
  | 'invitation'
  | 'audit'
  | 'limits'
  | 'platform'
  | 'erasure'
  | 'mailboxes'
  | 'domains';

/** The only way to tenant data: a transaction with the tenant pinned, row-level security underneath. */
export interface Store {
  withTenant<T>(tenant: TenantId, actor: Actor, work: (db: TenantDb) => Promise<T>): Promise<T>;
  /** `ip` is recorded with what is audited on the way; left out where addresses are not recorded. */
  withSystem<T>(
    purpose: SystemPurpose,
    work: (db: SystemDb) => Promise<T>,
    facts?: { readonly ip?: string },
  ): Promise<T>;
  /** The two ends of a scan, each one way to the database instead of a transaction's six. */
  readonly intake: ScanIntake;
  /** Tells when something about a mailbox changed, in any process: names only. Returns how to stop listening. */
  onMailboxChange(tell: (tenant: TenantId, mailboxId: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface TenantDb {
  readonly tenant: TenantId;
  readonly scans: ScanTable;
  readonly contents: ContentTable;
  readonly audit: AuditTable;
  readonly tickets: TicketTable;
  readonly idempotency: IdempotencyTable;
  readonly llm: LlmTable;
  readonly mail: MailTable;
  readonly signInRules: SignInRulesTable;
  readonly apiKeys: ApiKeyTable;
  readonly senders: SenderHistoryTable;
  readonly domains: DomainTable;
  readonly identityProviders: OrganisationProviderTable;
  readonly provisioning: ProvisioningTable;
  readonly permits: TenantPermitTable;
  readonly members: MemberTable;
  readonly invitations: InvitationTable;
  readonly plan: PlanTable;
  readonly privacy: PrivacyTable;
  readonly insights: InsightTable;
  readonly consents: ConsentTable;
  readonly mailboxes: MailboxTable;
  readonly messages: MessageTable;
  readonly revocations: RevocationTable;
  readonly support: SupportTable;
  readonly feedback: FeedbackTable;
  readonly directories: DirectoryTable;
  readonly reports: ReportTable;
  readonly reportGroups: ReportGroupTable;
  readonly profile: { get(): Promise<TenantRow> };
  readonly detection: DetectionTable;
  /** Queues a job in this transaction; the tenant is stamped by the database. `key` makes it idempotent. */
  enqueue(task: string, payload: Readonly<Record<string, unknown>>, options?: { readonly key?: string }): Promise<void>;
  /** The same, not before so many seconds have passed. Jobs of a higher rank wait while there are others (`enqueue`: 0). */
  enqueueLater(
    task: string,
    payload: Readonly<Record<string, unknown>>,
    options: { readonly key: string; readonly seconds?: number; readonly rank?: number },
  ): Promise<void>;
}

export interface TenantRow {
  readonly id: TenantId;
  readonly name: string;
  readonly kind: 'personal' | 'organisation';
  readonly tier: 'community' | 'professional' | 'enterprise' | 'unlimited';
  /** Days a scan is kept. */
  readonly retentionDays: number;
  /** TenantProfile as JSON: domains, people, lists, weights, trusted authserv-ids. */
  readonly profile: unknown;
  /** Raised with each change of the profile. */
  readonly profileVersion: number;
}

export interface NewScan {
  readonly ownerId: UserId | null;
  readonly mailboxId: string | null;
  readonly source: 'upload' | 'json' | 'mailbox' | 'checkv2' | 'report';
  readonly sha256: string;
  readonly size: number;
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly messageDate: string | null;
  readonly label: string;
  readonly score: number;
  /** The verdict as JSON, without the message's content beyond the evidence. */
  readonly verdict: unknown;
  readonly milliseconds: number;
  readonly indicators: readonly { readonly kind: string; readonly value: string }[];
}

export interface ScanRow extends Omit<NewScan, 'indicators'> {
  /** Public id: carries the expiry day, so that a lookup touches one partition. */
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly rescannedAt: Date | null;
}

export interface ScanFilter {
  readonly labels?: readonly string[];
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly until?: Date;
  /** Case-insensitive part of the sender's name or address. */
  readonly sender?: string;
  /** Case-insensitive part of the subject. */
  readonly subject?: string;
  /** Each of them has to be an indicator of the scan. */
  readonly indicators?: readonly IndicatorFilter[];
  readonly mailboxId?: string;
}

export interface IndicatorFilter {
  readonly kinds: readonly string[];
  /** Any of these, exactly. */
  readonly values: readonly string[];
}

/** Newest first: everything older than this scan. */
export interface ScanPosition {
  /** Absent: as the id says. */
  readonly expiresAt?: Date;
  readonly createdAt: Date;
  readonly id: string;
}

export interface ScanTable {
  /** Stores verdict, indicators and the sealed message. The id is chosen by `reserveId` first. */
  insert(id: string, expiresAt: Date, scan: NewScan, sealed?: Uint8Array): Promise<ScanRow>;
  /** The same for the messages of a page, which have been sealed. */
  insertAll(entries: readonly ScanToInsert[]): Promise<void>;
  /** A fresh public id and expiry from the tenant's retention; nothing is written. */
  reserveId(): Promise<{ readonly id: string; readonly expiresAt: Date }>;
  /** Several at once, in one way to the database. */
  reserveIds(count: number): Promise<{ readonly id: string; readonly expiresAt: Date }[]>;
  /** Null when it does not exist, has expired, or is not the actor's to see: the caller cannot tell which. */
  get(id: string): Promise<ScanRow | null>;
  list(filter: ScanFilter, limit: number, after: ScanPosition | null): Promise<readonly ScanRow[]>;
  /** Replaces the verdict after a rescan. */
  replaceVerdict(
    id: string,
    verdict: Pick<NewScan, 'label' | 'score' | 'verdict' | 'milliseconds' | 'indicators'>,
  ): Promise<ScanRow | null>;
  /** Deletes scan, content, indicators and message identity; false when there was nothing to delete. */
  delete(id: string): Promise<boolean>;
  /** In how many of the newest `most` scans since a moment each finding was reported. */
  countFindings(since: Date, most: number): Promise<FindingCounts>;
  /** Moves up to `most` scans to where the tenant's retention wants them; fewer: all are there. For background work. */
  moveRetention(most: number): Promise<number>;
  /** Verdicts by label and day for the overview. */
  countsByDay(
    since: Date,
  ): Promise<readonly { readonly day: string; readonly label: string; readonly count: number }[]>;
}

export interface FindingCounts {
  /** Scans that were looked at. */
  readonly scans: number;
  readonly byFinding: ReadonlyMap<string, number>;
}

export interface ContentTable {
  /** `sealed` is opaque to the database. */
  put(scanId: string, sealed: Uint8Array): Promise<void>;
  get(scanId: string): Promise<Uint8Array | null>;
}

export interface UserRow {
  readonly id: UserId;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly superAdmin: boolean;
  readonly suspended: boolean;
  /** Raised to void every access token issued before. */
  readonly tokenEpoch: number;
  readonly memberships: readonly {
    readonly tenantId: TenantId;
    readonly role: TenantRole;
    readonly tenantName: string;
  }[];
}

export interface SystemDb {
  readonly sessions: SessionTable;
  readonly apiKeys: ApiKeyLookup;
  readonly setupLinks: SetupLinkTable;
  readonly reputation: ReputationTable;
  readonly accounts: AccountTable;
  readonly tokens: OneTimeTokenTable;
  readonly secondFactors: SecondFactorTable;
  readonly identities: IdentityTable;
  readonly organisationSignIn: OrganisationSignInTable;
  readonly mail: MailTable;
  readonly invitationLinks: InvitationLinkTable;
  readonly auditSeals: AuditSeals;
  readonly permits: PermitTable;
  readonly platform: PlatformTable;
  readonly erasure: ErasureTable;
  readonly mailboxes: MailboxSchedule;
  readonly directories: DirectorySchedule;
  readonly domains: DomainSchedule;
  /** For sign-in only. */
  findUserByEmail(email: string): Promise<UserRow | null>;
  findUserById(id: UserId): Promise<UserRow | null>;
  /** Null: nobody has such an account. */
  recordSignIn(userId: UserId | null, outcome: 'succeeded' | 'failed'): Promise<void>;
  /** True until the first administrator exists. */
  needsSetup(): Promise<boolean>;
  /** Creates the platform administrator with a personal tenant and one organisation they own; fails if anyone was faster. */
  createFirstAdministrator(input: {
    readonly email: string;
    readonly displayName: string;
    readonly passwordHash: string;
    readonly organisation: string;
  }): Promise<UserRow>;
  /** Creates the partitions of the days to come and drops the expired ones, by the database's clock; safe at any time and twice. */
  maintainPartitions(): Promise<{ readonly created: number; readonly dropped: number }>;
  /** Removes records of language model calls that are older than thirteen months; how many. */
  forgetLlmCalls(): Promise<number>;
  /** Removes senders of every tenant that have not been seen for long; how many. */
  forgetSenders(): Promise<number>;
  /** Removes reports of suspicious mail whose time is over; how many. */
  forgetReports(): Promise<number>;
  /** Removes what was kept to end something at a provider and is over; how many. */
  forgetRevocations(told: readonly string[]): Promise<number>;
  ping(): Promise<void>;
}
