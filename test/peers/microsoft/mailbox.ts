import { randomBytes } from 'node:crypto';

export interface GraphFolder {
  readonly id: string;
  readonly displayName: string;
  readonly parentFolderId: string;
  readonly wellKnown: string | null;
  readonly isHidden: boolean;
}

export interface GraphMessage {
  readonly id: string;
  readonly raw: Buffer;
  /** To the second, as Exchange keeps it. */
  readonly receivedDateTime: string;
  readonly number: number;
  folder: string;
  isRead: boolean;
  isDraft: boolean;
  flagged: boolean;
  categories: string[];
}

interface Change {
  readonly number: number;
  readonly folder: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly id: string;
}

const FOLDERS = {
  inbox: 'Inbox',
  drafts: 'Drafts',
  sentitems: 'Sent Items',
  deleteditems: 'Deleted Items',
  junkemail: 'Junk Email',
  outbox: 'Outbox',
};

const id = () => `AAMkAD${randomBytes(40).toString('base64url')}AAA=`;

/** What an Exchange mailbox remembers. */
export class GraphMailbox {
  readonly root = id();
  readonly folders = new Map<string, GraphFolder>();
  readonly messages = new Map<string, GraphMessage>();
  readonly changes: Change[] = [];
  /** Delta tokens of an earlier generation are answered with 410. */
  generation = 1;
  counter = 0;

  constructor(readonly address: string) {
    for (const [wellKnown, name] of Object.entries(FOLDERS)) this.addFolder(name, { wellKnown });
  }

  addFolder(
    displayName: string,
    {
      wellKnown = null,
      parent = this.root,
      isHidden = false,
    }: { wellKnown?: string | null; parent?: string; isHidden?: boolean } = {},
  ): GraphFolder {
    const folder = { id: id(), displayName, parentFolderId: parent, wellKnown, isHidden };
    this.folders.set(folder.id, folder);
    return folder;
  }

  /** By id or well-known name. */
  folder(name: string): GraphFolder | null {
    return this.folders.get(name) ?? [...this.folders.values()].find((one) => one.wellKnown === name) ?? null;
  }

  named(displayName: string): GraphFolder | null {
    return [...this.folders.values()].find((one) => one.displayName === displayName) ?? null;
  }

  add(raw: string | Buffer, folder = 'inbox', receivedAt = new Date()): GraphMessage {
    const message: GraphMessage = {
      id: id(),
      raw: Buffer.from(raw),
      receivedDateTime: receivedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
      number: (this.counter += 1),
      folder: this.folder(folder)?.id ?? folder,
      isRead: false,
      isDraft: false,
      flagged: false,
      categories: [],
    };
    this.messages.set(message.id, message);
    this.note(message, 'created');
    return message;
  }

  move(message: GraphMessage, folder: string): void {
    this.note(message, 'deleted');
    message.folder = folder;
    this.note(message, 'created');
  }

  delete(message: GraphMessage): void {
    this.messages.delete(message.id);
    this.note(message, 'deleted');
  }

  note(message: GraphMessage, kind: Change['kind']): void {
    this.changes.push({ number: this.changes.length + 1, folder: message.folder, kind, id: message.id });
  }

  newestFirst(): readonly GraphMessage[] {
    return [...this.messages.values()].sort(
      (a, b) => Date.parse(b.receivedDateTime) - Date.parse(a.receivedDateTime) || b.number - a.number,
    );
  }
}
