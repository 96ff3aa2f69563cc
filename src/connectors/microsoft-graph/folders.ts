import { ConnectorFault } from '../connector.js';
import { Folder, Page, read } from './answers.js';
import { pathOfLink } from './client.js';
import type { GraphClient } from './client.js';

/** Created where something is held; hidden from people. */
export const HELD_FOLDER = 'Held by postern';

/** Where no mail comes in, by the names that are the same in every language (learn.microsoft.com/graph/api/resources/mailfolder). */
const NOT_RECEIVED = [
  'junkemail',
  'deleteditems',
  'drafts',
  'sentitems',
  'outbox',
  'conversationhistory',
  'syncissues',
] as const;

interface KnownFolder {
  readonly parent: string | null;
  readonly name: string;
}

export interface FolderTree {
  readonly byId: ReadonlyMap<string, KnownFolder>;
  /** Ids of those that receive no mail, with everything below them. */
  readonly without: readonly string[];
  /** From where changes of the folders are told. */
  readonly link: string;
}

/** Every folder of the mailbox, by delta, so that later only what changed is asked for. */
export async function loadFolders(client: GraphClient, root: string, signal: AbortSignal): Promise<FolderTree> {
  const [without, tree] = await Promise.all([
    Promise.all(NOT_RECEIVED.map((name) => wellKnown(client, root, name, signal))),
    followFolders(client, { byId: new Map(), without: [], link: `${root}/mailFolders/delta` }, signal),
  ]);
  return { ...tree, without: without.filter((id) => id !== null) };
}

/** The tree with what has changed since its link. */
export async function followFolders(client: GraphClient, tree: FolderTree, signal: AbortSignal): Promise<FolderTree> {
  const byId = new Map(tree.byId);
  for (let path = tree.link; ;) {
    const page = read(Page, await client.json({ path, pageSize: 100 }, signal));
    for (const entry of page.value) {
      const folder = read(Folder, entry);
      if (folder['@removed'] !== undefined) byId.delete(folder.id);
      else {
        const known = byId.get(folder.id);
        byId.set(folder.id, {
          parent: folder.parentFolderId ?? known?.parent ?? null,
          name: folder.displayName ?? known?.name ?? '',
        });
      }
    }
    const next = page['@odata.nextLink'];
    if (next !== undefined) path = pathOfLink(next);
    else {
      const link = page['@odata.deltaLink'];
      if (link === undefined) throw new ConnectorFault('unavailable', 'Microsoft 365 did not list the folders.');
      return { ...tree, byId, link: pathOfLink(link) };
    }
  }
}

/** As people read it: 'Inbox', 'Projects/Zürich'. */
export function nameOfFolder(tree: FolderTree, id: string | null | undefined): string {
  return lineage(tree, id)
    .map((one) => tree.byId.get(one)?.name ?? '')
    .reverse()
    .join('/');
}

export function receivesMail(tree: FolderTree, id: string): boolean {
  const line = lineage(tree, id);
  if (line.length === 0 || line.some((one) => tree.without.includes(one))) return false;
  return tree.byId.get(line.at(-1) ?? '')?.name !== HELD_FOLDER;
}

/** Null where there is none of that name. */
export function folderByName(tree: FolderTree, name: string): string | null {
  for (const id of tree.byId.keys()) {
    if (nameOfFolder(tree, id).toLowerCase() === name.toLowerCase()) return id;
  }
  return null;
}

/** The folder and those around it, from the inside; the mailbox's own root is not among them. */
function lineage(tree: FolderTree, id: string | null | undefined): readonly string[] {
  const line: string[] = [];
  for (let at = id ?? null; at !== null && line.length < 100; at = tree.byId.get(at)?.parent ?? null) {
    if (!tree.byId.has(at)) break;
    line.push(at);
  }
  return line;
}

async function wellKnown(
  client: GraphClient,
  root: string,
  name: (typeof NOT_RECEIVED)[number],
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const query = { $select: 'id' };
    return read(Folder, await client.json({ path: `${root}/mailFolders/${name}`, query }, signal)).id;
  } catch (error) {
    if (error instanceof ConnectorFault && error.kind === 'not-found') return null;
    throw error;
  }
}
