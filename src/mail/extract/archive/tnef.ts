import type { ArchiveListing, PackedEntry } from './listing.js';

const RENDER_DATA = 0x9002;
const TITLE = 0x8010;
const DATA = 0x800f;

interface TnefEntry extends PackedEntry {
  readonly bytes: Buffer;
}

/** Lists a winmail.dat ([MS-OXTNEF] 2.1): Outlook's own wrapping of attachments, which most other programs cannot open. */
export function listTnef(bytes: Buffer, limit: number): ArchiveListing {
  const entries: TnefEntry[] = [];
  let name = '';
  let damaged = false;
  let at = 6;
  while (at + 9 <= bytes.length && entries.length < limit) {
    const attribute = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const value = bytes.subarray(at + 9, at + 9 + length);
    if (value.length < length) {
      damaged = true;
      break;
    }
    if (attribute === RENDER_DATA) name = '';
    if (attribute === TITLE) name = value.toString('latin1').replace(/\0.*$/s, '');
    if (attribute === DATA) {
      entries.push({
        name: name === '' ? `file ${entries.length + 1}` : name,
        size: length,
        encrypted: false,
        bytes: value,
      });
    }
    at += 9 + length + 2;
  }
  return {
    format: 'tnef',
    entries,
    truncated: entries.length >= limit,
    damaged,
    unpack: (entry) => (entry as TnefEntry).bytes,
  };
}
