/** Where mailboxes are. */
export type Provider = 'gmail' | 'microsoft-graph' | 'imap';

/** One message at its provider. */
export interface MessageRef {
  /** Names the message in its mailbox for as long as the provider allows. Opaque to everyone but its connector; at most 500 characters. */
  readonly id: string;
  /** As people read it: 'INBOX', 'Entwürfe'. */
  readonly folder: string;
  /** When the provider took it in. */
  readonly receivedAt?: Date;
}

/** What a person needs to recognise a message before it is opened. */
export interface MessageSummary {
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  /** Bytes; null where the provider does not say. */
  readonly size: number | null;
}

export interface ListedMessage extends MessageRef {
  /** Given where the query asked for it. */
  readonly summary?: MessageSummary;
}

/** What came since a cursor, oldest first. */
export interface ChangePage {
  /** At most 50. New messages; a message may come twice, never not at all. */
  readonly messages: readonly MessageRef[];
  /** Ids of messages that are gone, where the provider tells. */
  readonly removed?: readonly string[];
  /** Valid once this page has been dealt with: whoever asks with the old one gets the page again. At most 100 KB. */
  readonly cursor: string;
  /** There is more already: ask again at once. */
  readonly more: boolean;
}

/** Messages that are there, newest first. */
export interface ListPage {
  /** At most `query.limit`. */
  readonly messages: readonly ListedMessage[];
  /** For the next page, also in another process and after a restart; null at the end. */
  readonly next: string | null;
  /** How many there are altogether, where the provider tells (it may be an estimate). */
  readonly total?: number;
}

export interface MailboxQuery {
  /** At most 100; 50 where it is absent. */
  readonly limit?: number;
  /** One folder, as people read it. Absent: all that receive mail, without junk, trash, drafts, sent and what postern holds. */
  readonly folder?: string;
  /** Words a person typed: matched by the provider in its own way against sender, subject and text. */
  readonly text?: string;
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly before?: Date;
  /** Whether subject and sender are wanted: costs more at some providers. */
  readonly summaries?: boolean;
}

export interface RawMessage {
  readonly ref: MessageRef;
  /** The message as it came, or as nearly as the provider gives it. */
  readonly bytes: Uint8Array;
  /** Labels, categories or keywords, as people read them. */
  readonly labels: readonly string[];
  readonly flags: { readonly read: boolean; readonly flagged: boolean };
}

/** What ended at the provider, and what did not. */
export interface DisconnectReport {
  /** The provider no longer honours what postern held. False where it cannot be revoked (a password) or refused. */
  readonly revoked: boolean;
  /** Whole sentences for the person who disconnects: what the provider still holds and where to remove it. Empty: nothing. */
  readonly stillHeld: readonly string[];
  /** The provider gave no answer: another try may end what is left. Absent: it would not. */
  readonly again?: boolean;
}

/**
 * A mailbox somewhere else. Four methods; everything more is an optional capability. One connector belongs to one mailbox and one
 * process. Every method throws ConnectorFault, and stops when its signal does.
 */
export interface Connector {
  readonly provider: Provider;
  /** `null` asks where the mailbox stands now: no messages, and a cursor from which nothing is missed. */
  changes(cursor: string | null, signal: AbortSignal): Promise<ChangePage>;
  /** Backfill and browsing, newest first. `page` is what the page before gave as `next`. */
  list(query: MailboxQuery, page: string | null, signal: AbortSignal): Promise<ListPage>;
  /** Leaves no trace: the message stays unread. May be called several times at once. */
  fetch(ref: MessageRef, signal: AbortSignal): Promise<RawMessage>;
  /** Ends pushes and revokes what can be revoked, as far as the provider answers. The caller destroys the credentials in any case. */
  disconnect(): Promise<DisconnectReport>;
  /** Gives connections back; the mailbox stays connected. The connector cannot be used afterwards. */
  close?(): Promise<void>;
  readonly push?: PushCapability;
  readonly hold?: HoldCapability;
  readonly annotate?: AnnotateCapability;
}

/** The provider says that there is news; what it is, `changes` tells. */
export interface PushCapability {
  /**
   * - `connection`: `start` resolves when the connection stands and `onChange` is called over it, until `signal` (IMAP IDLE).
   * - `subscription`: the provider calls postern's API; `onChange` is never called (Gmail watch, Graph subscriptions).
   */
  readonly kind: 'connection' | 'subscription';
  /** `state` is what the last lease gave, kept by the caller: a standing subscription is renewed instead of made twice. */
  start(onChange: () => void, signal: AbortSignal, state?: string | null): Promise<PushLease>;
}

export interface PushLease {
  /** Milliseconds until `start` has to be called again; null: not before `ended`. */
  readonly renewInMs: number | null;
  /** For the next `start`, and for recognising notifications (subscription id, client state); sealed by the caller. */
  readonly state: string | null;
  /** `connection` only: resolves after `signal`, rejects with ConnectorFault when the connection is lost. */
  readonly ended?: Promise<void>;
}

/** Where a message was and how, so that a release restores everything. Plain JSON; kept by the caller. */
export interface HoldReceipt {
  /** Chosen by the caller: holding twice with the same key holds once. */
  readonly key: string;
  /** Where the message was. */
  readonly original: MessageRef;
  readonly labels: readonly string[];
  readonly flags: { readonly read: boolean; readonly flagged: boolean };
  /** Where it is now; null until it has been moved. */
  readonly held: MessageRef | null;
}

export interface HoldCapability {
  /** `keep` is called with the receipt before anything moves, so that a crash in between can be repaired by calling again. */
  quarantine(
    ref: MessageRef,
    key: string,
    keep: (receipt: HoldReceipt) => Promise<void>,
    signal: AbortSignal,
  ): Promise<HoldReceipt>;
  /** Back to its folder with its labels and read state. Answers where it is now. Done twice, it is done once. */
  release(receipt: HoldReceipt, signal: AbortSignal): Promise<MessageRef>;
  /** Deletes the held message for good. Done twice, it is done once. */
  purge(receipt: HoldReceipt, signal: AbortSignal): Promise<void>;
}

/** Labels, categories or keywords that people see in their mail program. */
export interface AnnotateCapability {
  /** Adds and removes by name; what is not named stays. */
  annotate(
    ref: MessageRef,
    change: { readonly add: readonly string[]; readonly remove: readonly string[] },
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * - `auth-revoked`: the provider no longer accepts the credentials; only its owner can help.
 * - `rate-limited`: asked too often; `retryAfterMs` says how long to leave it alone, where the provider said.
 * - `cursor-expired`: changes since this cursor are no longer known: start over with `null` and list what may have been missed.
 * - `not-found`: this message is no longer there.
 * - `unavailable`: no answer, or trouble on its side: try again later.
 * - `malformed`: this one message or answer cannot be used (too large, unreadable): trying again will not help.
 */
export type ConnectorFaultKind =
  'auth-revoked' | 'rate-limited' | 'cursor-expired' | 'not-found' | 'unavailable' | 'malformed';

export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault';

  /** The message may be shown to the mailbox's owner: plain words, no credentials, no addresses of servers postern was not told. */
  constructor(
    readonly kind: ConnectorFaultKind,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  readonly retryAfterMs: number | null;
}

/** Whether a try later may succeed: the provider was away, busy or slow. What it has refused, or has ended already, stays so. */
export function mayAnswerLater(error: unknown): boolean {
  if (error instanceof ConnectorFault) return error.kind === 'unavailable' || error.kind === 'rate-limited';
  return error instanceof Error && error.name === 'TimeoutError';
}
