import type { ArchiveListing, PackedEntry } from './listing.js';

/** Lists a Microsoft cabinet ([MS-CAB] 2.3). Nothing is unpacked. */
export function listCab(bytes: Buffer, limit: number): ArchiveListing {
  const entries: PackedEntry[] = [];
  const announced = bytes.readUInt16LE(28);
  let at = bytes.readUInt32LE(16);
  while (entries.length < Math.min(announced, limit) && at + 17 <= bytes.length) {
    const end = bytes.indexOf(0, at + 16);
    if (end === -1) break;
    const utf8 = (bytes.readUInt16LE(at + 14) & 0x80) !== 0;
    entries.push({
      name: bytes.toString(utf8 ? 'utf8' : 'latin1', at + 16, end).replaceAll('\\', '/'),
      size: bytes.readUInt32LE(at),
      encrypted: false,
    });
    at = end + 1;
  }
  return {
    format: 'cab',
    entries,
    truncated: announced > limit,
    damaged: entries.length < Math.min(announced, limit),
    unpack: null,
  };
}
