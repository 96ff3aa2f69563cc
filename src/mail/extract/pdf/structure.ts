import type { ExtractBudget } from '../budget.js';
import { inflateZlib } from '../inflate.js';

const STREAMS = 3000;
const DICTIONARY = 4096;

/** A stream object of a PDF: its dictionary as text and where its bytes stand. */
export interface PdfStream {
  /** Its object number; '' where the file does not say. */
  readonly number: string;
  readonly dictionary: string;
  readonly bytes: Buffer;
}

export interface PdfStructure {
  /** Object number -> the text of the object, stream content left out. */
  readonly objects: ReadonlyMap<string, string>;
  /** Everything that is not the content of a stream, names unescaped, object streams unpacked: dictionaries, strings, trailers. */
  readonly text: string;
  readonly streams: readonly PdfStream[];
  readonly partial: boolean;
}

/**
 * Splits a PDF into its structure and its streams by scanning the bytes, without following the cross-reference table: what a damaged or
 * hostile file hides from one reader another may open.
 */
export function readStructure(bytes: Buffer, budget: ExtractBudget): PdfStructure {
  const source = bytes.toString('latin1');
  const pieces: string[] = [];
  const streams: PdfStream[] = [];
  const keyword = /\bstream(?:\r\n|\n|\r)/g;
  let from = 0;
  let partial = false;
  for (let match = keyword.exec(source); match !== null; match = keyword.exec(source)) {
    if (source.startsWith('end', match.index - 3)) continue;
    if (streams.length >= STREAMS || !budget.inTime()) {
      partial = true;
      break;
    }
    const outside = source.slice(from, match.index);
    const { number, body } = lastObject(outside.slice(-DICTIONARY));
    const dictionary = unescapeNames(body);
    const start = match.index + match[0].length;
    const end = endOf(source, start, dictionary);
    pieces.push(outside);
    streams.push({ number, dictionary, bytes: bytes.subarray(start, end) });
    from = end;
    keyword.lastIndex = end;
  }
  pieces.push(source.slice(from));
  for (const stream of streams) {
    if (!/\/Type\s*\/ObjStm\b/.test(stream.dictionary)) continue;
    const unpacked = decode(stream, budget);
    if (unpacked === null) partial = true;
    else pieces.push(objectsIn(unpacked.toString('latin1'), stream.dictionary));
  }
  const text = unescapeNames(pieces.join('\n'));
  return { text, objects: objectsOf(text), streams, partial };
}

const OBJECT = /(?<!\d)(\d{1,10})\s{1,8}\d{1,5}\s{1,8}obj\b/g;

function objectsOf(text: string): Map<string, string> {
  const objects = new Map<string, string>();
  const starts = [...text.matchAll(OBJECT)];
  for (const [i, { 0: head, 1: number, index }] of starts.entries()) {
    const body = text.slice(index + head.length, starts[i + 1]?.index);
    const end = body.indexOf('endobj');
    if (number !== undefined) objects.set(number, end === -1 ? body : body.slice(0, end));
  }
  return objects;
}

function lastObject(text: string): { number: string; body: string } {
  const last = [...text.matchAll(OBJECT)].at(-1);
  return last === undefined
    ? { number: '', body: text }
    : { number: last[1] ?? '', body: text.slice(last.index + last[0].length) };
}

/** The content of a stream that is stored plainly or with FlateDecode; null where it is packed otherwise, damaged, or too dear. */
export function decode(stream: PdfStream, budget: ExtractBudget): Buffer | null {
  const filters = [...(/\/Filter\s*(?:\[([^\]]*)\]|(\/\w+))/.exec(stream.dictionary)?.[0].matchAll(/\/(\w+)/g) ?? [])]
    .map(([, name]) => name)
    .slice(1);
  if (filters.length === 0) return stream.bytes;
  if (filters.length === 1 && (filters[0] === 'FlateDecode' || filters[0] === 'Fl'))
    return inflateZlib(stream.bytes, budget);
  return null;
}

/** An object stream (7.5.7) begins with pairs of number and offset; written out, its objects look like all others. */
function objectsIn(unpacked: string, dictionary: string): string {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? NaN);
  if (!Number.isSafeInteger(first)) return unpacked;
  const pairs = unpacked.slice(0, first).trim().split(/\s+/).map(Number);
  const objects: string[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const start = first + (pairs[i + 1] ?? 0);
    const next = pairs[i + 3];
    objects.push(
      `${pairs[i] ?? 0} 0 obj\n${unpacked.slice(start, next === undefined ? undefined : first + next)}\nendobj`,
    );
  }
  return objects.join('\n');
}

function endOf(source: string, start: number, dictionary: string): number {
  const length = Number(/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? NaN);
  if (Number.isSafeInteger(length) && /^\s{0,2}endstream/.test(source.slice(start + length, start + length + 12))) {
    return start + length;
  }
  const end = source.indexOf('endstream', start);
  return end === -1 ? source.length : end;
}

/** '/J#61vaScript' is '/JavaScript' to every reader (ISO 32000-1, 7.3.5). */
function unescapeNames(text: string): string {
  if (!text.includes('#')) return text;
  return text.replace(/\/[^\s/<>[\](){}%]*#[^\s/<>[\](){}%]*/g, (name) =>
    name.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
  );
}
