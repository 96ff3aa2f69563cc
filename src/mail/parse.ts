import { createHash } from 'node:crypto';
import type { Defect } from './message.js';
import { DefectLog } from './mime/defect-log.js';
import { readParts } from './mime/part-tree.js';
import type { ParsedPart } from './mime/part-tree.js';

/** A message taken apart, before anyone looked at what its parts mean. */
export interface ParsedMail {
  /** Hex SHA-256 of the raw bytes. */
  readonly sha256: string;
  /** Bytes of the raw message. */
  readonly size: number;
  /** The MIME tree, flattened in order; the root is first, and there always is one. Its fields are the message's header. */
  readonly parts: readonly ParsedPart[];
  readonly defects: readonly Defect[];
}

const LF = 10;
const CR = 13;

/** Takes a raw message (RFC 5322, MIME) apart: header fields, parts, decoded bodies. Never throws; what is broken becomes a defect. */
export function parseMessage(raw: Uint8Array): ParsedMail {
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const defects = new DefectLog();
  const message = withoutPreface(bytes);
  if (message.includes(0)) defects.add('null-byte', 'the message holds NUL bytes');
  const parts = readParts(withLineFeeds(message, defects), defects);
  if (parts[0]?.fields.length === 0) defects.add('no-header', 'the message has no header');
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, parts, defects: defects.all };
}

/** What editors and downloads put before a message: a byte order mark, empty lines; or the whole in UTF-16. */
function withoutPreface(bytes: Buffer): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.toString('utf16le', 2), 'utf8');
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[start] === LF || bytes[start] === CR) start++;
  return start === 0 ? bytes : bytes.subarray(start);
}

/** A message whose lines end in a lone CR, as old Mac programs wrote them, gets line feeds instead. */
function withLineFeeds(bytes: Buffer, defects: DefectLog): Buffer {
  if (bytes.includes(LF) || !bytes.includes(CR)) return bytes;
  defects.add('bare-line-ending', 'lines end in a lone CR');
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(CR); at !== -1; at = copy.indexOf(CR, at + 1)) copy[at] = LF;
  return copy;
}
