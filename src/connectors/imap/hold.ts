import { createHash } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import type { HoldCapability, HoldReceipt, MessageRef } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { placeOf, QUARANTINE } from './folders.js';
import { readId, writeId } from './message-id.js';

/**
 * Holding is moving to a folder of postern's own. The message carries a keyword made from the hold's key from before the move, by
 * which it is found after a crash in between; the keyword stays, so that a release that is repeated finds what it did.
 */
export function createHold(connection: ImapConnection): HoldCapability {
  async function find(path: string, mark: string, signal: AbortSignal): Promise<MessageRef | null> {
    return await connection.inFolder(
      { path },
      async (client, uidValidity) => {
        const uids = await client.search({ keyword: mark }, { uid: true });
        const uid = Array.isArray(uids) ? uids[0] : undefined;
        return uid === undefined
          ? null
          : { id: writeId({ path, uidValidity: String(uidValidity), uid }), folder: path };
      },
      signal,
    );
  }

  async function move(from: MessageRef, to: string, mark: string, signal: AbortSignal): Promise<MessageRef> {
    const { path, uid, uidValidity } = await placeOf(connection, from.id, signal);
    await connection.run((client) => ensureFolder(client, to), signal);
    await connection.inFolder(
      { path, write: true },
      async (client, current) => {
        if (String(current) !== uidValidity) throw gone();
        const range = String(uid);
        const [there] = await client.fetchAll(range, { uid: true, flags: true }, { uid: true });
        if (there === undefined) throw gone();
        if (!(await client.messageFlagsAdd(range, [mark], { uid: true }))) throw refused();
        if ((await client.messageMove(range, to, { uid: true })) === false) throw refused();
      },
      signal,
    );
    const moved = await find(to, mark, signal);
    if (moved === null) throw gone();
    return moved;
  }

  return {
    async quarantine(ref, key, keep, signal) {
      const mark = keywordOf(key);
      await connection.run((client) => ensureFolder(client, QUARANTINE), signal);
      const place = await placeOf(connection, ref.id, signal);
      const held = await find(QUARANTINE, mark, signal);
      const state = held === null ? await stateOf(connection, ref, signal) : await stateOf(connection, held, signal);
      const original = { ...ref, folder: place.path };
      const receipt: HoldReceipt = { key, original, labels: without(state.labels, mark), flags: state.flags, held };
      // Held already: the receipt that was kept then says more than can be seen now.
      if (held !== null) return receipt;
      await keep(receipt);
      return { ...receipt, held: await move(ref, QUARANTINE, mark, signal) };
    },

    async release(receipt, signal) {
      const mark = keywordOf(receipt.key);
      const { folder } = receipt.original;
      const held = await find(QUARANTINE, mark, signal);
      const back = held === null ? await find(folder, mark, signal) : await move(held, folder, mark, signal);
      if (back === null) throw gone();
      const { uid } = readId(back.id);
      await connection.inFolder(
        { path: folder, write: true },
        async (client) => {
          const flags = [
            ...receipt.labels,
            ...(receipt.flags.read ? ['\\Seen'] : []),
            ...(receipt.flags.flagged ? ['\\Flagged'] : []),
          ];
          if (flags.length > 0) await client.messageFlagsAdd(String(uid), flags, { uid: true });
          if (!receipt.flags.read) await client.messageFlagsRemove(String(uid), ['\\Seen'], { uid: true });
        },
        signal,
      );
      return back;
    },

    async purge(receipt, signal) {
      const held = await find(QUARANTINE, keywordOf(receipt.key), signal);
      if (held === null) return;
      await connection.inFolder(
        { path: QUARANTINE, write: true },
        async (client) => {
          if (!(await client.messageDelete(String(readId(held.id).uid), { uid: true }))) throw refused();
        },
        signal,
      );
    },
  };
}

async function stateOf(connection: ImapConnection, ref: MessageRef, signal: AbortSignal) {
  const { path, uid, uidValidity } = await placeOf(connection, ref.id, signal);
  return await connection.inFolder(
    { path },
    async (client, current) => {
      const [row] = await client.fetchAll(String(uid), { uid: true, flags: true }, { uid: true });
      if (String(current) !== uidValidity || row === undefined) throw gone();
      const flags = row.flags ?? new Set<string>();
      return {
        labels: [...flags].filter((flag) => !flag.startsWith('\\')),
        flags: { read: flags.has('\\Seen'), flagged: flags.has('\\Flagged') },
      };
    },
    signal,
  );
}

async function ensureFolder(client: ImapFlow, path: string): Promise<void> {
  const there = await client.status(path, { messages: true }).catch(() => false);
  if (there === false) await client.mailboxCreate(path);
}

function keywordOf(key: string): string {
  return `postern-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}

function without(labels: readonly string[], mark: string): readonly string[] {
  return labels.filter((label) => label.toLowerCase() !== mark);
}

function gone(): ConnectorFault {
  return new ConnectorFault('not-found', 'The message is no longer where it was.');
}

function refused(): ConnectorFault {
  return new ConnectorFault('unavailable', 'The server does not let postern move messages in this mailbox.');
}
