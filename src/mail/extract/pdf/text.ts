import type { ExtractBudget } from '../budget.js';
import { readCharacterMap } from './character-map.js';
import type { CharacterMap } from './character-map.js';
import { rawStringAt } from './strings.js';
import { decode } from './structure.js';
import type { PdfStructure } from './structure.js';

const CONTENT_STREAMS = 24;
const CONTENT_BYTES = 512 * 1024;
const CHARACTER_MAPS = 24;
/** Streams that hold something else than drawing instructions. */
const OTHER =
  /\/(?:Type\s*\/(?!XObject)\w+|Subtype\s*\/(?!Form\b)\w+|Length1\b|FunctionType\b|N\s+\d|PatternType\b|ShadingType\b)/;

/**
 * The text of a PDF's first pages as its drawing instructions give it, in drawing order. Rough on purpose: it is read by scanners, for
 * words and addresses, and costs a hundredth of laying out the page.
 */
export function textInPdf(structure: PdfStructure, budget: ExtractBudget): string {
  const fonts = fontsOf(structure, budget);
  let text = '';
  const candidates = structure.streams.filter(
    ({ dictionary, bytes }) => !OTHER.test(dictionary) && bytes.length < CONTENT_BYTES,
  );
  for (const stream of candidates.slice(0, CONTENT_STREAMS)) {
    if (text.length >= budget.limits.textLength) break;
    const content = decode(stream, budget)?.toString('latin1', 0, CONTENT_BYTES * 2) ?? '';
    if (/\bBT\b/.test(content)) text += `${drawnText(content, fonts)}\n`;
  }
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
}

/** Character maps by the name a page uses for the font. Two pages that use one name for different fonts are not told apart. */
function fontsOf({ text, objects, streams }: PdfStructure, budget: ExtractBudget): Map<string, CharacterMap> {
  const byNumber = new Map(streams.map((stream) => [stream.number, stream]));
  const maps = new Map<string, CharacterMap>();
  for (const [number, object] of objects) {
    const reference = /\/ToUnicode\s{1,8}(\d{1,10})\s/.exec(object)?.[1];
    const stream = byNumber.get(reference ?? '');
    if (maps.size >= CHARACTER_MAPS || stream === undefined) continue;
    const source = decode(stream, budget);
    if (source !== null) maps.set(number, readCharacterMap(source.toString('latin1')));
  }
  const named = new Map<string, CharacterMap>();
  if (maps.size === 0) return named;
  for (const [, name, font] of text.matchAll(/\/([A-Za-z][\w+.-]{0,40})\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R/g)) {
    const map = maps.get(font ?? '');
    if (map !== undefined && name !== undefined && name !== 'ToUnicode') named.set(name, map);
  }
  return named;
}

const TOKEN =
  /<<|\/([\w+.-]{1,40})\s{1,8}-?[\d.]{1,12}\s{1,8}Tf|[(<]|(-?\d{1,8}(?:\.\d{1,8})?)\s{0,8}(?=[(<])|(-?[\d.]{1,12})\s{1,8}(T[dDm])\b|T\*|\bET\b/g;

/** Tf chooses a font; strings are drawn by Tj, TJ, ' and "; Td, TD, T* and Tm move to where the next one goes (ISO 32000-1, 9.4). */
function drawnText(content: string, fonts: ReadonlyMap<string, CharacterMap>): string {
  const token = new RegExp(TOKEN);
  let font: CharacterMap | undefined;
  let out = '';
  let line = '';
  let last = '';
  for (let match = token.exec(content); match !== null; match = token.exec(content)) {
    const [whole, name, kerning, vertical, move] = match;
    if (whole === '<<') {
      // A property list; what it says is not drawn.
      const end = content.indexOf('>>', match.index);
      if (end === -1) break;
      token.lastIndex = end + 2;
    } else if (name !== undefined) font = fonts.get(name);
    else if (kerning !== undefined) out += Number(kerning) < -180 ? ' ' : '';
    else if (whole === '(' || whole === '<') {
      const drawn = rawStringAt(content, match.index);
      if (drawn === null) continue;
      last = mapped(drawn.value, font);
      out += last;
      token.lastIndex = drawn.end;
    } else if (move === undefined) out += '\n';
    else {
      const sameLine = move === 'Tm' ? vertical === line : Number(vertical) === 0;
      // Programs that place each letter by itself draw the spaces too.
      out += sameLine ? (last.length > 1 ? ' ' : '') : '\n';
      if (move === 'Tm') line = vertical ?? '';
    }
  }
  return out;
}

function mapped(raw: string, font: CharacterMap | undefined): string {
  if (font === undefined) return raw.replace(/[\x00-\x08\x0e-\x1f]/g, '');
  let out = '';
  for (let at = 0; at + font.width <= raw.length; at += font.width) {
    const code = font.width === 1 ? raw.charCodeAt(at) : raw.charCodeAt(at) * 256 + raw.charCodeAt(at + 1);
    out += font.text.get(code) ?? (font.width === 1 ? String.fromCharCode(code) : '');
  }
  return out;
}
