import type { Part } from '../message.js';
import type { DefectLog } from './defect-log.js';
import { readHeaderBlock, unfold } from './header-fields.js';
import type { RawField } from './header-fields.js';
import { parseParameterised } from './parameters.js';
import type { ParameterisedValue } from './parameters.js';
import { decodeTransfer } from './transfer-encoding.js';

const MAX_DEPTH = 100;
const MAX_PARTS = 1000;

export interface ParsedPart extends Part {
  readonly fields: readonly RawField[];
  readonly parameters: ReadonlyMap<string, string>;
  readonly contentId: string | null;
  /** Index of the multipart it stands in; -1 for the root. */
  readonly parent: number;
  readonly multipart: boolean;
  /** Decoded bytes; empty for a multipart, whose content is its parts. */
  readonly content: Buffer;
}

interface OpenPart {
  readonly index: number;
  readonly delimiter: string | null;
}

const LF = 10;
const CR = 13;

/**
 * Splits a message into its parts in one pass over the lines that begin with `--`. An outer boundary closes whatever is open inside,
 * as RFC 2046 §5.1.2 asks; the work does not grow with the depth.
 */
export function readParts(bytes: Buffer, defects: DefectLog): ParsedPart[] {
  return new PartReader(bytes, defects).read();
}

class PartReader {
  private readonly parts: ParsedPart[] = [];
  private readonly open: OpenPart[] = [];
  /** Delimiter -> how many open multiparts use it. */
  private readonly delimiters = new Map<string, number>();
  private full = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly defects: DefectLog,
  ) {}

  read(): ParsedPart[] {
    let position = this.readPart(0, -1, 0);
    while (position < this.bytes.length && !this.full) {
      const line = this.nextBoundary(position);
      if (line === null) break;
      position = this.enter(line);
    }
    for (const { delimiter } of this.open) {
      if (delimiter !== null) this.defects.add('boundary-unterminated', delimiter);
    }
    return this.parts;
  }

  /** A boundary line: what it closes, and the part after it. Answers where to go on. */
  private enter(line: BoundaryLine): number {
    while (this.open.length > 0 && this.open.at(-1)?.delimiter !== line.delimiter) {
      const left = this.open.pop();
      if (left !== undefined) this.forget(left, true);
    }
    const parent = this.open.at(-1);
    if (parent === undefined) return line.next;
    if (line.last) {
      this.open.pop();
      this.forget(parent, false);
      return line.next;
    }
    return this.readPart(line.next, parent.index, (this.parts[parent.index]?.depth ?? 0) + 1);
  }

  private forget(part: OpenPart, unterminated: boolean): void {
    if (part.delimiter === null) return;
    if (unterminated) this.defects.add('boundary-unterminated', part.delimiter);
    const left = (this.delimiters.get(part.delimiter) ?? 1) - 1;
    if (left === 0) this.delimiters.delete(part.delimiter);
    else this.delimiters.set(part.delimiter, left);
  }

  /** Reads the part at `start`: its header, and where it is no multipart its body. Answers where the next boundary is to be sought. */
  private readPart(start: number, parent: number, depth: number): number {
    if (this.parts.length >= MAX_PARTS) {
      this.defects.add('too-many-parts', `more than ${MAX_PARTS}`);
      this.full = true;
      return this.bytes.length;
    }
    const { bytes, defects } = this;
    const header = readHeaderBlock(
      bytes,
      start,
      bytes.length,
      (from, to) => this.delimiterOf(from, to) !== null,
      defects,
    );
    const description = describe(header.fields, this.parts[parent]?.type === 'multipart/digest', defects);
    const index = this.parts.length;
    const base = { ...description, fields: header.fields, parent, depth };

    if (description.type.startsWith('multipart/')) {
      const delimiter = depth >= MAX_DEPTH ? null : this.delimiterFor(description.parameters, header.bodyStart);
      if (depth >= MAX_DEPTH) defects.add('nesting-too-deep', `more than ${MAX_DEPTH} levels`);
      if (delimiter !== null) {
        this.parts.push({ ...base, multipart: true, content: Buffer.alloc(0), size: 0 });
        this.open.push({ index, delimiter });
        this.delimiters.set(delimiter, (this.delimiters.get(delimiter) ?? 0) + 1);
        return header.bodyStart;
      }
    }
    const next = this.nextBoundary(header.bodyStart);
    const end = next === null ? bytes.length : Math.max(header.bodyStart, withoutLineBreak(bytes, next.start));
    const content = decodeTransfer(bytes.subarray(header.bodyStart, end), description.encoding, defects);
    // A multipart that cannot be taken apart is shown as text by mail programs, so it is read as text here.
    const type = description.type.startsWith('multipart/') ? 'text/plain' : description.type;
    this.parts.push({ ...base, type, multipart: false, content, size: content.length });
    return next === null ? bytes.length : next.start;
  }

  private delimiterFor(parameters: ReadonlyMap<string, string>, bodyStart: number): string | null {
    const declared = parameters.get('boundary')?.trimEnd() ?? '';
    if (declared !== '' && occurs(this.bytes, `--${declared}`, bodyStart)) return `--${declared}`;
    this.defects.add('boundary-missing', declared === '' ? 'no boundary given' : declared);
    // Some readers take the first line that looks like a boundary; hiding content from those who do not must not work.
    const head = this.bytes.toString('latin1', bodyStart, Math.min(this.bytes.length, bodyStart + 4096));
    return /(?:^|\n)(--[^\s][^\r\n]{0,69}?)[ \t]*\r?\n(?:content-[a-z-]+:|\r?\n)/i.exec(head)?.[1] ?? null;
  }

  /** The next line at or after `position` that is a boundary of an open multipart. */
  private nextBoundary(position: number): BoundaryLine | null {
    if (this.delimiters.size === 0) return null;
    const { bytes } = this;
    let at = position;
    if (!(at === 0 || bytes[at - 1] === LF)) at = bytes.indexOf('\n--', at, 'latin1') + 1;
    else if (bytes[at] !== 45 || bytes[at + 1] !== 45) at = bytes.indexOf('\n--', at, 'latin1') + 1;
    while (at > 0 || (at === 0 && position === 0 && bytes[0] === 45)) {
      const found = bytes.indexOf(LF, at);
      const lineEnd = found === -1 ? bytes.length : found;
      const match = this.delimiterOf(at, lineEnd);
      if (match !== null) return { start: at, next: found === -1 ? bytes.length : found + 1, ...match };
      if (found === -1) return null;
      at = bytes.indexOf('\n--', found, 'latin1') + 1;
    }
    return null;
  }

  private delimiterOf(start: number, end: number): { delimiter: string; last: boolean } | null {
    if (this.delimiters.size === 0 || end - start > 1000) return null;
    const line = this.bytes.toString('latin1', start, end).trimEnd();
    if (this.delimiters.has(line)) return { delimiter: line, last: false };
    if (line.endsWith('--')) {
      const delimiter = line.slice(0, -2);
      if (this.delimiters.has(delimiter)) return { delimiter, last: true };
    }
    return null;
  }
}

interface BoundaryLine {
  readonly start: number;
  readonly next: number;
  readonly delimiter: string;
  readonly last: boolean;
}

function occurs(bytes: Buffer, delimiter: string, from: number): boolean {
  let at = bytes.indexOf(delimiter, from, 'latin1');
  for (let tries = 0; at !== -1 && tries < 100; tries++) {
    if (at === 0 || bytes[at - 1] === LF) return true;
    at = bytes.indexOf(delimiter, at + 1, 'latin1');
  }
  return false;
}

/** The line break before a boundary belongs to the boundary. */
function withoutLineBreak(bytes: Buffer, boundary: number): number {
  let end = boundary;
  if (bytes[end - 1] === LF) end--;
  if (bytes[end - 1] === CR) end--;
  return end;
}

type Description = Pick<
  ParsedPart,
  'type' | 'charset' | 'disposition' | 'filename' | 'encoding' | 'contentId' | 'parameters'
>;

function describe(fields: readonly RawField[], inDigest: boolean, defects: DefectLog): Description {
  for (const name of ['content-type', 'content-transfer-encoding', 'content-disposition']) {
    // Mail programs disagree about which one counts, so filters can be made to see another message than the reader.
    if (fields.filter((field) => field.name === name).length > 1) defects.add('header-duplicated', name);
  }
  const content = parameterised(fields, 'content-type', defects);
  const disposition = parameterised(fields, 'content-disposition', defects);
  const fallback = inDigest ? 'message/rfc822' : 'text/plain';
  const filename = disposition?.parameters.get('filename') ?? content?.parameters.get('name') ?? null;
  const encoding = first(fields, 'content-transfer-encoding') ?? '';
  return {
    type: content === null ? fallback : typeOf(content.value, fallback),
    charset: content?.parameters.get('charset')?.trim().toLowerCase() ?? null,
    // RFC 2183 §2.8: unknown dispositions are attachments.
    disposition:
      disposition === null || disposition.value === ''
        ? null
        : disposition.value === 'inline'
          ? 'inline'
          : 'attachment',
    filename: filename === null ? null : cleanFilename(filename),
    encoding: encoding
      .replace(/\([^()]*\)|;.*$/g, '')
      .trim()
      .toLowerCase(),
    contentId: first(fields, 'content-id')?.replace(/^<|>$/g, '') ?? null,
    parameters: content?.parameters ?? new Map<string, string>(),
  };
}

function parameterised(fields: readonly RawField[], name: string, defects: DefectLog): ParameterisedValue | null {
  const value = first(fields, name);
  return value === null ? null : parseParameterised(value, defects);
}

function first(fields: readonly RawField[], name: string): string | null {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : unfold(field.raw);
}

function typeOf(value: string, fallback: string): string {
  const type = value.replace(/\s/g, '');
  if (/^[^/]+\/[^/]+$/.test(type)) return type;
  // RFC 2045 §5.2: a malformed type counts as absent; the few that are a bare main type are clear enough.
  if (type === 'html') return 'text/html';
  return type === 'multipart' ? 'multipart/mixed' : fallback;
}

/** Control characters and direction marks go only in display; here just what no file name can hold. */
function cleanFilename(name: string): string | null {
  const clean = name
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(0, 1000);
  return clean === '' ? null : clean;
}
