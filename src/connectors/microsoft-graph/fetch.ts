import { ConnectorFault } from '../connector.js';
import type { MessageRef, RawMessage } from '../connector.js';
import { Item, read } from './answers.js';
import { refOf } from './changes.js';
import type { GraphClient } from './client.js';
import type { FolderTree } from './folders.js';

export const STATE_FIELDS = 'id,parentFolderId,receivedDateTime,isRead,flag,categories';

/**
 * The message as MIME (learn.microsoft.com/graph/outlook-get-mime-message). Exchange writes it anew from what it keeps: signatures over
 * the original can no longer be verified, which the scan allows for by what Exchange itself has noted.
 */
export async function fetchMessage(
  client: GraphClient,
  root: string,
  tree: FolderTree,
  { ref, maxBytes }: { readonly ref: MessageRef; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<RawMessage> {
  const path = `${root}/messages/${encodeURIComponent(ref.id)}`;
  const [state, bytes] = await Promise.all([
    client.json({ path, query: { $select: STATE_FIELDS } }, signal),
    client.bytes({ path: `${path}/$value` }, signal),
  ]);
  if (bytes.length > maxBytes) throw new ConnectorFault('malformed', 'The message is too large to be scanned.');
  const item = read(Item, state);
  return {
    ref: { ...refOf(tree, item, item.parentFolderId), id: ref.id },
    bytes,
    labels: item.categories ?? [],
    flags: flagsOf(item),
  };
}

export function flagsOf(item: Item): { readonly read: boolean; readonly flagged: boolean } {
  return { read: item.isRead === true, flagged: item.flag?.flagStatus === 'flagged' };
}
