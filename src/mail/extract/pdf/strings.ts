const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const LONGEST = 16_384;

export interface RawString {
  /** One character a byte. */
  readonly value: string;
  /** Where it ends in the source. */
  readonly end: number;
}

/** Reads the text string, literal or hexadecimal, that begins at `at` in a PDF's structure; null where none does. */
export function stringAt(source: string, at: number): string | null {
  const raw = rawStringAt(source, at)?.value;
  if (raw?.startsWith('\xfe\xff') !== true) return raw ?? null;
  const bytes = Buffer.from(raw.slice(2), 'latin1');
  return bytes
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le');
}

/** Reads the bytes of a string object (ISO 32000-1, 7.3.4). */
export function rawStringAt(source: string, at: number): RawString | null {
  if (source[at] === '(') return literal(source, at + 1);
  if (source[at] !== '<' || source[at + 1] === '<') return null;
  const end = source.indexOf('>', at);
  if (end === -1 || end - at > LONGEST) return null;
  const digits = source.slice(at + 1, end).replace(/[^0-9a-fA-F]/g, '');
  return {
    value: Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1'),
    end: end + 1,
  };
}

function literal(source: string, start: number): RawString | null {
  let value = '';
  let depth = 1;
  for (let at = start; at < source.length && at - start < LONGEST; at++) {
    const char = source[at] ?? '';
    if (char === '\\') {
      const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4))?.[0];
      const next = source[at + 1] ?? '';
      if (octal !== undefined) value += String.fromCharCode(parseInt(octal, 8) & 0xff);
      else if (next !== '\n' && next !== '\r') value += ESCAPES[next] ?? next;
      at += octal?.length ?? (next === '\r' && source[at + 2] === '\n' ? 2 : 1);
      continue;
    }
    if (char === '(') depth++;
    if (char === ')' && --depth === 0) return { value, end: at + 1 };
    value += char;
  }
  return null;
}
