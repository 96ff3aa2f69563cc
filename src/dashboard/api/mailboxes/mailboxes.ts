import { send } from '../session.js';
import type {
  BrowsePage,
  ConnectedMailbox,
  DisconnectedMailbox,
  ImapConnection,
  ImapReconnection,
  MailboxPage,
  MailboxScanResults,
} from '../types.js';

const at = (id: string, rest = ''): string => `/mailboxes/${encodeURIComponent(id)}${rest}`;
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export interface MailboxFilter {
  /** Part of the address. */
  readonly text?: string;
  readonly state?: ConnectedMailbox['state'] | null;
  readonly limit?: number;
}

export async function listMailboxes(
  { text = '', state = null, limit = 50 }: MailboxFilter,
  cursor: string | null,
): Promise<MailboxPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (text !== '') query.set('text', text);
  if (state !== null) query.set('state', state);
  if (cursor !== null) query.set('cursor', cursor);
  return read(await send(`/mailboxes?${query}`));
}

export const getMailbox = async (id: string): Promise<ConnectedMailbox> => read(await send(at(id)));

/** Where the progress of a mailbox can be followed; each event is a MailboxDetail. */
export const mailboxEvents = (id: string): string => at(id, '/events');

export const connectImap = async (fields: ImapConnection): Promise<ConnectedMailbox> =>
  read(await send('/mailboxes/imap', json(fields)));

export async function reconnect(id: string, fields: ImapReconnection): Promise<void> {
  await send(at(id, '/reconnect'), json(fields));
}

export async function setPaused(id: string, paused: boolean): Promise<void> {
  await send(at(id, paused ? '/pause' : '/resume'), { method: 'POST' });
}

export const disconnect = async (id: string): Promise<DisconnectedMailbox> =>
  read(await send(at(id), { method: 'DELETE' }));

export async function browse(
  id: string,
  text: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<BrowsePage> {
  const query = new URLSearchParams();
  if (text !== '') query.set('text', text);
  if (cursor !== null) query.set('cursor', cursor);
  return read(await send(at(id, `/messages?${query}`), { signal }));
}

export const scanPicked = async (mailboxId: string, ids: readonly string[]): Promise<MailboxScanResults> =>
  read(await send('/scan/mailbox/batch', json({ mailbox_id: mailboxId, message_ids: ids })));

async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
