import type { FetchMessageObject, ImapFlow, SearchObject } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import type { ListedMessage, ListPage, MailboxQuery } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { listFolders } from './folders.js';
import type { Folder } from './folders.js';
import { writeId } from './message-id.js';

/** Where a listing stands in a folder: everything below this UID is still to come; `newest` is when the next one came, if known. */
interface Mark {
  readonly path: string;
  readonly uidValidity: string;
  readonly below: number;
  readonly newest: number | null;
}

/** UIDs asked for at once: a mailbox with millions of messages is not enumerated for one page. */
const WINDOW = 2000;

/**
 * Newest first within a folder; between folders the page comes from the one whose next message is newest. The token holds a mark for
 * each folder that is not at its end.
 */
export async function listMessages(
  connection: ImapConnection,
  query: MailboxQuery,
  page: string | null,
  signal: AbortSignal,
): Promise<ListPage> {
  const limit = Math.min(query.limit ?? 50, 100);
  let total: number | undefined;
  let marks: readonly Mark[];
  if (page === null) {
    const all = await connection.run(listFolders, signal);
    const folders = all.filter(
      ({ path, messages }) => (query.folder === undefined || path === query.folder) && messages > 0,
    );
    total = await countAll(connection, folders, query, signal);
    marks = await Promise.all(
      folders.map(async ({ path, uidValidity, uidNext }) => ({
        ...{ path, uidValidity, below: uidNext },
        newest: folders.length === 1 ? null : await newestDate(connection, path, signal),
      })),
    );
  } else marks = readMarks(page);

  while (marks.length > 0) {
    const mark = marks.reduce((a, b) => ((b.newest ?? Infinity) > (a.newest ?? Infinity) ? b : a));
    const found = await readPage(connection, mark, query, limit, signal);
    const others = marks.filter((other) => other !== mark);
    const oldest = found.messages.at(-1)?.receivedAt?.getTime() ?? mark.newest;
    marks = found.below <= 1 ? others : [...others, { ...mark, below: found.below, newest: oldest }];
    if (found.messages.length > 0) {
      const next = marks.length === 0 ? null : writeMarks(marks);
      return { messages: found.messages, next, ...(total === undefined ? {} : { total }) };
    }
  }
  return { messages: [], next: null, ...(total === undefined ? {} : { total }) };
}

/** How many there are altogether; a search by words is not made twice for it. */
async function countAll(
  connection: ImapConnection,
  folders: readonly Folder[],
  query: MailboxQuery,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (query.text !== undefined) return undefined;
  if (query.since === undefined && query.before === undefined) {
    return folders.reduce((sum, { messages }) => sum + messages, 0);
  }
  const counts = folders.map(({ path }) =>
    connection.inFolder({ path }, (client) => client.search(criteria(query), { uid: true }), signal),
  );
  return (await Promise.all(counts)).reduce((sum, found) => sum + (Array.isArray(found) ? found.length : 0), 0);
}

async function newestDate(connection: ImapConnection, path: string, signal: AbortSignal): Promise<number | null> {
  return await connection.inFolder(
    { path },
    async (client) => {
      const last = await client.fetchOne('*', { internalDate: true });
      return typeof last === 'object' && last.internalDate instanceof Date ? last.internalDate.getTime() : null;
    },
    signal,
  );
}

async function readPage(
  connection: ImapConnection,
  { path, uidValidity, below }: Mark,
  query: MailboxQuery,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly messages: readonly ListedMessage[]; readonly below: number }> {
  return await connection.inFolder(
    { path },
    async (client, current) => {
      // UIDs were given out anew: `changes` reads this folder from its beginning, the listing has nothing to add.
      if (String(current) !== uidValidity) return { messages: [], below: 0 };
      const { uids, reached } = await uidsBelow(client, below, criteria(query), limit);
      if (uids.length === 0) return { messages: [], below: reached };
      const wanted = {
        uid: true,
        internalDate: true,
        ...(query.summaries === true ? { envelope: true, size: true } : {}),
      };
      const rows = await client.fetchAll(uids.join(','), wanted, { uid: true });
      const messages = rows
        .sort((a, b) => b.uid - a.uid)
        .map((row) => listed(path, uidValidity, row, query.summaries === true));
      return { messages, below: uids.length < limit ? reached : Math.min(...uids) };
    },
    signal,
  );
}

/** The highest UIDs below a mark, at most `limit`; `reached` is how far down was looked. */
async function uidsBelow(client: ImapFlow, below: number, search: SearchObject, limit: number) {
  const uids: number[] = [];
  let top = below;
  for (let window = WINDOW; top > 1 && uids.length < limit; window *= 4) {
    const bottom = Math.max(1, top - window);
    const found = await client.search({ ...search, uid: `${bottom}:${top - 1}` }, { uid: true });
    if (!Array.isArray(found)) throw new ConnectorFault('unavailable', 'The server cannot search this folder.');
    uids.push(...found.filter((uid) => uid >= bottom && uid < top).sort((a, b) => b - a));
    top = bottom;
  }
  return { uids: uids.slice(0, limit), reached: top };
}

function criteria({ text, since, before }: MailboxQuery): SearchObject {
  return {
    ...(text === undefined ? {} : { text }),
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
  };
}

function listed(path: string, uidValidity: string, row: FetchMessageObject, withSummary: boolean): ListedMessage {
  const { uid, internalDate, envelope, size } = row;
  const from = envelope?.from?.[0];
  const ref = { id: writeId({ path, uidValidity, uid }), folder: path };
  return {
    ...ref,
    ...(internalDate instanceof Date ? { receivedAt: internalDate } : {}),
    ...(withSummary
      ? {
          summary: {
            subject: envelope?.subject ?? '',
            fromName: from?.name ?? '',
            fromAddress: from?.address ?? '',
            size: size ?? null,
          },
        }
      : {}),
  };
}

/** Compact: a mailbox may have hundreds of folders. */
function writeMarks(marks: readonly Mark[]): string {
  return JSON.stringify(marks.map(({ path, uidValidity, below, newest }) => [path, uidValidity, below, newest]));
}

function readMarks(page: string): readonly Mark[] {
  try {
    const rows = JSON.parse(page) as readonly (readonly [string, string, number, number | null])[];
    return rows.map(([path, uidValidity, below, newest]) => ({ path, uidValidity, below, newest }));
  } catch (cause) {
    throw new ConnectorFault('cursor-expired', 'Where the listing stood is not known.', { cause });
  }
}
