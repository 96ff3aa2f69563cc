import { decodeText } from './charsets.js';
import type { DefectLog } from './defect-log.js';
import { decodeWords } from './encoded-words.js';

export interface ParameterisedValue {
  /** The value before the first semicolon, lower case. */
  readonly value: string;
  /** Names in lower case; RFC 2231 continuations joined and decoded, encoded words decoded. The first of duplicates counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_PARAMETERS = 200;

/** Parses a Content-Type or Content-Disposition value, unfolded. Broken parameters are skipped; never throws. */
export function parseParameterised(field: string, defects: DefectLog): ParameterisedValue {
  const first = field.indexOf(';');
  const value = (first === -1 ? field : field.slice(0, first))
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase();
  if (first === -1) return { value, parameters: new Map() };

  const plain = new Map<string, string>();
  const extended: { name: string; section: number; encoded: boolean; value: string }[] = [];
  let position = first + 1;
  for (let count = 0; position < field.length && count < MAX_PARAMETERS; count++) {
    const parameter = readParameter(field, position);
    position = parameter.next;
    if (parameter.name === '') continue;
    const match = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(parameter.name);
    if (match === null) continue;
    const [, name = '', section, star] = match;
    if (section !== undefined || star !== undefined) {
      extended.push({ name, section: Number(section ?? 0), encoded: star !== undefined, value: parameter.value });
    } else if (!plain.has(name)) plain.set(name, decodeWords(parameter.value, defects));
  }
  for (const [name, joined] of joinSections(extended, defects)) plain.set(name, joined);
  return { value, parameters: plain };
}

function joinSections(
  sections: readonly { name: string; section: number; encoded: boolean; value: string }[],
  defects: DefectLog,
): Map<string, string> {
  const byName = new Map<string, typeof sections>();
  for (const section of sections) byName.set(section.name, [...(byName.get(section.name) ?? []), section]);
  const joined = new Map<string, string>();
  for (const [name, list] of byName) {
    const ordered = [...list].sort((a, b) => a.section - b.section);
    let charset: string | null = null;
    const chunks: Buffer[] = [];
    for (const [index, section] of ordered.entries()) {
      let text = section.value;
      if (index === 0 && section.encoded) {
        const match = /^([^']*)'[^']*'([^]*)$/.exec(text);
        if (match !== null) {
          charset = match[1] ?? null;
          text = match[2] ?? '';
        }
      }
      chunks.push(section.encoded ? percentDecode(text) : Buffer.from(text, 'utf8'));
    }
    const text = decodeText(Buffer.concat(chunks), charset === '' ? null : charset, defects);
    joined.set(name, charset === null ? decodeWords(text, defects) : text);
  }
  return joined;
}

function percentDecode(text: string): Buffer {
  const latin = text.replace(/%([0-9a-fA-F]{2})/g, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)));
  return /[^\u0000-\u00ff]/.test(latin) ? Buffer.from(latin, 'utf8') : Buffer.from(latin, 'latin1');
}

function readParameter(field: string, start: number): { name: string; value: string; next: number } {
  const equals = field.indexOf('=', start);
  const semicolon = field.indexOf(';', start);
  if (equals === -1) return { name: '', value: '', next: field.length };
  if (semicolon !== -1 && semicolon < equals) return { name: '', value: '', next: semicolon + 1 };
  const name = field.slice(start, equals).trim().toLowerCase();
  let at = equals + 1;
  while (at < field.length && /\s/.test(field[at] ?? '')) at++;
  if (field[at] === '"') return { name, ...readQuoted(field, at) };
  const end = field.indexOf(';', at);
  const stop = end === -1 ? field.length : end;
  return { name, value: field.slice(at, stop).trim(), next: stop + 1 };
}

function readQuoted(field: string, start: number): { value: string; next: number } {
  let value = '';
  let at = start + 1;
  for (; at < field.length && field[at] !== '"'; at++) {
    // A backslash escapes only what must be escaped: Windows paths in file names keep theirs.
    if (field[at] === '\\' && (field[at + 1] === '"' || field[at + 1] === '\\')) at++;
    value += field[at] ?? '';
  }
  const semicolon = field.indexOf(';', at);
  return { value, next: semicolon === -1 ? field.length : semicolon + 1 };
}
