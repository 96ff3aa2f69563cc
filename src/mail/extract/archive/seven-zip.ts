import type { ArchiveListing } from './listing.js';

/** The coder of AES-256 with SHA-256, as it stands in the header of a 7z whose names or contents are encrypted. */
const AES_CODER = '\x06\xf1\x07\x01';
const ENCODED_HEADER = 0x17;

/**
 * What a 7z tells without unpacking its header, which is nearly always compressed: whether names and contents are encrypted. No entries
 * are listed.
 */
export function listSevenZip(bytes: Buffer): ArchiveListing {
  const headerAt = 32 + Number(bytes.readBigUInt64LE(12));
  const header = bytes.subarray(headerAt, headerAt + Number(bytes.readBigUInt64LE(20)));
  const sealed = header.includes(AES_CODER, 0, 'latin1');
  return {
    format: '7z',
    entries: [],
    truncated: !sealed,
    damaged: header.length === 0,
    sealed: sealed && header[0] === ENCODED_HEADER,
    unpack: null,
  };
}
