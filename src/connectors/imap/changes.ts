import { ConnectorFault } from '../connector.js';
import type { ChangePage, MessageRef } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { carriedOver, positionsOf, readCursor, writeCursor } from './cursor.js';
import { listFolders } from './folders.js';
import type { Folder } from './folders.js';
import { writeId } from './message-id.js';

const PAGE = 50;

/** What came since: the folders whose next UID has grown are asked, one after the other, oldest message first. */
export async function readChanges(
  connection: ImapConnection,
  cursor: string | null,
  signal: AbortSignal,
): Promise<ChangePage> {
  const folders = await connection.run(listFolders, signal);
  if (cursor === null) return { messages: [], cursor: writeCursor(positionsOf(folders)), more: false };
  const positions = carriedOver(readCursor(cursor), folders);
  const messages: MessageRef[] = [];
  let more = false;
  for (const folder of folders) {
    const { uidNext: from = 1, modseq = null } = positions.get(folder.path) ?? {};
    if (from >= folder.uidNext) {
      // Whatever servers tell of the folder that is selected: where nothing has changed, nothing is new.
      if (modseq !== null && modseq === folder.modseq) continue;
      if (!folder.selected) {
        positions.set(folder.path, { uidValidity: folder.uidValidity, uidNext: from, modseq: folder.modseq });
        continue;
      }
    }
    if (messages.length >= PAGE) {
      more = true;
      break;
    }
    const found = await readFolder(connection, folder, from, PAGE - messages.length, signal);
    messages.push(...found.messages);
    const rest = found.next < folder.uidNext;
    positions.set(folder.path, {
      ...{ uidValidity: folder.uidValidity, uidNext: found.next },
      modseq: rest ? null : folder.modseq,
    });
    more ||= rest;
  }
  return { messages, cursor: writeCursor(positions), more };
}

async function readFolder(
  connection: ImapConnection,
  { path, uidValidity, uidNext }: Folder,
  from: number,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly messages: readonly MessageRef[]; readonly next: number }> {
  return await connection.inFolder(
    { path },
    async (client, current) => {
      // Recreated since it was listed: the next look starts it over.
      if (String(current) !== uidValidity) return { messages: [], next: from };
      const found = await client.search({ uid: `${from}:*` }, { uid: true });
      if (!Array.isArray(found))
        throw new ConnectorFault('unavailable', 'The server does not say what is in a folder.');
      // `n:*` always holds the last message, also when its UID is lower.
      const uids = found.filter((uid) => uid >= from);
      const taken = uids.sort((a, b) => a - b).slice(0, limit);
      const last = taken.at(-1);
      if (last === undefined) return { messages: [], next: Math.max(from, uidNext) };
      const dates = new Map<number, Date>();
      for (const { uid, internalDate } of await client.fetchAll(
        taken.join(','),
        { uid: true, internalDate: true },
        { uid: true },
      )) {
        if (internalDate instanceof Date) dates.set(uid, internalDate);
      }
      const messages = taken.map((uid) => {
        const receivedAt = dates.get(uid);
        return {
          id: writeId({ path, uidValidity, uid }),
          folder: path,
          ...(receivedAt === undefined ? {} : { receivedAt }),
        };
      });
      return { messages, next: taken.length < uids.length ? last + 1 : Math.max(last + 1, uidNext) };
    },
    signal,
  );
}
