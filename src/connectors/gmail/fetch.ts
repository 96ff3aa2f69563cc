import { ConnectorFault } from '../connector.js';
import type { MessageRef, RawMessage } from '../connector.js';
import type { GmailClient } from './client.js';
import { folderOf, ownLabels } from './labels.js';
import type { Labels } from './labels.js';
import { receivedAt } from './list.js';

/** The message as it came: messages.get with format=raw, which reads without marking it read. */
export async function fetchMessage(
  client: GmailClient,
  labels: Labels,
  { ref, maxBytes }: { readonly ref: MessageRef; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<RawMessage> {
  const message = await client.call('messages.get', signal, (users, options) =>
    users.messages.get({ userId: 'me', id: ref.id, format: 'raw' }, options),
  );
  if (typeof message.raw !== 'string' || message.raw === '')
    throw new ConnectorFault('malformed', 'Gmail gave this message without its content.');
  const bytes = new Uint8Array(Buffer.from(message.raw, 'base64url'));
  if (bytes.length > maxBytes) throw new ConnectorFault('malformed', 'The message is too large to be scanned.');
  const ids = message.labelIds ?? [];
  return {
    ref: { id: ref.id, folder: await folderOf(labels, ids, signal), ...receivedAt(message.internalDate) },
    bytes,
    labels: await ownLabels(labels, ids, signal),
    flags: { read: !ids.includes('UNREAD'), flagged: ids.includes('STARRED') },
  };
}
