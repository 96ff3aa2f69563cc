import type { ArchiveListing, PackedEntry } from './listing.js';

const BLOCK = 512;

interface TarEntry extends PackedEntry {
  readonly start: number;
}

/** Lists a POSIX or GNU tar. */
export function listTar(bytes: Buffer, limit: number): ArchiveListing {
  const entries: TarEntry[] = [];
  let truncated = false;
  let longName: string | null = null;
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const size = sizeOf(bytes.subarray(at + 124, at + 136));
    if (!Number.isSafeInteger(size) || size < 0) break;
    const kind = String.fromCharCode(bytes[at + 156] ?? 0);
    const start = at + BLOCK;
    if (kind === 'L') longName = text(bytes.subarray(start, start + Math.min(size, 1024)));
    if (kind === '0' || kind === '\0') {
      if (entries.length >= limit) {
        truncated = true;
        break;
      }
      entries.push({ name: longName ?? pathOf(bytes.subarray(at, at + BLOCK)), size, encrypted: false, start });
    }
    if (kind !== 'L') longName = null;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return {
    format: 'tar',
    entries,
    truncated,
    damaged: at > bytes.length,
    unpack(entry) {
      const { start, size } = entry as TarEntry;
      return start + size <= bytes.length ? bytes.subarray(start, start + size) : null;
    },
  };
}

function pathOf(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or base 256 where the first bit is set (GNU, for sizes above 8 GB). */
function sizeOf(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.readUIntBE(6, 6);
  const digits = text(field).trim();
  return digits === '' ? 0 : parseInt(digits, 8);
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
}
