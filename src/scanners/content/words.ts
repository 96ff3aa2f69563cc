import { detached } from '../../mail/detached.js';
import type { Message } from '../../mail/message.js';
import { keptWith } from '../kept-with.js';
import { hashText, OFFSET, PRIME } from '../model/hash.js';

/** A word as it is compared, and where it stands in its text (UTF-16 offsets). */
export interface Word {
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** `hashText` of the folded word as a signed number, and of its first four characters: made on the way, since all who ask compare by them. */
  readonly hash: number;
  readonly beginning: number;
  /** Whether there are digits in the folded word. */
  readonly digits: boolean;
}

/** Characters of a word's `beginning`. */
export const BEGINNING = 4;

export interface MessageWords {
  readonly subject: readonly Word[];
  readonly visible: readonly Word[];
}

/** Enough for any lure; a newsletter of a megabyte must not cost more than a letter. */
const HEAD = 12_000;
const TAIL = 3_000;

const SEPARATOR = 0;
const LETTER = 1;
const ALONE = 2;
const IGNORED = 3;

const kept = keptWith<Message, MessageWords>('words');

/** The words of subject and visible text, computed once a message; very long texts give their beginning and their end. */
export function wordsOf(message: Message): MessageWords {
  const known = kept.of(message);
  if (known !== undefined) return known;
  const { visible } = message;
  const words =
    visible.length <= HEAD + TAIL
      ? splitWords(visible, 0, visible.length)
      : [...splitWords(visible, 0, HEAD), ...splitWords(visible, visible.length - TAIL, visible.length)];
  return kept.keep(message, { subject: splitWords(message.subject, 0, message.subject.length), visible: words });
}

/**
 * Splits text into folded words. Scripts written without spaces give one word a character, so that phrases of any language are
 * sequences of words. Invisible characters inside a word do not split it.
 */
export function splitWords(text: string, from = 0, to = text.length): Word[] {
  const words: Word[] = [];
  let start = -1;
  let capital = false;
  let plain = true;
  let digits = false;
  let hash = OFFSET | 0;
  let beginning = hash;
  for (let i = from; i <= to; i++) {
    const code = i < to ? text.charCodeAt(i) : 32;
    const kind = code < 128 ? (ASCII[code] ?? SEPARATOR) : classify(code, i > from ? text.charCodeAt(i - 1) : 0);
    if (kind === LETTER) {
      if (start < 0) {
        start = i;
        capital = false;
        plain = true;
        digits = false;
        hash = OFFSET | 0;
      }
      if (code >= 128) plain = false;
      else if (code <= 57) digits = true;
      else if (code <= 90) capital = true;
      hash = Math.imul(hash ^ (code >= 65 && code <= 90 ? code + 32 : code), PRIME);
      if (i < start + BEGINNING) beginning = hash;
      continue;
    }
    if (kind === IGNORED) {
      if (start >= 0) plain = false;
      continue;
    }
    if (start >= 0) {
      const written = text.slice(start, i);
      const folded = capital ? written.toLowerCase() : written;
      words.push(plain ? { folded, start, end: i, hash, beginning, digits } : wordOf(fold(written), start, i));
      start = -1;
    }
    if (kind === ALONE) words.push(wordOf(text.charAt(i), i, i + 1));
  }
  return words;
}

function wordOf(folded: string, start: number, end: number): Word {
  const hash = hashText(folded) | 0;
  const beginning = folded.length <= BEGINNING ? hash : hashText(folded.slice(0, BEGINNING)) | 0;
  return { folded, start, end, hash, beginning, digits: /[0-9]/.test(folded) };
}

/** Of words beyond ASCII, of which there are few: a memory of every capitalised word would cost more than to write it small. */
const folds = new Map<string, string>();

/** Lower case, compatibility forms and accents taken off, invisible characters dropped, look-alikes of a mixed word made Latin. */
function fold(written: string): string {
  const known = folds.get(written);
  if (known !== undefined) return known;
  let word = written
    .normalize('NFKD')
    .toLowerCase()
    .replace(
      /[\u0300-\u036f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g,
      '',
    )
    .replace(/[ßøłđæœıþ]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC');
  if (/[a-z]/.test(word) && /[\u0370-\u04ff]/.test(word)) {
    word = word.replace(/[\u0370-\u04ff]/g, (letter) => LOOKALIKES[letter] ?? letter);
  }
  if (folds.size > 20_000) folds.clear();
  folds.set(detached(written), detached(word));
  return word;
}

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  þ: 'th',
};

const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  ԝ: 'w',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  η: 'n',
};

const ASCII = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? LETTER : SEPARATOR,
);

function classify(code: number, before: number): number {
  if (code < 0xc0)
    return code === 0xad ? IGNORED : code === 0xaa || code === 0xb5 || code === 0xba ? LETTER : SEPARATOR;
  if (code < 0x0e00) {
    if (code === 0xd7 || code === 0xf7) return SEPARATOR;
    return code === 0x034f || code === 0x061c ? IGNORED : LETTER;
  }
  if (code < 0x0f00) return ALONE; // Thai and Lao
  if (code < 0x1000) return LETTER;
  if (code < 0x10a0) return ALONE; // Myanmar
  if (code >= 0x1780 && code < 0x1800) return code === 0x17b4 || code === 0x17b5 ? IGNORED : ALONE; // Khmer
  if (code < 0x2000) return code === 0x180e ? IGNORED : LETTER;
  if (code < 0x2070) return isInvisible(code) ? IGNORED : SEPARATOR;
  if (code < 0x2c00) return code >= 0x2100 && code < 0x2190 ? LETTER : SEPARATOR;
  if (code < 0x2e80) return LETTER;
  if (code < 0x3041) return code === 0x3005 || code === 0x3007 ? ALONE : SEPARATOR;
  if (code < 0xa000) return ALONE; // Kana and Han
  if (code < 0xd800) return LETTER; // Hangul among them
  if (code < 0xdc00) return code === 0xd835 ? LETTER : SEPARATOR; // styled mathematical letters; emoji separate
  if (code < 0xe000) return before === 0xd835 ? LETTER : SEPARATOR;
  if (code >= 0xf900 && code < 0xfb00) return ALONE;
  if (code >= 0xfe00 && code < 0xfe10) return IGNORED;
  if (code === 0xfeff) return IGNORED;
  if (code >= 0xff10 && code < 0xff5b) return LETTER;
  return code >= 0xff61 && code < 0xffa0 ? ALONE : SEPARATOR;
}

function isInvisible(code: number): boolean {
  return (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || code >= 0x2060;
}
