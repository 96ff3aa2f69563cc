import type { UserId } from '../store.js';

export type ReportStatus = 'waiting' | 'done' | 'repeated' | 'gone' | 'failed';
export type ReportKind = 'attached' | 'inline' | 'direct';
export type ReportDecision = 'dangerous' | 'spam' | 'harmless';

/** Whether the reporter was told what was found, or why not. */
export type ReportAnswer =
  'sent' | 'off' | 'automatic' | 'list' | 'outside' | 'unproven' | 'too-many' | 'older' | 'own' | 'no-address';

export interface ReportRow {
  readonly id: string;
  readonly mailboxId: string;
  /** At the provider. */
  readonly messageId: string;
  /** The member who reported. */
  readonly ownerId: UserId | null;
  readonly reporterName: string;
  readonly reporterAddress: string;
  readonly status: ReportStatus;
  readonly reason: string | null;
  readonly answer: ReportAnswer | null;
  readonly receivedAt: Date;
  /** Since when it waits, or did. */
  readonly notedAt: Date;
  readonly expiresAt: Date;
}

export interface ReportedRow {
  readonly reportId: string;
  readonly position: number;
  readonly groupId: string;
  readonly kind: ReportKind;
  readonly scanId: string;
}

/** What taking a report apart brought. */
export interface ReportDone {
  readonly ownerId: UserId | null;
  readonly reporterName: string;
  readonly reporterAddress: string;
  readonly sha256: string;
  readonly answer: ReportAnswer;
}

export interface ReportPosition {
  readonly at: Date;
  readonly id: string;
}

/** `unexamined`: those that wait for something, and those that came to nothing. */
export type ReportSelection = 'unexamined';

/** Mails to the tenant's abuse mailboxes. */
export interface ReportTable {
  /** Notes what arrived, once. */
  note(
    mailboxId: string,
    mails: readonly { readonly messageId: string; readonly receivedAt: Date | null }[],
  ): Promise<void>;
  /** Those of a mailbox, or of all (null), that nobody has taken apart yet, oldest first, at most 500. */
  waiting(mailboxId: string | null): Promise<readonly string[]>;
  get(id: string): Promise<ReportRow | null>;
  /** Until this transaction ends nobody else takes it apart; null where somebody has. */
  lockWaiting(id: string): Promise<ReportRow | null>;
  /** Whether the mailbox had a mail of the same bytes before. */
  hasContent(mailboxId: string, sha256: string): Promise<boolean>;
  /** Why it cannot be taken now. It does not expire before what it leads to would. */
  wait(id: string, reason: string): Promise<void>;
  /** One that ended without a verdict waits again; null where there is none. */
  reopen(id: string): Promise<ReportRow | null>;
  finish(id: string, done: ReportDone): Promise<void>;
  close(id: string, status: Exclude<ReportStatus, 'waiting' | 'done'>, reason: string | null): Promise<void>;
  addMessage(message: ReportedRow & { readonly toldDecision: ReportDecision | null }): Promise<void>;
  /** Answers to an address in the last hour. */
  answersLately(address: string): Promise<number>;
  /** Newest first; without those that came twice. */
  list(limit: number, after: ReportPosition | null, only: ReportSelection | null): Promise<readonly ReportRow[]>;
  messagesOf(reportIds: readonly string[]): Promise<readonly ReportedRow[]>;
}

export interface ReportMark {
  readonly kind: 'message-id' | 'text' | 'url' | 'file' | 'subject';
  /** 16 bytes. */
  readonly digest: Uint8Array;
}

export interface NewReportGroup {
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly label: string;
  readonly score: number;
  readonly expiresAt: Date;
}

export interface ReportGroupRow extends NewReportGroup {
  readonly id: string;
  readonly state: 'open' | 'resolved';
  readonly decision: ReportDecision | null;
  readonly words: string;
  readonly resolvedAt: Date | null;
  readonly createdAt: Date;
  readonly lastAt: Date;
  /** Messages, and different people who sent them. */
  readonly reports: number;
  readonly reporters: number;
}

/** Somebody who has not heard of a decision yet. */
export interface Untold {
  readonly address: string;
  readonly ownerId: UserId | null;
  readonly scanId: string;
}

/** Reported messages that are the same, or alike. */
export interface ReportGroupTable {
  /** One after the other in a tenant: two reports of one message have to find each other's group. */
  lock(): Promise<void>;
  /** The oldest that has one of these marks. */
  find(marks: readonly ReportMark[]): Promise<ReportGroupRow | null>;
  add(group: NewReportGroup): Promise<ReportGroupRow>;
  /** One more message belongs to it. */
  join(id: string, latest: Pick<NewReportGroup, 'label' | 'score' | 'expiresAt'>): Promise<void>;
  /** A mark that another group has stays there. */
  addMarks(id: string, marks: readonly ReportMark[]): Promise<void>;
  get(id: string): Promise<ReportGroupRow | null>;
  list(state: ReportGroupRow['state'], limit: number, after: ReportPosition | null): Promise<readonly ReportGroupRow[]>;
  /** Its reports, newest first, with how the message came. */
  reportsOf(id: string, limit: number): Promise<readonly (ReportRow & Pick<ReportedRow, 'kind' | 'scanId'>)[]>;
  resolve(id: string, decision: ReportDecision, words: string): Promise<void>;
  /** Those who were answered, each once, and have not heard of this decision; they count as told from now on. */
  takeUntold(id: string, decision: ReportDecision): Promise<readonly Untold[]>;
}
