import { createHash } from 'node:crypto';
import type { Defect } from './message.js';
import { DefectLog } from './mime/defect-log.js';
import { readHeaderBlock } from './mime/header-fields.js';
import type { RawField } from './mime/header-fields.js';
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

/** Longer headers are read as far as this by `readHeader`; mail servers stop at a fraction of it. */
const HEADER_BYTES = 256 * 1024;

/** The fields of the message's header, as `parseMessage` reads them, without looking at what follows. */
export function readHeader(raw: Uint8Array): readonly RawField[] {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, HEADER_BYTES));
  const defects = new DefectLog();
  const bytes = withLineFeeds(withoutPreface(head), defects);
  return readHeaderBlock(bytes, 0, bytes.length, () => false, defects).fields;
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
