import type { gmail_v1 } from '@googleapis/gmail';
import { ConnectorFault } from '../connector.js';
import type { ListPage, ListedMessage, MailboxQuery } from '../connector.js';
import type { GmailClient } from './client.js';
import { HELD_LABEL, folderOf } from './labels.js';
import type { Labels } from './labels.js';

/** Places that people call by name and Gmail by these ids. */
const PLACES: Readonly<Record<string, string>> = {
  inbox: 'INBOX',
  sent: 'SENT',
  drafts: 'DRAFT',
  spam: 'SPAM',
  trash: 'TRASH',
};

/** Newest first, as messages.list gives them. */
export async function listMessages(
  client: GmailClient,
  labels: Labels,
  query: MailboxQuery,
  page: string | null,
  signal: AbortSignal,
): Promise<ListPage> {
  const folder = query.folder;
  const place = folder === undefined ? null : (PLACES[folder.toLowerCase()] ?? (await labels.idOf(folder, signal)));
  if (folder !== undefined && folder.toLowerCase() !== 'all mail' && place === null)
    throw new ConnectorFault('not-found', `This mailbox has no folder “${folder}”.`);
  const answer = await client.call('messages.list', signal, (users, options) =>
    users.messages.list(
      {
        userId: 'me',
        maxResults: Math.min(100, query.limit ?? 50),
        q: searchOf(query),
        ...(place === null ? {} : { labelIds: [place], includeSpamTrash: place === 'SPAM' || place === 'TRASH' }),
        ...(page === null ? {} : { pageToken: page }),
      },
      options,
    ),
  );
  const ids = (answer.messages ?? []).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const name = place === null ? 'All Mail' : (folder ?? 'All Mail');
  const messages: ListedMessage[] =
    query.summaries === true
      ? (await Promise.all(ids.map((id) => summarise(client, labels, id, signal)))).filter((one) => one !== null)
      : ids.map((id) => ({ id, folder: name }));
  return {
    messages,
    next: answer.nextPageToken ?? null,
    ...(typeof answer.resultSizeEstimate === 'number' ? { total: answer.resultSizeEstimate } : {}),
  };
}

/** Gmail's search language (support.google.com/mail/answer/7190). Times in seconds are exact; dates would be Pacific time. */
function searchOf({ text, since, before, folder }: MailboxQuery): string {
  const words = (text ?? '')
    .split(/\s+/)
    // As words only: what people type must not switch to other folders.
    .map((word) => word.replace(/["\\(){}:]/g, ' ').trim())
    .filter((word) => word !== '')
    .map((word) => `"${word}"`);
  const held = HELD_LABEL.toLowerCase().replaceAll(' ', '-');
  return [
    ...words,
    ...(folder === undefined ? ['-in:sent', '-in:drafts', '-in:chats', `-label:${held}`] : []),
    // `after` is exclusive to the second.
    ...(since === undefined ? [] : [`after:${Math.ceil(since.getTime() / 1000) - 1}`]),
    ...(before === undefined ? [] : [`before:${Math.ceil(before.getTime() / 1000)}`]),
  ].join(' ');
}

/** Null for a message that went away since it was listed. */
async function summarise(
  client: GmailClient,
  labels: Labels,
  id: string,
  signal: AbortSignal,
): Promise<ListedMessage | null> {
  let message: gmail_v1.Schema$Message;
  try {
    message = await client.call('messages.get', signal, (users, options) =>
      users.messages.get({ userId: 'me', id, format: 'metadata', metadataHeaders: ['From', 'Subject'] }, options),
    );
  } catch (error) {
    if (error instanceof ConnectorFault && error.kind === 'not-found') return null;
    throw error;
  }
  const header = (name: string) =>
    message.payload?.headers?.find((one) => one.name?.toLowerCase() === name)?.value?.trim() ?? '';
  const from = header('from');
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from;
  return {
    id,
    folder: await folderOf(labels, message.labelIds ?? [], signal),
    ...receivedAt(message.internalDate),
    summary: {
      subject: header('subject'),
      fromName:
        from === address
          ? ''
          : from
              .slice(0, from.lastIndexOf('<'))
              .trim()
              .replace(/^"(.*)"$/, '$1'),
      fromAddress: address,
      size: message.sizeEstimate ?? null,
    },
  };
}

/** Milliseconds since 1970 as text. */
export function receivedAt(internalDate: string | null | undefined): { readonly receivedAt?: Date } {
  const ms = Number(internalDate ?? Number.NaN);
  return Number.isFinite(ms) ? { receivedAt: new Date(ms) } : {};
}
