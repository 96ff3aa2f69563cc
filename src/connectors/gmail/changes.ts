import type { gmail_v1 } from '@googleapis/gmail';
import { ConnectorFault } from '../connector.js';
import type { ChangePage, MessageRef } from '../connector.js';
import type { GmailClient } from './client.js';
import { HELD_LABEL, folderOf, isReceived } from './labels.js';
import type { Labels } from './labels.js';

const PAGE = 50;

/** Where reading stands: since which history id, on which page of the answer, after how many messages of that page. */
interface Place {
  readonly since: string;
  readonly page: string;
  readonly done: number;
}

/** A history id is text: it exceeds what a JavaScript number holds. */
const CURSOR = /^(\d{1,30})(?:~([\w=-]{1,2000})~(\d{1,5}))?$/;

function read(cursor: string): Place {
  const match = CURSOR.exec(cursor);
  if (match?.[1] === undefined) throw expired();
  return { since: match[1], page: match[2] ?? '', done: Number(match[3] ?? 0) };
}

function write({ since, page, done }: Place): string {
  return page === '' && done === 0 ? since : `${since}~${page === '' ? '-' : page}~${done}`;
}

function expired(cause?: unknown): ConnectorFault {
  return new ConnectorFault('cursor-expired', 'Gmail no longer knows the changes since the last look.', { cause });
}

/**
 * What came since a cursor, by history.list (developers.google.com/workspace/gmail/api/guides/sync). A history that is too old is
 * answered with 404, and everything has to be looked at again.
 */
export async function readChanges(
  client: GmailClient,
  labels: Labels,
  cursor: string | null,
  signal: AbortSignal,
): Promise<ChangePage> {
  if (cursor === null) return { messages: [], cursor: await currentHistory(client, signal), more: false };
  const place = read(cursor);
  const token = place.page === '' || place.page === '-' ? {} : { pageToken: place.page };
  const answer = await history(client, { startHistoryId: place.since, maxResults: PAGE, ...token }, signal);
  const held = await labels.idOf(HELD_LABEL, signal);
  const messages = arrivals(answer.history ?? [], held);
  const removed = (answer.history ?? []).flatMap(({ messagesDeleted = [] }) =>
    messagesDeleted.flatMap(({ message }) => (typeof message?.id === 'string' ? [message.id] : [])),
  );
  // A record may tell of several messages: a page with more than fits is read in pieces.
  const part = await Promise.all(
    messages.slice(place.done, place.done + PAGE).map(async ([id, labelIds]): Promise<MessageRef> => {
      return { id, folder: await folderOf(labels, labelIds, signal) };
    }),
  );
  const rest = messages.length > place.done + PAGE;
  const next = rest
    ? { ...place, done: place.done + PAGE }
    : { since: place.since, page: answer.nextPageToken ?? '', done: 0 };
  const more = rest || next.page !== '';
  return { messages: part, removed, cursor: more ? write(next) : (answer.historyId ?? place.since), more };
}

async function currentHistory(client: GmailClient, signal: AbortSignal): Promise<string> {
  const { historyId } = await client.call('getProfile', signal, (users, options) =>
    users.getProfile({ userId: 'me' }, options),
  );
  if (typeof historyId !== 'string' || !/^\d+$/.test(historyId))
    throw new ConnectorFault('unavailable', 'Gmail did not say where the mailbox stands.');
  return historyId;
}

async function history(
  client: GmailClient,
  query: { readonly startHistoryId: string; readonly maxResults: number; readonly pageToken?: string },
  signal: AbortSignal,
): Promise<gmail_v1.Schema$ListHistoryResponse> {
  try {
    return await client.call('history.list', signal, (users, options) =>
      users.history.list(
        { userId: 'me', ...query, historyTypes: ['messageAdded', 'labelAdded', 'messageDeleted'] },
        options,
      ),
    );
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error;
    if (error.kind === 'not-found') throw expired(error);
    // A page that is no longer known: the same history again, from its start.
    if (error.kind === 'malformed' && query.pageToken !== undefined) {
      const { pageToken: _gone, ...fromStart } = query;
      return await history(client, fromStart, signal);
    }
    throw error;
  }
}

/** New messages, and those that somebody moved into the inbox, for instance out of spam: with their labels, in order, each once. */
function arrivals(
  records: readonly gmail_v1.Schema$History[],
  held: string | null,
): readonly (readonly [id: string, labelIds: readonly string[]])[] {
  const found = new Map<string, readonly string[]>();
  for (const { messagesAdded = [], labelsAdded = [] } of records) {
    const intoInbox = labelsAdded.filter(({ labelIds }) => labelIds?.includes('INBOX') === true);
    for (const { message } of [...messagesAdded, ...intoInbox]) {
      const ids = message?.labelIds ?? [];
      if (typeof message?.id === 'string' && isReceived(ids, held)) found.set(message.id, ids);
    }
  }
  return [...found];
}
