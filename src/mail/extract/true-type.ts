import { oleType } from './office/ole-type.js';
import { SIGNATURES } from './signatures.js';
import { detectText } from './text-type.js';
import { zipType } from './archive/zip-type.js';

/** The extension of a file name, lower case without the dot; '' when there is none. Trailing dots and spaces, which Windows drops, do not count. */
export function extensionOf(filename: string | null): string {
  const name = (filename ?? '').replace(/[\s.]+$/u, '');
  const match = /\.([^./\\\s]{1,16})$/u.exec(name);
  return match?.[1]?.toLowerCase() ?? '';
}

/** The media type the bytes tell, whatever the name or the sender says; null when unknown. */
export function detectType(bytes: Buffer): string | null {
  if (bytes.length === 0) return null;
  for (const { type, offset, magic } of SIGNATURES) {
    const start = offset < 0 ? bytes.length + offset : offset;
    if (start < 0 || !startsAt(bytes, start, magic)) continue;
    if (type === 'application/zip') return zipType(bytes);
    if (type === 'application/x-ole-storage') return oleType(bytes);
    if (type === 'application/vnd.microsoft.portable-executable' && !looksLikeProgram(bytes)) continue;
    return type;
  }
  // Readers accept a PDF whose header stands anywhere in the first kilobyte, and attackers put something else before it.
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'application/pdf';
  if (isProfile(bytes)) return 'application/x-apple-aspen-config';
  if (startsAt(bytes, 0, 'BM') && bytes.length > 26 && bytes.readUInt32LE(6) === 0) return 'image/bmp';
  return detectText(bytes);
}

function startsAt(bytes: Buffer, start: number, magic: string): boolean {
  if (start + magic.length > bytes.length) return false;
  for (let i = 0; i < magic.length; i++) if (bytes[start + i] !== magic.charCodeAt(i)) return false;
  return true;
}

/** 'MZ' alone also begins ordinary words; a program has no text after it. */
function looksLikeProgram(bytes: Buffer): boolean {
  return bytes.subarray(0, 64).includes(0);
}

/** A configuration profile is a property list, often inside a signature. */
function isProfile(bytes: Buffer): boolean {
  return bytes.length < 1024 * 1024 && bytes.includes('<key>PayloadContent</key>');
}
