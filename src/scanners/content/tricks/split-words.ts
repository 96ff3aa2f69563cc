import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Single letters in a row with spaces, dots or the like between: "P a y P a l", "v.e.r.i.f.y". */
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ .\-_*·]{1,2}){4,}\p{L}(?![\p{L}\p{N}])/gu;
/** A small l, a capital I, 1 or 0 in the place of another letter: "WlN", "lRS", "Amaz0n", "PayPaI". */
const SWAPPED =
  /(?<![\p{L}\p{N}])(?:[A-Z]+l[A-Z]+|l[A-Z]{2,}|[A-Z]?[a-z]{2,}[01][a-z]{1,}|[A-Z][a-z]{2,}I[a-z]*|[A-Z]{2,}0[A-Z]+)(?![\p{L}\p{N}@])/gu;
/** Codes and model names look alike once in a while. */
const TOLERATED_IN_TEXT = 2;

/** Spelling made to be read by people and missed by filters. */
export const splitWords: Scanner = {
  layer: 'content',
  name: 'split-words',
  scan(message) {
    const names = message.identity.from.map(({ name }) => name).join(' ');
    const header = `${message.subject} ${names}`;
    const inHeader = mayBeSplit(header) ? find(header) : [];
    const text = message.visible.slice(0, 12_000);
    const inText = mayBeSplit(text)
      ? find(text.replace(/\S+/g, (piece) => (/[/@]|\.\w/.test(piece) ? ' '.repeat(piece.length) : piece)))
      : [];
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

/**
 * False where neither expression can match: three single letters in a row, or an l, I, 1 or 0 between letters of the kind they ask for.
 * Looking at each character once costs a tenth of what the expressions do.
 */
function mayBeSplit(text: string): boolean {
  let singles = 0;
  let letters = 0;
  let others = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isLetter(code)) {
      if (letters === 0 && (others > 2 || others === 0)) singles = 0;
      letters += 1;
      // A letter beyond the first plane is two units long.
      if (letters > 2) singles = 0;
      if (code === SMALL_L && isCapital(text.charCodeAt(i + 1))) return true;
      if (code === CAPITAL_I && before >= 97 && before <= 122) return true;
      others = 0;
    } else {
      if (letters > 0 && letters <= 2) singles += 1;
      if (singles === 3) return true;
      if ((code === 48 || code === 49) && isAscii(before) && isAscii(text.charCodeAt(i + 1))) return true;
      if (letters > 2) singles = 0;
      letters = 0;
      others += 1;
    }
    before = code;
  }
  return singles >= 2 && letters > 0 && letters <= 2;
}

const SMALL_L = 108;
const CAPITAL_I = 73;

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isAscii(code: number): boolean {
  return isCapital(code) || (code >= 97 && code <= 122);
}

/** Of other scripts too much rather than too little. */
function isLetter(code: number): boolean {
  return isAscii(code) || code >= 0xaa;
}

function find(text: string): { text: string; index: number }[] {
  return [...text.matchAll(SPACED), ...text.matchAll(SWAPPED)].map((match) => ({ text: match[0], index: match.index }));
}
