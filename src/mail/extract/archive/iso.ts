import type { ArchiveListing, PackedEntry } from './listing.js';

const SECTOR = 2048;
const DIRECTORIES = 200;

interface IsoEntry extends PackedEntry {
  readonly start: number;
}

interface Directory {
  readonly path: string;
  readonly start: number;
  readonly size: number;
}

/** Lists an ISO 9660 image (ECMA-119), with Joliet's long names where it has them. */
export function listIso(bytes: Buffer, limit: number): ArchiveListing {
  const entries: IsoEntry[] = [];
  const { root, joliet } = rootOf(bytes);
  const queue: Directory[] = root === null ? [] : [root];
  let truncated = false;
  // Directories may point at each other; the count bounds the walk.
  for (let i = 0; i < queue.length && i < DIRECTORIES && !truncated; i++) {
    const directory = queue[i];
    if (directory === undefined) break;
    for (const record of recordsOf(bytes, directory, joliet)) {
      if (record.folder) queue.push(record);
      else if (entries.length >= limit) truncated = true;
      else entries.push({ name: record.path, size: record.size, encrypted: false, start: record.start });
    }
  }
  return {
    format: 'iso',
    entries: entries.slice(0, limit),
    truncated: truncated || queue.length > DIRECTORIES,
    damaged: root === null,
    unpack(entry) {
      const { start, size } = entry as IsoEntry;
      return start + size <= bytes.length ? bytes.subarray(start, start + size) : null;
    },
  };
}

function rootOf(bytes: Buffer): { root: Directory | null; joliet: boolean } {
  let root: Directory | null = null;
  for (let at = 16 * SECTOR; at + SECTOR <= bytes.length; at += SECTOR) {
    const type = bytes[at];
    if (bytes.toString('latin1', at + 1, at + 6) !== 'CD001' || type === 255) break;
    if (type !== 1 && type !== 2) continue;
    const record = at + 156;
    const found = { path: '', start: bytes.readUInt32LE(record + 2) * SECTOR, size: bytes.readUInt32LE(record + 10) };
    if (type === 2 && /^%\/[@CE]/.test(bytes.toString('latin1', at + 88, at + 91)))
      return { root: found, joliet: true };
    root ??= found;
  }
  return { root, joliet: false };
}

function* recordsOf(
  bytes: Buffer,
  directory: Directory,
  joliet: boolean,
): Generator<Directory & { readonly folder: boolean }> {
  const end = Math.min(directory.start + directory.size, bytes.length);
  let at = directory.start;
  while (at + 33 <= end) {
    const length = bytes[at] ?? 0;
    if (length < 34) {
      // A record never crosses a sector: zeros fill the rest.
      at = (Math.floor(at / SECTOR) + 1) * SECTOR;
      continue;
    }
    const raw = bytes.subarray(at + 33, at + 33 + (bytes[at + 32] ?? 0));
    if (raw.length > 1 || (raw[0] ?? 0) > 1) {
      const name = joliet
        ? Buffer.from(raw.subarray(0, raw.length & ~1))
            .swap16()
            .toString('utf16le')
        : raw.toString('latin1');
      yield {
        path: `${directory.path === '' ? '' : `${directory.path}/`}${name.replace(/;\d+$/, '')}`,
        start: bytes.readUInt32LE(at + 2) * SECTOR,
        size: bytes.readUInt32LE(at + 10),
        folder: ((bytes[at + 25] ?? 0) & 2) !== 0,
      };
    }
    at += length;
  }
}
