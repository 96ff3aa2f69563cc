import { isAscii, isUtf8 } from 'node:buffer';
import type { DefectLog } from './defect-log.js';

/** A header field as it stands on the wire. */
export interface RawField {
  /** Lower case. */
  readonly name: string;
  /** After the colon, folding kept, without the final line break. UTF-8 where the bytes are that, Latin-1 otherwise. */
  readonly raw: string;
}

export interface HeaderBlock {
  readonly fields: readonly RawField[];
  /** Where the body starts; the end of the region where there is none. */
  readonly bodyStart: number;
}

const MAX_FIELDS = 2000;
const MAX_FIELD_BYTES = 128 * 1024;
const LF = 10;
const CR = 13;
const DASH = 45;
const COLON = 58;

/**
 * Reads the header block at `start`. A line that is no field ends it, unless fields go on right after: then it is skipped, so that
 * junk in the middle cannot hide the rest. `endsPart` says whether the line at an offset is a boundary of an enclosing multipart.
 */
export function readHeaderBlock(
  bytes: Buffer,
  start: number,
  end: number,
  endsPart: (lineStart: number, lineEnd: number) => boolean,
  defects: DefectLog,
): HeaderBlock {
  const spans: { nameEnd: number; start: number; end: number }[] = [];
  let open: { nameEnd: number; start: number; end: number } | null = null;
  let position = start;
  let bodyStart = end;
  let crlf = 0;
  let bare = 0;

  while (position < end) {
    const found = bytes.indexOf(LF, position);
    const next = found === -1 || found >= end ? end : found + 1;
    let lineEnd = found === -1 || found >= end ? end : found;
    if (lineEnd > position && bytes[lineEnd - 1] === CR) {
      lineEnd--;
      crlf++;
    } else if (next > lineEnd) bare++;

    if (lineEnd === position) {
      bodyStart = next;
      break;
    }
    const first = bytes[position];
    if (first === DASH && bytes[position + 1] === DASH && endsPart(position, lineEnd)) {
      bodyStart = position;
      break;
    }
    if (first === 32 || first === 9) {
      if (open !== null) open.end = lineEnd;
      // A line of white space before any field: what follows is body for some readers. Ours keeps looking for fields.
      else defects.add('header-malformed', 'the header begins with a folded line');
    } else {
      const nameEnd = fieldNameEnd(bytes, position, lineEnd);
      if (nameEnd !== -1) {
        open = { nameEnd, start: position, end: lineEnd };
        if (spans.length < MAX_FIELDS) spans.push(open);
        else defects.add('header-too-long', `more than ${MAX_FIELDS} fields`);
      } else if (!isEnvelopeLine(bytes, position, spans.length)) {
        defects.add(
          'header-malformed',
          `no field: ${bytes.toString('latin1', position, Math.min(lineEnd, position + 60))}`,
        );
        if (!goesOn(bytes, next, end)) {
          bodyStart = position;
          break;
        }
        open = null;
      }
    }
    position = next;
  }
  if (crlf > 0 && bare > 0) defects.add('bare-line-ending', 'lines of the header end in different ways');
  return { fields: slice(bytes, start, bodyStart, spans, defects), bodyStart };
}

function slice(
  bytes: Buffer,
  start: number,
  end: number,
  spans: readonly { nameEnd: number; start: number; end: number }[],
  defects: DefectLog,
): RawField[] {
  const block = bytes.toString('latin1', start, end);
  const plain = isAscii(bytes.subarray(start, end));
  return spans.map((span) => {
    let last = span.end;
    if (last - span.start > MAX_FIELD_BYTES) {
      last = span.start + MAX_FIELD_BYTES;
      defects.add('header-too-long', `a field of ${span.end - span.start} bytes`);
    }
    const from = bytes[span.nameEnd] === COLON ? span.nameEnd + 1 : bytes.indexOf(COLON, span.nameEnd) + 1;
    const name = block.slice(span.start - start, span.nameEnd - start).toLowerCase();
    if (plain) return { name, raw: block.slice(from - start, last - start) };
    const value = bytes.subarray(from, last);
    return { name, raw: isUtf8(value) ? value.toString('utf8') : value.toString('latin1') };
  });
}

/** Offset just after the field's name, or -1 where the line is no field. White space before the colon is the obsolete syntax. */
function fieldNameEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON || byte === 32 || byte === 9) break;
    if (byte < 33 || byte > 126) return -1;
    at++;
  }
  if (at === start) return -1;
  const nameEnd = at;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++;
  return bytes[at] === COLON && at < end ? nameEnd : -1;
}

/** mbox writes "From sender date" before the message, some mailers with a '>' before it. */
function isEnvelopeLine(bytes: Buffer, start: number, fieldsSoFar: number): boolean {
  if (fieldsSoFar > 0) return false;
  const head = bytes.toString('latin1', start, start + 6);
  return head.startsWith('From ') || head === '>From ';
}

function goesOn(bytes: Buffer, start: number, end: number): boolean {
  return /^[A-Za-z][A-Za-z0-9-]*:[ \t]/.test(bytes.toString('latin1', start, Math.min(end, start + 80)));
}

/** The value on one line: folding undone, control characters gone. */
export function unfold(raw: string): string {
  const line = raw.includes('\n') ? raw.replace(/\r?\n[ \t]?/g, (fold) => (fold.length > 0 ? ' ' : '')) : raw;

  return (
    /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line) ? line.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '') : line
  ).trim();
}
