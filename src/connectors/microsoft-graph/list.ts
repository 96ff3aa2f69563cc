import { ConnectorFault } from '../connector.js';
import type { ListPage, ListedMessage, MailboxQuery } from '../connector.js';
import { Item, Page, read } from './answers.js';
import { refOf } from './changes.js';
import { pathOfLink } from './client.js';
import type { GraphClient } from './client.js';
import { folderByName, receivesMail } from './folders.js';
import type { FolderTree } from './folders.js';

const FIELDS = 'id,parentFolderId,receivedDateTime,isDraft';
const SUMMARY = `${FIELDS},subject,from`;

/**
 * Newest first. By time rather than by position: what is deleted while a listing goes on would move others past it. A page begins at
 * the time where the one before ended, less what of that very second has been listed.
 */
export async function listMessages(
  client: GraphClient,
  root: string,
  tree: FolderTree,
  query: MailboxQuery,
  page: string | null,
  signal: AbortSignal,
): Promise<ListPage> {
  const folder = query.folder === undefined ? null : folderByName(tree, query.folder);
  if (query.folder !== undefined && folder === null)
    throw new ConnectorFault('not-found', `This mailbox has no folder “${query.folder}”.`);
  const path = `${folder === null ? root : `${root}/mailFolders/${encodeURIComponent(folder)}`}/messages`;
  const limit = Math.min(100, query.limit ?? 50);
  const words = wordsOf(query.text);
  const shown = (items: readonly Item[]): ListedMessage[] =>
    items
      .filter((item) => item.isDraft !== true)
      .filter((item) => folder !== null || receivesMail(tree, item.parentFolderId ?? ''))
      .filter((item) => words === '' || within(item, query))
      .map((item) => describe(tree, item, query.summaries === true));

  if (words !== '') {
    // $search goes with neither $filter nor $orderby, and answers newest first (learn.microsoft.com/graph/search-query-parameter).
    const asked = { path, query: { $select: SUMMARY, $top: String(limit), $search: `"${words}"` } };
    const answer = read(Page, await client.json(page === null ? asked : { path: page }, signal));
    const next = answer['@odata.nextLink'];
    return { messages: shown(itemsOf(answer.value)), next: next === undefined ? null : pathOfLink(next) };
  }
  const from = readPosition(page);
  const filter = [
    ...(from !== null ? [`receivedDateTime le ${from.time}`] : []),
    ...(query.since === undefined ? [] : [`receivedDateTime ge ${query.since.toISOString()}`]),
    ...(query.before === undefined ? [] : [`receivedDateTime lt ${query.before.toISOString()}`]),
  ];
  const asked = {
    $select: query.summaries === true ? SUMMARY : FIELDS,
    $top: String(limit),
    $orderby: 'receivedDateTime desc',
    ...(filter.length === 0 ? {} : { $filter: filter.join(' and ') }),
    ...(from === null || from.done === 0 ? {} : { $skip: String(from.done) }),
  };
  const answer = read(Page, await client.json({ path, query: asked }, signal));
  const items = itemsOf(answer.value);
  const last = items.at(-1)?.receivedDateTime;
  const more = answer['@odata.nextLink'] !== undefined && typeof last === 'string';
  return { messages: shown(items), next: more ? writePosition(items, last, from) : null };
}

interface Position {
  readonly time: string;
  /** Messages of that time that have been listed. */
  readonly done: number;
}

function readPosition(page: string | null): Position | null {
  if (page === null) return null;
  const [time = '', done = ''] = page.split(' ');
  if (Number.isNaN(Date.parse(time)) || !/^\d{1,6}$/.test(done))
    throw new ConnectorFault('malformed', 'This is no page of the listing.');
  return { time, done: Number(done) };
}

function writePosition(items: readonly Item[], time: string, from: Position | null): string {
  const sameTime = items.filter((item) => item.receivedDateTime === time).length;
  return `${time} ${sameTime + (from?.time === time ? from.done : 0)}`;
}

function itemsOf(entries: readonly unknown[]): readonly Item[] {
  return entries.map((entry) => read(Item, entry));
}

function describe(tree: FolderTree, item: Item, summaries: boolean): ListedMessage {
  const ref = refOf(tree, item, item.parentFolderId);
  if (!summaries) return ref;
  const { name, address } = item.from?.emailAddress ?? {};
  const fromName = name === address ? '' : (name ?? '');
  return { ...ref, summary: { subject: item.subject ?? '', fromName, fromAddress: address ?? '', size: null } };
}

/** As words only: quotes and operators would mean something to the search. */
function wordsOf(text: string | undefined): string {
  return (text ?? '')
    .replace(/["\\:()*<>=]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function within(item: Item, { since, before }: MailboxQuery): boolean {
  const at = Date.parse(item.receivedDateTime ?? '');
  return (since === undefined || at >= since.getTime()) && (before === undefined || at < before.getTime());
}
