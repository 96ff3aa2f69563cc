import type { ArchiveListing, PackedEntry } from './listing.js';

const RAR5 = 'Rar!\x1a\x07\x01\x00';

/** Lists a RAR of version 4 or 5 (unrar's technote): names, sizes and what is encrypted. Nothing is unpacked. */
export function listRar(bytes: Buffer, limit: number): ArchiveListing {
  const found = bytes.toString('latin1', 0, 8) === RAR5 ? listVersion5(bytes, limit) : listVersion4(bytes, limit);
  return { format: 'rar', ...found, damaged: false, unpack: null };
}

type Found = Pick<ArchiveListing, 'entries' | 'truncated'> & { readonly sealed: boolean };

function listVersion4(bytes: Buffer, limit: number): Found {
  const entries: PackedEntry[] = [];
  let at = 7;
  while (at + 7 <= bytes.length) {
    const type = bytes[at + 2];
    const flags = bytes.readUInt16LE(at + 3);
    const headSize = bytes.readUInt16LE(at + 5);
    if (headSize < 7) break;
    if (type === 0x73 && (flags & 0x80) !== 0) return { entries, truncated: false, sealed: true };
    const packed = (flags & 0x8000) !== 0 && at + 11 <= bytes.length ? bytes.readUInt32LE(at + 7) : 0;
    if (type === 0x74 && at + 32 <= bytes.length) {
      if (entries.length >= limit) return { entries, truncated: true, sealed: false };
      const nameAt = at + 32 + ((flags & 0x100) !== 0 ? 8 : 0);
      const raw = bytes.subarray(nameAt, nameAt + bytes.readUInt16LE(at + 26));
      const end = raw.indexOf(0);
      entries.push({
        name: raw.toString('latin1', 0, end === -1 ? raw.length : end).replaceAll('\\', '/'),
        size: bytes.readUInt32LE(at + 11),
        encrypted: (flags & 4) !== 0,
      });
    }
    at += headSize + packed;
  }
  return { entries, truncated: false, sealed: false };
}

function listVersion5(bytes: Buffer, limit: number): Found {
  const entries: PackedEntry[] = [];
  let at = 8;
  while (at + 7 <= bytes.length) {
    const header = createVints(bytes, at + 4);
    const headSize = header.next();
    const bodyAt = header.at;
    const type = header.next();
    const flags = header.next();
    const extraSize = (flags & 1) !== 0 ? header.next() : 0;
    const packed = (flags & 2) !== 0 ? header.next() : 0;
    if (type === 4) return { entries, truncated: false, sealed: true };
    if (type === 5 || headSize <= 0) break;
    if (type === 2) {
      if (entries.length >= limit) return { entries, truncated: true, sealed: false };
      entries.push(fileOf(bytes, header, bodyAt + headSize - extraSize, bodyAt + headSize));
    }
    at = bodyAt + headSize + packed;
  }
  return { entries, truncated: false, sealed: false };
}

function fileOf(bytes: Buffer, header: Vints, extraAt: number, end: number): PackedEntry {
  const fileFlags = header.next();
  const size = header.next();
  header.next(); // attributes
  if ((fileFlags & 2) !== 0) header.at += 4; // time
  if ((fileFlags & 4) !== 0) header.at += 4; // checksum
  header.next(); // compression
  header.next(); // host system
  const length = header.next();
  const name = bytes.toString('utf8', header.at, Math.min(header.at + length, end));
  return { name, size, encrypted: hasEncryptionRecord(bytes, extraAt, end) };
}

/** The extra area is a list of records (size, type, …); type 1 says that the file is encrypted. */
function hasEncryptionRecord(bytes: Buffer, start: number, end: number): boolean {
  const extra = createVints(bytes, start);
  while (extra.at < end) {
    const size = extra.next();
    const recordAt = extra.at;
    if (size <= 0) return false;
    if (extra.next() === 1) return true;
    extra.at = recordAt + size;
  }
  return false;
}

interface Vints {
  at: number;
  next(): number;
}

/** Numbers of seven bits a byte, least significant first; the high bit says that more follow. */
function createVints(bytes: Buffer, start: number): Vints {
  return {
    at: start,
    next() {
      let value = 0;
      for (let i = 0; i < 10; i++) {
        const byte = bytes[this.at++] ?? 0;
        value += (byte & 0x7f) * 2 ** (7 * i);
        if ((byte & 0x80) === 0) break;
      }
      return value;
    },
  };
}
