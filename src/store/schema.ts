import {
  bigint,
  boolean,
  customType,
  date,
  integer,
  jsonb,
  pgSchema,
  real,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

/** What the queries are typed with. The tables themselves, their policies and partitions are in migrations/. */
const postern = pgSchema('postern');

const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});

/** Every table that expires carries the day, which chooses the partition, and the exact time, which the policies demand. */
const expiring = {
  tenantId: uuid('tenant_id').notNull(),
  scanId: text('scan_id').notNull(),
  expiresOn: date('expires_on').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  ownerId: uuid('owner_id'),
};

export const tenants = postern.table('tenants', {
  tenantId: uuid('tenant_id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['personal', 'organisation'] }).notNull(),
  tier: text('tier', { enum: ['community', 'professional', 'enterprise', 'unlimited'] }).notNull(),
  retentionDays: smallint('retention_days').notNull(),
  profile: jsonb('profile').notNull(),
  profileVersion: integer('profile_version').notNull().default(0),
});

export const detectionProfiles = postern.table('detection_profiles', {
  tenantId: uuid('tenant_id').notNull(),
  version: integer('version').notNull(),
  profile: jsonb('profile').notNull(),
  changes: jsonb('changes').notNull(),
  restored: integer('restored'),
  changedAt: timestamp('changed_at', { withTimezone: true }).notNull().defaultNow(),
  changedBy: uuid('changed_by'),
  changedByName: text('changed_by_name').notNull(),
});

export const scans = postern.table('scans', {
  ...expiring,
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  rescannedAt: timestamp('rescanned_at', { withTimezone: true }),
  mailboxId: uuid('mailbox_id'),
  source: text('source', { enum: ['upload', 'json', 'mailbox', 'checkv2', 'report'] }).notNull(),
  sha256: text('sha256').notNull(),
  size: integer('size').notNull(),
  subject: text('subject').notNull(),
  fromName: text('from_name').notNull(),
  fromAddress: text('from_address').notNull(),
  messageDate: timestamp('message_date', { withTimezone: true }),
  label: text('label').notNull(),
  score: real('score').notNull(),
  milliseconds: integer('milliseconds').notNull(),
  verdict: jsonb('verdict').notNull(),
});

export const scanDays = postern.table('scan_days', {
  tenantId: uuid('tenant_id').notNull(),
  expiresOn: date('expires_on').notNull(),
  createdOn: date('created_on').notNull(),
});

export const messageContents = postern.table('message_contents', { ...expiring, sealed: bytea('sealed').notNull() });

export const indicators = postern.table('indicators', {
  ...expiring,
  kind: text('kind').notNull(),
  digest: bytea('digest').notNull(),
  value: text('value').notNull(),
});

export const auditEvents = postern.table('audit_events', {
  tenantId: uuid('tenant_id').notNull(),
  eventId: text('event_id').notNull(),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  target: text('target'),
  outcome: text('outcome', { enum: ['succeeded', 'refused'] }).notNull(),
  details: jsonb('details').notNull(),
  ip: text('ip'),
});

export const apiKeys = postern.table('api_keys', {
  tenantId: uuid('tenant_id').notNull(),
  keyId: uuid('key_id').notNull().defaultRandom(),
  ownerId: uuid('owner_id').notNull(),
  name: text('name').notNull(),
  scopes: text('scopes').array().notNull(),
  sandbox: boolean('sandbox').notNull(),
  hint: text('hint').notNull(),
  secretHash: bytea('secret_hash').notNull(),
  formerUntil: timestamp('former_until', { withTimezone: true }),
  rotatedAt: timestamp('rotated_at', { withTimezone: true }),
  networks: text('networks').array().notNull(),
  origins: text('origins').array().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp('expires_at', { withTimezone: true }),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
  lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
});

const at = (name: string) => timestamp(name, { withTimezone: true });

export const mailboxes = postern.table('mailboxes', {
  tenantId: uuid('tenant_id').notNull(),
  mailboxId: uuid('mailbox_id').notNull(),
  ownerId: uuid('owner_id'),
  provider: text('provider', { enum: ['gmail', 'microsoft-graph', 'imap'] }).notNull(),
  address: text('address').notNull(),
  status: text('status', { enum: ['connected', 'attention', 'disconnected'] })
    .notNull()
    .default('connected'),
  cursor: text('cursor'),
  createdAt: at('created_at').notNull().defaultNow(),
  settings: jsonb('settings').notNull(),
  credentials: text('credentials'),
  paused: boolean('paused').notNull().default(false),
  attention: text('attention'),
  stillHeld: jsonb('still_held').$type<readonly string[]>().notNull().default([]),
  connectedAt: at('connected_at').notNull().defaultNow(),
  disconnectedAt: at('disconnected_at'),
  backfill: text('backfill', { enum: ['running', 'done'] })
    .notNull()
    .default('done'),
  backfillSince: at('backfill_since'),
  backfillPage: text('backfill_page'),
  backfillTotal: integer('backfill_total'),
  backfillSeen: integer('backfill_seen').notNull().default(0),
  scanned: bigint('scanned', { mode: 'number' }).notNull().default(0),
  setAside: bigint('set_aside', { mode: 'number' }).notNull().default(0),
  pace: real('pace'),
  pacedAt: at('paced_at'),
  syncedAt: at('synced_at'),
  lastMessageAt: at('last_message_at'),
  failures: integer('failures').notNull().default(0),
  fault: text('fault'),
  faultSince: at('fault_since'),
  quietLooks: integer('quiet_looks').notNull().default(0),
  nextSyncAt: at('next_sync_at').notNull().defaultNow(),
  leaseHolder: uuid('lease_holder'),
  leaseUntil: at('lease_until'),
  syncAgain: boolean('sync_again').notNull().default(false),
  quotaUntil: at('quota_until'),
  pushState: text('push_state'),
  pushRenewAt: at('push_renew_at'),
  abuseSince: at('abuse_since'),
  directoryId: uuid('directory_id'),
  personId: text('person_id'),
  leftOut: boolean('left_out').notNull().default(false),
  personSince: timestamp('person_since', { withTimezone: true }),
  abuseAnswers: text('abuse_answers', { enum: ['nobody', 'organisation', 'anyone'] })
    .notNull()
    .default('organisation'),
});
