import type { ArchiveListing, PackedEntry } from './listing.js';
import { inflateRaw } from '../inflate.js';
import type { ExtractBudget } from '../budget.js';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const ENCRYPTED = 0x1;
const UTF8 = 0x800;

interface ZipEntry extends PackedEntry {
  readonly method: number;
  readonly compressed: number;
  readonly offset: number;
}

/**
 * Lists a ZIP from its central directory (APPNOTE 4.3), without inflating anything; where that is missing or broken, from the local
 * headers. `limit` bounds the entries listed.
 */
export function listZip(bytes: Buffer, limit: number): ArchiveListing {
  const listed = fromDirectory(bytes, limit) ?? fromLocalHeaders(bytes, limit);
  return {
    format: 'zip',
    damaged: listed.damaged,
    truncated: listed.truncated,
    entries: listed.entries,
    unpack: (entry, budget) => unpack(bytes, entry as ZipEntry, budget),
  };
}

interface Listed {
  readonly entries: ZipEntry[];
  readonly truncated: boolean;
  readonly damaged: boolean;
}

function fromDirectory(bytes: Buffer, limit: number): Listed | null {
  const end = findEnd(bytes);
  if (end === null) return null;
  const size = bytes.readUInt32LE(end + 12);
  const declared = bytes.readUInt32LE(end + 16);
  // Bytes put before the archive (a self-extractor, a disguise) shift every offset; the directory ends where its end record begins.
  const shift = end - size - declared;
  const base = shift > 0 && declared !== 0xffffffff ? shift : 0;
  let at = declared + base;
  const entries: ZipEntry[] = [];
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) {
    if (entries.length >= limit) return { entries, truncated: true, damaged: false };
    const flags = bytes.readUInt16LE(at + 8);
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: nameOf(bytes.subarray(at + 46, at + 46 + nameLength), flags),
      size: bytes.readUInt32LE(at + 24),
      encrypted: (flags & ENCRYPTED) !== 0,
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42) + base,
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  const announced = bytes.readUInt16LE(end + 10);
  if (entries.length === 0 && announced > 0) return null;
  return { entries, truncated: false, damaged: entries.length < announced && announced !== 0xffff };
}

function findEnd(bytes: Buffer): number | null {
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= lowest; at--) {
    if (bytes[at] === 0x50 && bytes.readUInt32LE(at) === END) return at;
  }
  return null;
}

function fromLocalHeaders(bytes: Buffer, limit: number): Listed {
  const entries: ZipEntry[] = [];
  let at = bytes.indexOf('PK\x03\x04', 0, 'latin1');
  while (at !== -1 && at + 30 <= bytes.length) {
    if (entries.length >= limit) return { entries, truncated: true, damaged: true };
    if (bytes.readUInt32LE(at) === LOCAL) {
      const flags = bytes.readUInt16LE(at + 6);
      const nameLength = bytes.readUInt16LE(at + 26);
      entries.push({
        name: nameOf(bytes.subarray(at + 30, at + 30 + nameLength), flags),
        size: bytes.readUInt32LE(at + 22),
        encrypted: (flags & ENCRYPTED) !== 0,
        method: bytes.readUInt16LE(at + 8),
        compressed: bytes.readUInt32LE(at + 18),
        offset: at,
      });
    }
    at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1');
  }
  return { entries, truncated: false, damaged: true };
}

function nameOf(raw: Buffer, flags: number): string {
  return raw.toString((flags & UTF8) !== 0 || !raw.some((byte) => byte > 127) ? 'utf8' : 'latin1');
}

function unpack(bytes: Buffer, entry: ZipEntry, budget: ExtractBudget): Buffer | null {
  const at = entry.offset;
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) return null;
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const packed = bytes.subarray(start, entry.compressed === 0 ? bytes.length : start + entry.compressed);
  if (entry.method === 0) return packed.subarray(0, entry.size);
  if (entry.method === 8) return inflateRaw(packed, budget);
  return null;
}
