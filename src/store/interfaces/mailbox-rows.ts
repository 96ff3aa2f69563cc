import type { TenantId, UserId } from '../store.js';

export interface MailboxRow {
  readonly id: string;
  /** Null: the organisation's, of somebody who has no account here. */
  readonly ownerId: UserId | null;
  readonly provider: 'gmail' | 'microsoft-graph' | 'imap';
  readonly address: string;
  readonly status: 'connected' | 'attention' | 'disconnected';
  readonly paused: boolean;
  /** Why its owner is needed. */
  readonly attention: string | null;
  readonly stillHeld: readonly string[];
  /** What the connector needs and is no secret. */
  readonly settings: unknown;
  /** Sealed; null once disconnected. */
  readonly credentials: string | null;
  readonly cursor: string | null;
  readonly backfill: 'running' | 'done';
  readonly backfillSince: Date | null;
  readonly backfillPage: string | null;
  /** As the provider tells, where it does. */
  readonly backfillTotal: number | null;
  readonly backfillSeen: number;
  readonly scanned: number;
  readonly setAside: number;
  /** Messages a second of late; null where nothing was read in the last minute. */
  readonly pace: number | null;
  readonly failures: number;
  readonly fault: string | null;
  readonly faultSince: Date | null;
  readonly quietLooks: number;
  readonly createdAt: Date;
  readonly connectedAt: Date;
  readonly disconnectedAt: Date | null;
  readonly syncedAt: Date | null;
  readonly lastMessageAt: Date | null;
  /** While it waits for the plan to have scans again: when it has at the latest. */
  readonly quotaUntil: Date | null;
  /** Sealed: what stands at a provider that calls postern when there is news. */
  readonly pushState: string | null;
  /** Since when what arrives in it is a report of suspicious mail; null: it is a mailbox like any other. */
  readonly abuseSince: Date | null;
  /** Who is told what became of a report: nobody, people of the organisation, or whoever proves who they are besides. */
  readonly abuseAnswers: AbuseAnswers;
  /** Connected with this access of the organisation, and who it is in that directory; null: connected by a person. */
  readonly directoryId: string | null;
  readonly personId: string | null;
  /** An administrator has disconnected it alone: reading the directory does not connect it again. */
  readonly leftOut: boolean;
}

/** How a mailbox is, as people are told: the first of these that applies. */
export type MailboxState = 'disconnected' | 'attention' | 'paused' | 'waiting' | 'unreachable' | 'reading' | 'well';

export interface MailboxQuery {
  /** Part of the address, whatever its case. */
  readonly text: string | null;
  readonly state: MailboxState | null;
  readonly limit: number;
  readonly after: MailboxPosition | null;
}

export interface MailboxPosition {
  readonly address: string;
  readonly id: string;
}

export type AbuseAnswers = 'nobody' | 'organisation' | 'anyone';

export interface NewMailbox {
  readonly ownerId: UserId | null;
  readonly provider: MailboxRow['provider'];
  readonly address: string;
  readonly settings: unknown;
  readonly backfill: MailboxRow['backfill'];
  readonly backfillSince: Date | null;
}

/** What one page of reading changed. */
export interface PageDone {
  readonly cursor: string;
  readonly backfill: MailboxRow['backfill'];
  readonly backfillPage: string | null;
  /** Null: as it was. */
  readonly backfillTotal: number | null;
  readonly backfillSeen: number;
  readonly scanned: number;
  readonly setAside: number;
  /** Messages dealt with, for the pace. */
  readonly handled: number;
  readonly lastMessageAt: Date | null;
  readonly quietLooks: number;
  readonly nextSyncSeconds: number;
}

/** Mailboxes that the actor may see. */
export interface MailboxTable {
  /** Throws `mailbox.exists` where the tenant has this address already. */
  insert(mailbox: NewMailbox): Promise<MailboxRow>;
  get(id: string): Promise<MailboxRow | null>;
  findByAddress(provider: MailboxRow['provider'], address: string): Promise<MailboxRow | null>;
  /** By address. */
  list(): Promise<readonly MailboxRow[]>;
  page(query: MailboxQuery): Promise<readonly MailboxRow[]>;
  /** New credentials: it is connected from now on, whatever it was. Without a cursor it is read on from where it was; null: nowhere yet. */
  connect(id: string, sealed: string, settings: unknown, cursor?: string | null): Promise<void>;
  /**
   * Reading what was there begins anew, as it was chosen now; 'done': not at all, also where an older choice was not finished. Whoever
   * reads a page meanwhile loses the lease: queue the mailbox.
   */
  chooseBackfill(id: string, backfill: MailboxRow['backfill'], since: Date | null): Promise<void>;
  /** Those that were connected with an access of the organisation, also the disconnected ones. */
  listOfDirectory(directoryId: string): Promise<readonly MailboxRow[]>;
  /** Whose it is, and by which access it was connected. */
  assign(id: string, to: Pick<MailboxRow, 'ownerId' | 'directoryId' | 'personId'>): Promise<void>;
  setLeftOut(id: string, leftOut: boolean): Promise<void>;
  /** The choice was made anew. */
  leaveNobodyOut(directoryId: string): Promise<void>;
  setPaused(id: string, paused: boolean): Promise<void>;
  /** From now on it takes reports, or no longer does. */
  setAbuse(id: string, answers: AbuseAnswers | null): Promise<void>;
  needsAttention(id: string, reason: string): Promise<void>;
  /** The credentials are gone with this. */
  disconnect(id: string): Promise<void>;
  setStillHeld(id: string, stillHeld: readonly string[]): Promise<void>;
  /** Replaces refreshed credentials of a mailbox that is still connected with those it replaces. */
  saveCredentials(id: string, sealed: string): Promise<void>;
  /** The sealed credentials, which nobody else replaces until this transaction ends; null where there are none any more. */
  lockCredentials(id: string): Promise<string | null>;
  /** What stands at a provider that calls postern, and in how many seconds it has to be renewed; of a mailbox that is still connected. */
  keepPush(id: string, sealed: string | null, seconds: number): Promise<void>;
  renewPushNow(id: string): Promise<void>;
  /** Takes the lease, or notes that another look is wanted and returns null where somebody else has it. */
  lease(id: string, holder: string): Promise<MailboxRow | null>;
  renewLease(id: string, holder: string): Promise<void>;
  /** Gives it back until the plan has scans again, which is at `until` or, should there be more before, seen within minutes. */
  waitForQuota(id: string, holder: string, until: Date): Promise<void>;
  /** Gives it back; whether another look was wanted meanwhile. */
  releaseLease(id: string, holder: string): Promise<{ readonly again: boolean }>;
  /** Moves the cursor and gives the lease back; null where the lease is lost, so that nothing of the page may be stored. Whose it is now. */
  finishPage(
    id: string,
    holder: string,
    done: PageDone,
  ): Promise<{ readonly again: boolean; readonly ownerId: UserId | null } | null>;
  /** Gives the lease back after a fault; the cursor stays. */
  recordFault(id: string, holder: string, fault: string, nextSyncSeconds: number): Promise<void>;
  /** The cursor is worthless: start over, and read again what may have been missed. */
  startOver(id: string, holder: string): Promise<void>;
  /** Tells every process, once this is committed, that something about it changed. */
  announce(id: string): Promise<void>;
}

export interface KnownMessage {
  readonly scanId: string;
  readonly expiresAt: Date;
}

export interface SetAsideRow {
  readonly messageId: string;
  readonly folder: string;
  readonly receivedAt: Date | null;
  readonly reason: string;
  readonly at: Date;
}

/** Which message of a mailbox became which scan. */
export interface MessageTable {
  byId(mailboxId: string, ids: readonly string[]): Promise<ReadonlyMap<string, KnownMessage>>;
  byContent(mailboxId: string, sha256: readonly string[]): Promise<ReadonlyMap<string, KnownMessage>>;
  /** The ids that were not there before: theirs is the scan to be stored. Waits for others who add the same. */
  add(
    mailbox: { readonly id: string; readonly ownerId: UserId | null },
    entries: readonly (KnownMessage & { readonly id: string; readonly sha256: string })[],
  ): Promise<ReadonlySet<string>>;
  setAside(
    mailbox: { readonly id: string; readonly ownerId: UserId | null },
    entries: readonly Omit<SetAsideRow, 'at'>[],
  ): Promise<number>;
  listSetAside(mailboxId: string, limit: number): Promise<readonly SetAsideRow[]>;
  setAsideIds(mailboxId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** What was scanned of these messages as nobody's becomes theirs whose the mailbox is now. For background work. */
  claim(mailboxId: string, ids: readonly string[]): Promise<void>;
  /**
   * The same for what was read since the mailbox is this person's, at most so many messages after `last`. How many scans; `last` for
   * the next call, null at the end.
   */
  handOver(
    mailboxId: string,
    last: string,
    most: number,
  ): Promise<{ readonly last: string | null; readonly scans: number }>;
  /** It could be scanned after all. */
  takeBack(mailboxId: string, id: string): Promise<void>;
}

/** Names of mailboxes over all tenants, for `withSystem('mailboxes')`. */
export interface MailboxSchedule {
  takeDue(most: number): Promise<readonly { readonly tenantId: TenantId; readonly mailboxId: string }[]>;
  claimPushes(
    holder: string,
    providers: readonly string[],
    most: number,
  ): Promise<readonly { readonly tenantId: TenantId; readonly mailboxId: string; readonly connectedAt: Date }[]>;
  releasePushes(holder: string): Promise<void>;
  /** Those of these providers that nobody calls about yet, or whose subscription has to be renewed. */
  takeDuePushes(
    providers: readonly string[],
    most: number,
  ): Promise<readonly { readonly tenantId: TenantId; readonly mailboxId: string }[]>;
  /** Whether a person has connected a mailbox of this address besides, in whatever tenant. */
  isConnectedElsewhere(mailbox: Pick<MailboxRow, 'id' | 'provider' | 'address'>): Promise<boolean>;
  /** What this mailbox has ended at its provider may have told of it in other tenants too: asked for again there at the next look. */
  renewPushesElsewhere(mailbox: Pick<MailboxRow, 'id' | 'provider' | 'address'>): Promise<void>;
  /** The connected ones of this address, in whatever tenant. */
  connected(
    provider: MailboxRow['provider'],
    address: string,
  ): Promise<readonly { readonly tenantId: TenantId; readonly mailboxId: string }[]>;
}
