import type { UserId } from '../store.js';

export const CONSENT_KINDS = ['mailbox', 'llm', 'gateway'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

export interface ConsentRow {
  readonly kind: ConsentKind;
  readonly granted: boolean;
  readonly at: Date;
}

export interface ExportRow {
  readonly id: string;
  readonly status: 'waiting' | 'running' | 'ready' | 'failed';
  readonly messagesDone: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type ExportFile = 'json' | 'mbox';

/** What concerns the acting person in the pinned tenant. */
export interface PrivacyTable {
  /** Every change there was, the newest first: a withdrawal is a row of its own. */
  consents(): Promise<readonly ConsentRow[]>;
  addConsent(userId: UserId, kind: ConsentKind, granted: boolean): Promise<void>;
  deletions(): Promise<{ readonly account: Date | null; readonly tenant: Date | null }>;
  /** When the account goes; null: refused while others depend on its owner. Taking it back always works. */
  askForDeletion(wanted: boolean): Promise<Date | null>;
  /** When the organisation goes; null: it was taken back. For its owner. */
  askForPurge(wanted: boolean): Promise<Date | null>;
  /** Leaves a scan that was deleted for the log of deletions, which `ErasureTable.takeDeletedScans` fills. */
  noteDeletedScan(id: string): Promise<void>;
  /** What directory and provider of the organisation say of the acting person, and what they reported: an entry each, with its `kind`. */
  saidOfMe(): Promise<readonly unknown[]>;
  exports(): Promise<readonly ExportRow[]>;
  addExport(id: string, userId: UserId): Promise<void>;
  updateExport(id: string, status: ExportRow['status'], messagesDone: number): Promise<void>;
  /** Throws away what an attempt before has written. */
  clearParts(id: string): Promise<void>;
  addPart(id: string, userId: UserId, file: ExportFile, partNo: number, sealed: Uint8Array): Promise<void>;
  part(id: string, file: ExportFile, partNo: number): Promise<Uint8Array | null>;
}

/** What was erased at once. */
export interface Erased {
  /** Null: an organisation, and no account with it. */
  readonly account: UserId | null;
  /** Tenants that went; of an account its own space, and an organisation that nobody else was in. */
  readonly tenants: readonly string[];
}

/** For the purpose 'erasure'. */
export interface ErasureTable {
  /** Mailboxes that people connected and that go with what is due: providers are asked before it is gone. */
  mailboxesToEnd(): Promise<readonly { readonly tenantId: string; readonly mailboxId: string }[]>;
  /** Erases one account or organisation whose time has come; null when none is left. */
  next(): Promise<Erased | null>;
  /** Erases what of this is here; how many were. */
  again(
    accounts: readonly string[],
    tenants: readonly string[],
  ): Promise<{ readonly accounts: number; readonly tenants: number }>;
  /** Scans that were deleted and are not in the log of deletions yet; out of here once this transaction is committed. */
  takeDeletedScans(most: number): Promise<readonly { readonly tenantId: string; readonly id: string }[]>;
  /** How far this database has gone along with the log; null: it never did. */
  loggedUntil(): Promise<Date | null>;
  /** It has until then; `again`: so many scans were taken again on the way. */
  markLogged(until: Date, again: number): Promise<void>;
  keysToDestroy(): Promise<readonly string[]>;
  keyDestroyed(tenantId: string): Promise<void>;
  /** Removes exports that have run out. */
  forgetExports(): Promise<void>;
}
