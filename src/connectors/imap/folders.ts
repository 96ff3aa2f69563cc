import type { ImapFlow, ListResponse } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { digestOf, readId } from './message-id.js';
import type { Place } from './message-id.js';

export interface Folder {
  readonly path: string;
  readonly uidValidity: string;
  readonly uidNext: number;
  readonly messages: number;
  /** Grows with every change (CONDSTORE, RFC 7162); null where the server or the folder keeps none. */
  readonly modseq: string | null;
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
  const entries = await client.list({
    statusQuery: { uidNext: true, uidValidity: true, messages: true, highestModseq: true },
  });
  const folders: Folder[] = [];
  for (const entry of entries.filter(receivesMail)) {
    const { uidNext, uidValidity, messages, highestModseq } = entry.status ?? {};
    // A folder may vanish, or be closed to us, between being listed and being asked.
    if (uidNext === undefined || uidValidity === undefined) continue;
    folders.push({
      ...{ path: entry.path, uidNext, uidValidity: String(uidValidity), messages: messages ?? 0 },
      modseq: highestModseq === undefined || highestModseq === 0n ? null : String(highestModseq),
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
    entry.path !== QUARANTINE
  );
}

/** Where the message of an id is. Throws ConnectorFault `not-found` where its folder is gone. */
export async function placeOf(connection: ImapConnection, id: string, signal: AbortSignal): Promise<Place> {
  const { path, digest, uidValidity, uid } = readId(id);
  if (path !== null) return { path, uidValidity, uid };
  const entries = await connection.run((client) => client.list(), signal);
  const found = entries.find((entry) => digestOf(entry.path) === digest);
  if (found === undefined) throw new ConnectorFault('not-found', 'The folder is no longer there.');
  return { path: found.path, uidValidity, uid };
}
