import { randomBytes } from 'node:crypto';

export interface StoredMessage {
  readonly id: string;
  readonly raw: Buffer;
  readonly internalDate: number;
  readonly labels: Set<string>;
}

interface HistoryRecord {
  readonly id: bigint;
  readonly kind: 'messagesAdded' | 'labelsAdded' | 'labelsRemoved' | 'messagesDeleted';
  readonly message: string;
  readonly labels: readonly string[];
  /** As they were just after. */
  readonly all: readonly string[];
}

const SYSTEM = [
  'INBOX',
  'SENT',
  'DRAFT',
  'SPAM',
  'TRASH',
  'UNREAD',
  'STARRED',
  'IMPORTANT',
  'CHAT',
  'CATEGORY_UPDATES',
];

/** What a Gmail mailbox remembers. History ids are larger than a JavaScript number holds, as some of the real ones are. */
export class GoogleMailbox {
  readonly messages = new Map<string, StoredMessage>();
  readonly labels = new Map<string, string>(SYSTEM.map((name) => [name, name]));
  readonly history: HistoryRecord[] = [];
  /** Older ids are answered with 404. */
  oldest = 9_007_199_254_740_993_001n;
  current = this.oldest;
  watchedBy: string | null = null;

  constructor(readonly address: string) {}

  add(raw: string | Buffer, labels: readonly string[] = ['INBOX', 'UNREAD'], receivedAt = Date.now()): string {
    const id = randomBytes(8).toString('hex');
    this.messages.set(id, { id, raw: Buffer.from(raw), internalDate: receivedAt, labels: new Set(labels) });
    this.#record('messagesAdded', id, labels);
    return id;
  }

  change(id: string, add: readonly string[], remove: readonly string[]): void {
    const message = this.messages.get(id);
    if (message === undefined) return;
    const added = add.filter((label) => !message.labels.has(label));
    const removed = remove.filter((label) => message.labels.has(label));
    for (const label of added) message.labels.add(label);
    for (const label of removed) message.labels.delete(label);
    if (added.length > 0) this.#record('labelsAdded', id, added);
    if (removed.length > 0) this.#record('labelsRemoved', id, removed);
  }

  delete(id: string): void {
    if (this.messages.delete(id)) this.#record('messagesDeleted', id, []);
  }

  /** "History records are typically available for at least one week and often longer": and then no more. */
  expireHistory(): void {
    this.history.length = 0;
    this.current += 1000n;
    this.oldest = this.current;
  }

  newestFirst(): readonly StoredMessage[] {
    return [...this.messages.values()].reverse().sort((a, b) => b.internalDate - a.internalDate);
  }

  #record(kind: HistoryRecord['kind'], message: string, labels: readonly string[]): void {
    // "History IDs increase chronologically but are not contiguous."
    this.current += 7n;
    const all = [...(this.messages.get(message)?.labels ?? [])];
    this.history.push({ id: this.current, kind, message, labels, all });
  }
}
