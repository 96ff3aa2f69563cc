import { ConnectorFault } from '../connector.js';
import type { GmailClient } from './client.js';

/** Of what postern has put aside. */
export const HELD_LABEL = 'Held by postern';

/** Not shown as folders or labels: states of a message, and where Gmail sorts by itself. */
const STATES = new Set(['UNREAD', 'STARRED', 'IMPORTANT', 'CHAT']);
/** Where no mail comes in: people wrote it, threw it away, or Gmail keeps it from them. */
const NOT_RECEIVED = new Set(['DRAFT', 'SPAM', 'TRASH', 'CHAT']);
const FOLDERS: Readonly<Record<string, string>> = {
  INBOX: 'INBOX',
  SENT: 'Sent',
  DRAFT: 'Drafts',
  SPAM: 'Spam',
  TRASH: 'Trash',
};

export interface Labels {
  nameOf(id: string, signal: AbortSignal): Promise<string>;
  /** Null where there is none of that name. */
  idOf(name: string, signal: AbortSignal): Promise<string | null>;
  /** Creates it where it is missing. */
  ensure(name: string, signal: AbortSignal): Promise<string>;
}

/** Names and ids of the mailbox's labels; asked for once and again whenever one is not known. */
export function createLabels(client: GmailClient): Labels {
  let byId = new Map<string, string>();

  async function reload(signal: AbortSignal): Promise<void> {
    const { labels = [] } = await client.call('labels.list', signal, (users, options) =>
      users.labels.list({ userId: 'me' }, options),
    );
    byId = new Map(labels.map(({ id, name }) => [id ?? '', name ?? '']));
  }
  const find = (name: string) => [...byId].find(([, known]) => known.toLowerCase() === name.toLowerCase())?.[0] ?? null;

  const labels: Labels = {
    async nameOf(id, signal) {
      if (!byId.has(id)) await reload(signal);
      return byId.get(id) ?? id;
    },
    async idOf(name, signal) {
      const known = find(name);
      if (known !== null) return known;
      await reload(signal);
      return find(name);
    },
    async ensure(name, signal) {
      const known = await labels.idOf(name, signal);
      if (known !== null) return known;
      const { id } = await client.call('labels.create', signal, (users, options) =>
        users.labels.create({ userId: 'me', requestBody: { name, labelListVisibility: 'labelShow' } }, options),
      );
      if (typeof id !== 'string') throw new ConnectorFault('unavailable', 'Gmail did not create the label.');
      byId.set(id, name);
      return id;
    },
  };
  return labels;
}

/** Whether a message with these labels came in from somebody. A message to oneself is both sent and in the inbox. */
export function isReceived(labelIds: readonly string[], heldLabel: string | null): boolean {
  if (labelIds.some((id) => NOT_RECEIVED.has(id) || id === heldLabel)) return false;
  return !labelIds.includes('SENT') || labelIds.includes('INBOX');
}

/** Where people look for it: one of Gmail's own places before their own labels, else the archive. */
export async function folderOf(labels: Labels, ids: readonly string[], signal: AbortSignal): Promise<string> {
  const own = ids.find((id) => id in FOLDERS);
  if (own !== undefined) return FOLDERS[own] ?? own;
  const label = ids.find(isOwn);
  return label === undefined ? 'All Mail' : await labels.nameOf(label, signal);
}

/** The labels people have given, and Gmail's mark of importance, by name. */
export async function ownLabels(labels: Labels, ids: readonly string[], signal: AbortSignal): Promise<string[]> {
  const names = await Promise.all(ids.filter(isOwn).map((id) => labels.nameOf(id, signal)));
  return ids.includes('IMPORTANT') ? [...names, 'important'] : names;
}

/** Given by people, or by postern. */
export function isOwn(id: string): boolean {
  return !STATES.has(id) && !id.startsWith('CATEGORY_') && !(id in FOLDERS);
}
