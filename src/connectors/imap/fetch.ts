import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { ConnectorFault } from '../connector.js';
import type { MessageRef, RawMessage } from '../connector.js';
import type { ImapConnection } from './connection.js';
import { toFault } from './fault.js';
import { placeOf } from './folders.js';
import { readId } from './message-id.js';
import type { Place } from './message-id.js';

interface Wanted {
  readonly ref: MessageRef;
  readonly place: Place;
  readonly resolve: (message: RawMessage) => void;
  readonly reject: (fault: unknown) => void;
}

/** Bytes of one command's answer: what is asked for together is in memory together. */
const PORTION_BYTES = 16 * 1024 * 1024;

/**
 * Fetches messages without marking them as read (BODY.PEEK). What is asked for at the same time travels in one command a folder, so
 * that a distant server costs one way there and back for many messages, not one each.
 */
export function createFetcher(connection: ImapConnection, maxBytes: number) {
  const waiting = new Map<string, Wanted[]>();
  const busy = new Set<string>();

  function next(path: string): void {
    if (busy.has(path)) return;
    busy.add(path);
    setImmediate(() => {
      const batch = waiting.get(path) ?? [];
      waiting.delete(path);
      void deliver(path, batch).finally(() => {
        busy.delete(path);
        if (waiting.has(path)) next(path);
      });
    });
  }

  async function deliver(path: string, batch: readonly Wanted[]): Promise<void> {
    try {
      await connection.inFolder(
        { path, seen: true },
        (client, current) => fetchAll(client, String(current), batch),
        never(),
      );
      // Whatever was not in an answer is not there any more; settled ones hear nothing of this.
      for (const { reject } of batch) reject(gone());
    } catch (error) {
      const fault = toFault(error);
      for (const { reject } of batch) reject(fault);
    }
  }

  async function fetchAll(client: ImapFlow, uidValidity: string, batch: readonly Wanted[]): Promise<void> {
    const wanted = batch.filter(({ place }) => place.uidValidity === uidValidity);
    if (wanted.length === 0) return;
    const bytes = await sizesOf(client, wanted);
    const unseen = wanted.filter(({ place }) => !bytes.has(place.uid));
    if (unseen.length > 0) {
      // Arrived after the connection last looked at the folder, or gone: only now is it worth a look.
      await client.noop();
      for (const [uid, size] of await sizesOf(client, unseen)) bytes.set(uid, size);
    }
    const small = wanted.filter(({ place, reject }) => {
      const size = bytes.get(place.uid) ?? 0;
      if (size > maxBytes) reject(tooLarge(maxBytes));
      return bytes.has(place.uid) && size <= maxBytes;
    });
    for (const portion of portions(small, ({ place }) => bytes.get(place.uid) ?? 0)) {
      const parts = { uid: true, flags: true, internalDate: true, source: true };
      for await (const row of client.fetch(uidsOf(portion), parts, { uid: true })) {
        for (const { ref, place, resolve } of portion) if (place.uid === row.uid) resolve(toRaw(ref, place, row));
      }
    }
  }

  return async (ref: MessageRef): Promise<RawMessage> => {
    const { path, uidValidity, uid } = readId(ref.id);
    // At once where that is possible: what is asked for together travels together.
    const place = path === null ? await placeOf(connection, ref.id, never()) : { path, uidValidity, uid };
    return await new Promise((resolve, reject) => {
      waiting.set(place.path, [...(waiting.get(place.path) ?? []), { ref, place, resolve, reject }]);
      next(place.path);
    });
  };
}

function toRaw(ref: MessageRef, place: Place, { source, flags, internalDate }: FetchMessageObject): RawMessage {
  if (source === undefined) throw gone();
  return {
    // A folder's name is told by its id: whoever asked by id alone need not know it.
    ref: { id: ref.id, folder: place.path, ...(internalDate instanceof Date ? { receivedAt: internalDate } : {}) },
    bytes: source,
    labels: [...(flags ?? [])].filter((flag) => !flag.startsWith('\\')),
    flags: { read: flags?.has('\\Seen') === true, flagged: flags?.has('\\Flagged') === true },
  };
}

async function sizesOf(client: ImapFlow, wanted: readonly Wanted[]): Promise<Map<number, number>> {
  const rows = await client.fetchAll(uidsOf(wanted), { uid: true, size: true }, { uid: true });
  return new Map(rows.map(({ uid, size }) => [uid, size ?? 0]));
}

function uidsOf(wanted: readonly Wanted[]): string {
  return [...new Set(wanted.map(({ place }) => place.uid))].join(',');
}

function* portions<T>(items: readonly T[], sizeOf: (item: T) => number): Generator<readonly T[]> {
  let portion: T[] = [];
  let bytes = 0;
  for (const item of items) {
    if (portion.length > 0 && bytes + sizeOf(item) > PORTION_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(item);
    bytes += sizeOf(item);
  }
  if (portion.length > 0) yield portion;
}

function gone(): ConnectorFault {
  return new ConnectorFault('not-found', 'The message is no longer in its folder.');
}

function tooLarge(maxBytes: number): ConnectorFault {
  return new ConnectorFault('malformed', `The message is larger than ${Math.round(maxBytes / 1e6)} MB.`);
}

/** A batch belongs to several callers: none of them can abort it. */
function never(): AbortSignal {
  return new AbortController().signal;
}
