import { ConnectorFault } from '../connector.js';
import type { ChangePage, MessageRef } from '../connector.js';
import { Item, Page, read } from './answers.js';
import { pathOfLink } from './client.js';
import type { GraphClient } from './client.js';
import { readCursor, writeCursor } from './cursor.js';
import type { Place, Track } from './cursor.js';
import { followFolders, loadFolders, nameOfFolder, receivesMail } from './folders.js';
import type { FolderTree } from './folders.js';

const PAGE = 50;
/** Mail that was on its way for a while, or was put elsewhere by a rule, is still news. */
const OVERLAP_MS = 86_400_000;

/**
 * A delta query with a filter is said to tell of at most 5,000 messages, and it is not said whether in all its rounds together: well
 * before that a new one begins, an hour back.
 */
const MOST_SEEN = 4000;
const RESTART_OVERLAP_MS = 3_600_000;

interface Step {
  readonly items: readonly Item[];
  readonly path: string;
  readonly more: boolean;
}

/**
 * What came since a cursor. Delta queries are per folder (learn.microsoft.com/graph/delta-query-messages): a round asks every folder
 * that receives mail, and first for folders that are new. A token that Microsoft has forgotten (410) means to start over.
 */
export async function readChanges(
  client: GraphClient,
  root: string,
  cursor: string | null,
  signal: AbortSignal,
  now: Date,
): Promise<ChangePage> {
  if (cursor === null) return await startingPlace(client, root, signal, now);
  const place = readCursor(cursor);
  const { tree, tracks } = place.pending.length > 0 ? place : await newRound(client, root, place, signal);
  const asked = place.pending.length > 0 ? place.pending : [...tracks.keys()];
  const steps = await Promise.all(
    asked.map(async (id) => ({ id, step: await advance(client, tracks.get(id)?.path ?? '', signal) })),
  );

  const after = new Map(tracks);
  const pending: string[] = [];
  const items: { readonly item: Item; readonly folder: string }[] = [];
  for (const { id, step } of steps) {
    if (step === 'gone') {
      after.delete(id);
      continue;
    }
    // What does not fit stays where it is, and is asked for again with the next page.
    if (items.length > 0 && items.length + step.items.length > PAGE) {
      pending.push(id);
      continue;
    }
    items.push(...step.items.map((item) => ({ item, folder: id })));
    after.set(id, continued(root, id, tracks.get(id)?.seen ?? 0, step, now));
    if (step.more) pending.push(id);
  }
  items.sort((a, b) => Date.parse(a.item.receivedDateTime ?? '') - Date.parse(b.item.receivedDateTime ?? ''));
  return {
    messages: items.map(({ item, folder }) => refOf(tree, item, folder)),
    cursor: writeCursor({ tree, since: place.since, tracks: after, pending }),
    more: pending.length > 0,
  };
}

/** Reads every folder's recent past to its end, so that from here on only news is told. */
async function startingPlace(client: GraphClient, root: string, signal: AbortSignal, now: Date): Promise<ChangePage> {
  const tree = await loadFolders(client, root, signal);
  const since = before(now, OVERLAP_MS);
  const tracks = new Map<string, Track>();
  await Promise.all(
    [...tree.byId.keys()]
      .filter((id) => receivesMail(tree, id))
      .map(async (id) => {
        for (let path = firstPath(root, id, since); ;) {
          const step = await advance(client, path, signal);
          if (step === 'gone') return;
          ({ path } = step);
          if (step.more) continue;
          tracks.set(id, { path, seen: 0 });
          return;
        }
      }),
  );
  return { messages: [], cursor: writeCursor({ tree, since, tracks, pending: [] }), more: false };
}

/** Folders come, go, and move to where no mail is received. */
async function newRound(
  client: GraphClient,
  root: string,
  place: Place,
  signal: AbortSignal,
): Promise<Pick<Place, 'tree' | 'tracks'>> {
  const tree = await followFolders(client, place.tree, signal);
  const tracks = new Map<string, Track>();
  for (const id of tree.byId.keys()) {
    if (!receivesMail(tree, id)) continue;
    tracks.set(id, place.tracks.get(id) ?? { path: firstPath(root, id, place.since), seen: 0 });
  }
  return { tree, tracks };
}

function continued(root: string, folder: string, seen: number, step: Step, now: Date): Track {
  const total = seen + step.items.length;
  if (step.more || total < MOST_SEEN) return { path: step.path, seen: total };
  return { path: firstPath(root, folder, before(now, RESTART_OVERLAP_MS)), seen: 0 };
}

/** As Graph writes times: to the second. */
function before(now: Date, ms: number): string {
  return new Date(now.getTime() - ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `changeType` and the filter are carried on by the tokens of the answers. */
function firstPath(root: string, folder: string, since: string): string {
  const query = new URLSearchParams({
    $select: 'id,receivedDateTime,isDraft',
    $filter: `receivedDateTime ge ${since}`,
    changeType: 'created',
  });
  return `${root}/mailFolders/${encodeURIComponent(folder)}/messages/delta?${query.toString()}`;
}

async function advance(client: GraphClient, path: string, signal: AbortSignal): Promise<Step | 'gone'> {
  try {
    const page = read(Page, await client.json({ path, pageSize: PAGE }, signal));
    const link = page['@odata.nextLink'] ?? page['@odata.deltaLink'];
    if (link === undefined) throw new ConnectorFault('unavailable', 'Microsoft 365 did not say how to go on.');
    return {
      items: page.value
        .map((entry) => read(Item, entry))
        .filter((item) => item['@removed'] === undefined && !item.isDraft),
      path: pathOfLink(link),
      more: page['@odata.nextLink'] !== undefined,
    };
  } catch (error) {
    if (error instanceof ConnectorFault && error.kind === 'not-found') return 'gone';
    throw error;
  }
}

export function refOf(tree: FolderTree, item: Item, folder: string | null | undefined): MessageRef {
  const received = item.receivedDateTime;
  return {
    id: item.id,
    folder: nameOfFolder(tree, folder),
    ...(typeof received === 'string' ? { receivedAt: new Date(received) } : {}),
  };
}
