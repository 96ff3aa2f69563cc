import type { ArchiveListing, PackedEntry } from './listing.js';
import { inflateGzip } from '../inflate.js';

/**
 * One file in gzip's frame (RFC 1952). Its name is the one recorded, or `fallbackName`. The declared size is the last four bytes,
 * modulo 2^32: an attacker's word, as every declared size.
 */
export function listGzip(bytes: Buffer, fallbackName: string): ArchiveListing {
  const entry: PackedEntry = {
    name: recordedName(bytes) ?? fallbackName,
    size: bytes.length >= 18 ? bytes.readUInt32LE(bytes.length - 4) : 0,
    encrypted: false,
  };
  return {
    format: 'gzip',
    entries: [entry],
    truncated: false,
    damaged: bytes.length < 18,
    unpack: (_entry, budget) => inflateGzip(bytes, budget),
  };
}

function recordedName(bytes: Buffer): string | null {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) {
    if (at + 2 > bytes.length) return null;
    at += 2 + bytes.readUInt16LE(at);
  }
  if ((flags & 8) === 0) return null;
  const end = bytes.indexOf(0, at);
  return end <= at || end - at > 255 ? null : bytes.toString('latin1', at, end);
}
