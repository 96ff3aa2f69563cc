import type { Message } from '../../mail/message.js';
import { wordsOf, type Word } from '../content/words.js';
import { hashText, mix } from './hash.js';

/** Buckets of the hashed vocabulary; a power of two. */
export const BUCKETS = 1 << 17;

/** Active buckets in ascending order; every one has the same value. */
export interface WordVector {
  readonly buckets: Int32Array;
  /** 1 / sqrt(number of features), so that long and short messages weigh the same. */
  readonly value: number;
}

/** Told what a bucket stands for, where somebody asks why; not of letter sequences, which nobody could read. */
export type WordTrace = (bucket: number, field: 'subject' | 'visible', start: number, end: number) => void;

/** Fewer features than this count as this many: two words must not speak as loudly as two hundred. */
const LEAST = 40;
const GRAM = 4;
/** Words looked at: a newsletter's tail says little, and time is bounded. */
const MOST_WORDS = 1500;

const SUBJECT = 0x51ed270b;
const VISIBLE = 0x2545f491;
const PAIR = 0x68bc21eb;
const LETTERS = 0x02e5be93;

/**
 * Hashed single words, word pairs and letter sequences of subject and visible text, each once. Addresses are left out and
 * numbers keep only their length, so that nothing personal and nothing dated is learnt.
 */
export function wordFeatures(message: Message, skip: ReadonlySet<string> = NONE, trace?: WordTrace): WordVector {
  const words = wordsOf(message);
  const found = new Set<number>();
  collect(words.subject, message.subject, 'subject', SUBJECT);
  collect(words.visible, message.visible, 'visible', VISIBLE);
  const buckets = Int32Array.from(found).sort();
  return { buckets, value: 1 / Math.sqrt(Math.max(LEAST, buckets.length)) };

  function collect(list: readonly Word[], text: string, field: 'subject' | 'visible', seed: number): void {
    let before = 0;
    let beforeStart = 0;
    let addressEnd = 0;
    const count = Math.min(list.length, MOST_WORDS);
    for (let index = 0; index < count; index++) {
      const word = list[index];
      if (word === undefined || word.start < addressEnd) continue;
      const end = endOfAddress(text, word.start);
      if (end > 0) {
        addressEnd = end;
        before = 0;
        continue;
      }
      const { folded } = word;
      if (folded.length > 40 || skip.has(folded)) {
        before = 0;
        continue;
      }
      const here = hashWord(folded);
      add(mix(here, seed), word.start, word.end);
      if (before !== 0) add(mix(mix(before, here), seed ^ PAIR), beforeStart, word.end);
      if (trace === undefined && seed === VISIBLE && folded.length > GRAM) addLetters(folded, word);
      before = here;
      beforeStart = word.start;
    }

    function add(hash: number, start: number, stop: number): void {
      const bucket = hash & (BUCKETS - 1);
      found.add(bucket);
      trace?.(bucket, field, start, stop);
    }

    function addLetters(folded: string, word: Word): void {
      const first = folded.charCodeAt(0);
      if (first >= 48 && first <= 57) return;
      for (let i = 0; i + GRAM <= folded.length; i++) {
        let hash = LETTERS;
        for (let j = i; j < i + GRAM; j++) hash = Math.imul(hash ^ folded.charCodeAt(j), 0x01000193);
        add(mix(hash >>> 0, i === 0 ? 1 : 2), word.start, word.end);
      }
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Numbers and codes by shape: 4711 and 0815 are the same word. */
function hashWord(folded: string): number {
  for (let i = 0; i < folded.length; i++) {
    const code = folded.charCodeAt(i);
    if (code >= 48 && code <= 57) return hashText(folded.replace(/\d/g, '0').replace(/[a-z]/g, 'a'));
  }
  return hashText(folded);
}

/** Where the unbroken run starting here ends if it is an address of the web or of mail, else 0. */
function endOfAddress(text: string, start: number): number {
  let address = false;
  let i = start;
  for (; i < text.length && i < start + 2_000; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === 0xa0 || code > 0x2fff) break;
    if (code === 64 || (code === 47 && text.charCodeAt(i + 1) === 47)) address = true;
    else if (code === 46 && i === start + 3 && text.startsWith('www', start)) address = true;
  }
  return address ? i : 0;
}
