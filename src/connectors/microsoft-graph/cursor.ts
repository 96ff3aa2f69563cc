import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';
import { ConnectorFault } from '../connector.js';
import type { FolderTree } from './folders.js';

/** How far one folder has been read. */
export interface Track {
  /** Continues its delta query. */
  readonly path: string;
  /** Messages that this query has told of. */
  readonly seen: number;
}

/** Where reading stands. */
export interface Place {
  readonly tree: FolderTree;
  /** Messages received before are no news. */
  readonly since: string;
  /** By the folder's id. */
  readonly tracks: ReadonlyMap<string, Track>;
  /** Folders that have more to tell before a new round begins. */
  readonly pending: readonly string[];
}

const Kept = z.object({
  v: z.literal(1),
  since: z.string(),
  link: z.string(),
  without: z.array(z.string()),
  folders: z.array(
    z.tuple([z.string(), z.string().nullable(), z.string(), z.string().nullable(), z.number().int().min(0)]),
  ),
  pending: z.array(z.string()),
});

/** As the contract of connectors has it. */
const MOST_BYTES = 100_000;
const MOST_UNPACKED = 8_000_000;

/** Packed: the ids of a mailbox's folders have most of their hundred characters in common. */
export function writeCursor({ tree, since, tracks, pending }: Place): string {
  const folders = [...tree.byId].map(([id, { parent, name }]) => [
    ...[id, parent, name, tracks.get(id)?.path ?? null],
    tracks.get(id)?.seen ?? 0,
  ]);
  const text = JSON.stringify({ v: 1, since, link: tree.link, without: tree.without, folders, pending });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6 };
  const cursor = brotliCompressSync(Buffer.from(text), { params }).toString('base64url');
  if (cursor.length > MOST_BYTES)
    throw new ConnectorFault('malformed', 'This mailbox has more folders than can be watched.');
  return cursor;
}

/** Throws ConnectorFault `cursor-expired` for what is none. */
export function readCursor(cursor: string): Place {
  try {
    const packed = Buffer.from(cursor, 'base64url');
    const text = brotliDecompressSync(packed, { maxOutputLength: MOST_UNPACKED }).toString();
    const { since, link, without, folders, pending } = Kept.parse(JSON.parse(text));
    const byId = new Map(folders.map(([id, parent, name]) => [id, { parent, name }]));
    const tracks = new Map(
      folders.flatMap(([id, , , path, seen]) => (path === null ? [] : [[id, { path, seen }] as const])),
    );
    return { tree: { byId, without, link }, since, tracks, pending };
  } catch (cause) {
    throw new ConnectorFault('cursor-expired', 'The mailbox has to be looked through again.', { cause });
  }
}
