import { readLabel } from './header-labels.js';
import type { ForwardedField } from './header-labels.js';

/** What a mail program wrote above the message it forwarded. Offsets count UTF-16 code units of the text it was found in. */
export interface ForwardedBlock {
  readonly fields: Readonly<Partial<Record<ForwardedField, string>>>;
  /** After the last line of the block. */
  readonly end: number;
  /** The block was quoted ('> From: …'), so what follows is too. */
  readonly quoted: boolean;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A cover note is short; further down are the conversations that the message itself quotes. */
const MOST_LINES = 1000;
const LONGEST_LINE = 2000;
/** Lines that a long list of recipients may take. */
const WRAPPED = 6;

/** The first block of header lines in a text, or null: it is the outermost, and what follows it is the message that was forwarded. */
export function findForwardedBlock(text: string): ForwardedBlock | null {
  const lines = linesOf(text);
  for (let at = 0; at < lines.length; at += 1) {
    if (readLabel(lines[at]?.text ?? '') === null) continue;
    const block = readBlock(lines, at);
    if (block !== null) return block;
  }
  return null;
}

function readBlock(lines: readonly Line[], first: number): ForwardedBlock | null {
  const fields: Partial<Record<ForwardedField, string>> = {};
  let open: ForwardedField | null = null;
  let end = 0;
  let at = first;
  while (at < lines.length) {
    const line = lines[at];
    if (line === undefined) break;
    const label = readLabel(line.text);
    if (label !== null) {
      // A field that comes again belongs to the next block: a message that was itself forwarded.
      if (fields[label.field] !== undefined) break;
      fields[label.field] = label.value;
      open = label.field;
    } else if (isBlank(line.text)) {
      if (!labelWithin(lines, at + 1, 1)) break;
    } else if (open !== null && (fields[open] === '' || labelWithin(lines, at + 1, WRAPPED))) {
      fields[open] = `${fields[open] ?? ''} ${withoutQuote(line.text).trim()}`.trim();
    } else break;
    end = line.end;
    at += 1;
  }
  const others = [fields.date, fields.to, fields.subject].filter((value) => value !== undefined).length;
  // "To: do" in somebody's notes is no message; neither is a line that only says from whom.
  if ((fields.from ?? '') === '' || others < 2) return null;
  return { fields, end, quoted: /^\s*>/.test(lines[first]?.text ?? '') };
}

/** Whether a line of the header comes before an empty one, at most so far on. */
function labelWithin(lines: readonly Line[], from: number, most: number): boolean {
  for (const { text } of lines.slice(from, from + most)) {
    if (readLabel(text) !== null) return true;
    if (isBlank(text)) return false;
  }
  return false;
}

const isBlank = (text: string): boolean => withoutQuote(text).trim() === '';

/** A line without one level of quoting. */
export function withoutQuote(line: string): string {
  return line.replace(/^\s{0,3}> ?/, '');
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length && lines.length < MOST_LINES;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found + 1;
    lines.push({ text: text.slice(start, Math.min(end, start + LONGEST_LINE)).replace(/\r?\n$/, ''), start, end });
    start = end;
  }
  return lines;
}
