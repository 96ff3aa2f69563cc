import type { ImapFlow, ListResponse } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import { LONGEST_PATH } from './message-id.js';

export interface Folder {
  readonly path: string;
  readonly uidValidity: string;
  readonly uidNext: number;
  readonly messages: number;
  /** Of the folder that is selected on this connection servers may tell what it held when they last looked (RFC 9051, 6.3.11). */
  readonly selected: boolean;
}

/** Where postern keeps what it holds; nothing in there is scanned again. */
export const QUARANTINE = 'Postern quarantine';

/** What people put there themselves, or what only shows other folders once more (RFC 6154). */
const LEFT_OUT = new Set(['\\Junk', '\\Trash', '\\Drafts', '\\Sent', '\\All', '\\Flagged', '\\Important']);

/** Every folder that receives mail, in one command where the server can (RFC 5819). */
export async function listFolders(client: ImapFlow): Promise<readonly Folder[]> {
  const selected = client.mailbox === false ? null : client.mailbox.path;
  if (selected !== null) await client.noop();
  const entries = await client.list({ statusQuery: { uidNext: true, uidValidity: true, messages: true } });
  const folders: Folder[] = [];
  for (const entry of entries.filter(receivesMail)) {
    const { uidNext, uidValidity, messages } = entry.status ?? {};
    // A folder may vanish, or be closed to us, between being listed and being asked.
    if (uidNext === undefined || uidValidity === undefined) continue;
    folders.push({
      ...{ path: entry.path, uidNext, uidValidity: String(uidValidity), messages: messages ?? 0 },
      selected: entry.path === selected,
    });
  }
  if (folders.length === 0) throw new ConnectorFault('unavailable', 'The server shows no folder.');
  return folders;
}

function receivesMail(entry: ListResponse): boolean {
  return (
    !entry.flags.has('\\Noselect') &&
    !entry.flags.has('\\NonExistent') &&
    !LEFT_OUT.has(entry.specialUse ?? '') &&
    entry.path !== QUARANTINE &&
    entry.path.length <= LONGEST_PATH
  );
}
