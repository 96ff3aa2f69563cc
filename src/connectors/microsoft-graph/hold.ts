import { ConnectorFault } from '../connector.js';
import type { AnnotateCapability, HoldCapability, HoldReceipt, MessageRef } from '../connector.js';
import { Folder, Item, Page, read } from './answers.js';
import { refOf } from './changes.js';
import type { GraphClient } from './client.js';
import { flagsOf, STATE_FIELDS } from './fetch.js';
import { folderByName, HELD_FOLDER } from './folders.js';
import type { FolderTree } from './folders.js';

/**
 * Held is what lies in a folder that people do not see. With immutable ids a message keeps its name when it is moved, and with it its
 * categories, flag and read state.
 */
export function createHold(
  client: GraphClient,
  root: string,
  folders: (signal: AbortSignal) => Promise<FolderTree>,
): HoldCapability {
  const pathOf = (id: string) => `${root}/messages/${encodeURIComponent(id)}`;
  const move = (id: string, destinationId: string, signal: AbortSignal) =>
    client.json({ method: 'post', path: `${pathOf(id)}/move`, body: { destinationId } }, signal);

  async function heldFolder(signal: AbortSignal): Promise<string> {
    const query = { $filter: `displayName eq '${HELD_FOLDER}'`, includeHiddenFolders: 'true' };
    const found = read(Page, await client.json({ path: `${root}/mailFolders`, query }, signal)).value.map((entry) =>
      read(Folder, entry),
    );
    const [known] = found;
    if (known !== undefined) return known.id;
    const body = { displayName: HELD_FOLDER, isHidden: true };
    return read(Folder, await client.json({ method: 'post', path: `${root}/mailFolders`, body }, signal)).id;
  }

  async function stateOf(id: string, signal: AbortSignal): Promise<Item> {
    return read(Item, await client.json({ path: pathOf(id), query: { $select: STATE_FIELDS } }, signal));
  }

  return {
    async quarantine(ref, key, keep, signal) {
      const [held, item, tree] = await Promise.all([heldFolder(signal), stateOf(ref.id, signal), folders(signal)]);
      const done = item.parentFolderId === held;
      const receipt: HoldReceipt = {
        key,
        original: done ? ref : { ...refOf(tree, item, item.parentFolderId), id: ref.id },
        labels: item.categories ?? [],
        flags: flagsOf(item),
        held: null,
      };
      if (!done) {
        await keep(receipt);
        await move(ref.id, held, signal);
      }
      return { ...receipt, held: { ...ref, folder: HELD_FOLDER } };
    },

    async release({ original }, signal) {
      const [held, item, tree] = await Promise.all([heldFolder(signal), stateOf(original.id, signal), folders(signal)]);
      if (item.parentFolderId !== held) return { ...refOf(tree, item, item.parentFolderId), id: original.id };
      const home = folderByName(tree, original.folder);
      await move(original.id, home ?? 'inbox', signal);
      // The folder it came from may be gone.
      if (home !== null) return original;
      const now = await stateOf(original.id, signal);
      return { ...refOf(tree, now, now.parentFolderId), id: original.id };
    },

    async purge({ original }, signal) {
      try {
        // Past "Deleted items" and what can be recovered from there (learn.microsoft.com/graph/api/message-permanentdelete).
        await client.json({ method: 'post', path: `${pathOf(original.id)}/permanentDelete` }, signal);
      } catch (error) {
        if (!(error instanceof ConnectorFault && error.kind === 'not-found')) throw error;
      }
    },
  };
}

/** Categories, which Outlook shows in colour. */
export function createAnnotate(client: GraphClient, root: string): AnnotateCapability {
  return {
    async annotate(ref: MessageRef, { add, remove }, signal) {
      const path = `${root}/messages/${encodeURIComponent(ref.id)}`;
      const item = read(Item, await client.json({ path, query: { $select: 'id,categories' } }, signal));
      const kept = (item.categories ?? []).filter((name) => !remove.includes(name) && !add.includes(name));
      await client.json({ method: 'patch', path, body: { categories: [...kept, ...add] } }, signal);
    },
  };
}
