import type { TenantId } from '../store.js';

export type DirectoryMode = 'none' | 'all' | 'some' | 'group';

export interface DirectoryRow {
  readonly id: string;
  readonly provider: 'gmail' | 'microsoft-graph';
  /** What is no secret: whose directory it is, and as whom it is read. */
  readonly settings: unknown;
  /** Sealed. */
  readonly credentials: string;
  readonly access: 'read' | 'change';
  readonly mode: DirectoryMode;
  readonly groupId: string | null;
  readonly groupName: string | null;
  /** Null: everything that is there. */
  readonly backfillDays: number | null;
  /** Why an administrator is needed. */
  readonly attention: string | null;
  /** People when it was last read whole. */
  readonly people: number | null;
  readonly readAt: Date | null;
  readonly createdAt: Date;
  /** Another one once anything about it has changed. */
  readonly version: string;
  /** Mailboxes connected with it, and those of them that need somebody. */
  readonly connected: number;
  readonly inNeed: number;
}

export interface DirectoryChoice {
  readonly mode: Exclude<DirectoryMode, 'none'>;
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly people: readonly string[];
  readonly backfillDays: number | null;
}

/** Accesses to the mailboxes of the whole organisation. */
export interface DirectoryTable {
  list(): Promise<readonly DirectoryRow[]>;
  get(id: string): Promise<DirectoryRow | null>;
  /** A new one for the provider, or new credentials of the one there is; sealing needs its id. */
  save(
    provider: DirectoryRow['provider'],
    access: DirectoryRow['access'],
    settings: unknown,
    seal: (id: string) => string,
  ): Promise<DirectoryRow>;
  /**
   * Whether it is still as it was read; then it stays so until this transaction ends. Whoever connects mailboxes asks first: with what was
   * taken back meanwhile nothing is opened any more.
   */
  hold(id: string, version: string): Promise<boolean>;
  /** Waits for whoever holds it; nobody holds it until this transaction ends. */
  lock(id: string): Promise<void>;
  choose(id: string, choice: DirectoryChoice): Promise<void>;
  choices(id: string): Promise<ReadonlySet<string>>;
  needsAttention(id: string, reason: string): Promise<void>;
  wasRead(id: string, people: number): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Over all tenants, for `withSystem('mailboxes')`. */
export interface DirectorySchedule {
  takeDue(most: number): Promise<readonly { readonly tenantId: TenantId; readonly directoryId: string }[]>;
}
