import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Single letters in a row with spaces, dots or the like between: "P a y P a l", "v.e.r.i.f.y". */
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ .\-_*·]{1,2}){4,}\p{L}(?![\p{L}\p{N}])/gu;
/** A small l, a capital I, 1 or 0 in the place of another letter: "WlN", "lRS", "Amaz0n", "PaypaI". */
const WORDS = '(?:[A-Z]+l[A-Z]+|l[A-Z]{2,}|[A-Z]?[a-z]{2,}[01][a-z]{1,}|[A-Z][a-z]{2,}I[a-z]*|[A-Z]{2,}0[A-Z]+)';
const SWAPPED = new RegExp(`(?<![\\p{L}\\p{N}])${WORDS}(?![\\p{L}\\p{N}@])`, 'gu');
const SWAPPED_WORD = new RegExp(`^${WORDS}$`, 'u');
/** Codes and model names look alike once in a while. */
const TOLERATED_IN_TEXT = 2;

/** Spelling made to be read by people and missed by filters. */
export const splitWords: Scanner = {
  layer: 'content',
  name: 'split-words',
  scan(message) {
    const names = message.identity.from.map(({ name }) => name).join(' ');
    const header = `${message.subject} ${names}`;
    const inHeader = find(header, (text) => text);
    const text = message.visible.slice(0, 12_000);
    const inText = find(text, withoutAddresses);
    if (inHeader.length === 0 && inText.length <= TOLERATED_IN_TEXT) return { findings: [] };
    const first = inHeader[0] ?? inText[0];
    if (first === undefined) return { findings: [] };
    const at =
      inHeader.length > 0
        ? subjectPlace(message)
        : ({ kind: 'visible', start: first.index, end: first.index + first.text.length } as const);
    return {
      findings: [
        {
          id: 'content.split-words',
          evidence: `writes “${first.text}” so that filters do not see the word`,
          at,
          strength: Math.min(1, 0.5 + (inHeader.length + inText.length) / 8),
        },
      ],
    };
  },
};

const SMALL_L = 108;
const CAPITAL_I = 73;
const MIDDLE_DOT = 0xb7;

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isAscii(code: number): boolean {
  return isCapital(code) || (code >= 97 && code <= 122);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Of other scripts too much rather than too little. */
function isLetter(code: number): boolean {
  return isAscii(code) || code >= 0xaa;
}

interface Found {
  readonly text: string;
  readonly index: number;
}

/** What stands split in the text; `without` takes out what is not looked at, and is asked only where there is something to find. */
function find(text: string, without: (text: string) => string): readonly Found[] {
  const spaced = mayBeSpaced(text);
  const swapped = mayBeSwapped(text);
  if (!spaced && !swapped) return [];
  const rest = without(text);
  return [...(spaced ? rest.matchAll(SPACED) : []), ...(swapped ? rest.matchAll(SWAPPED) : [])].map((match) => ({
    text: match[0],
    index: match.index,
  }));
}

function withoutAddresses(text: string): string {
  return text.replace(/\S+/g, (piece) => (/[/@]|\.\w/.test(piece) ? ' '.repeat(piece.length) : piece));
}

/** False where SPACED cannot match: five letters that stand alone, with one or two other characters between. */
function mayBeSpaced(text: string): boolean {
  let singles = 0;
  let letters = 0;
  let others = 0;
  let ascii = true;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (isLetter(code) && code !== MIDDLE_DOT) {
      if (letters === 0) {
        ascii = true;
        if (others > 2) singles = 0;
      }
      if (code >= 128) ascii = false;
      letters += 1;
      others = 0;
      continue;
    }
    if (letters > 0) {
      if (letters === 1 || !ascii) singles += 1;
      if (singles === 5) return true;
      // Beyond ASCII a letter may be two units, and a dash counts as a letter: what ends behind it may begin the next word.
      if (letters > 1 && ascii) singles = 0;
      else if (letters > 2) singles = 1;
    }
    letters = 0;
    others += 1;
  }
  return false;
}

/** False where SWAPPED cannot match: it asks for whole words of ASCII letters and digits. */
function mayBeSwapped(text: string): boolean {
  let start = -1;
  let odd = false;
  let before = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (isAscii(code) || isDigit(code)) {
      if (start < 0) start = i;
      else if (isSwapped(before, code)) odd = true;
      before = code;
      continue;
    }
    if (odd && SWAPPED_WORD.test(text.slice(start, i))) return true;
    start = -1;
    odd = false;
    before = 0;
  }
  return false;
}

/** Two neighbours as each word of SWAPPED has them. */
function isSwapped(before: number, code: number): boolean {
  if (before === SMALL_L) return isCapital(code) || code === 48 || code === 49;
  if (code === CAPITAL_I) return before >= 97 && before <= 122;
  return (code === 48 || code === 49) && isAscii(before);
}
