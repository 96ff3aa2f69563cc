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

/** The single words and word pairs that were looked at, in order; letter sequences are left out, since nobody could read them. */
export interface WordTrace {
  readonly length: number;
  /** Four numbers each: bucket, 0 for the subject or 1 for the visible text, start, end. Written over by the next message. */
  readonly entries: Int32Array;
}

/** Fewer features than this count as this many: two words must not speak as loudly as two hundred. */
const LEAST = 40;
const GRAM = 4;
/** Words looked at: a newsletter's tail says little, and time is bounded. */
const MOST_WORDS = 1500;

const SUBJECT = 0x51ed270b;
const VISIBLE = 0x2545f491;
const PAIR = 0x68bc21eb;
const LETTERS = 0x02e5be93;

const FIELDS = 4;
/** A word and its pair with the one before, of subject and text. */
const trace = new Int32Array(MOST_WORDS * 2 * 2 * FIELDS);
/** A bit for each bucket that was seen in the message at hand: of thousands of numbers a Set costs ten times as much. */
const seen = new Uint32Array(BUCKETS / 32);

/**
 * Hashed single words, word pairs and letter sequences of subject and visible text, each once. Addresses are left out and
 * numbers keep only their length, so that nothing personal and nothing dated is learnt.
 */
export function wordFeatures(message: Message, skip: ReadonlySet<string> = NONE): WordVector {
  const buckets: number[] = [];
  eachFeature(message, skip, (bucket) => buckets.push(bucket));
  return { buckets: Int32Array.from(buckets).sort(), value: valueOf(buckets.length) };
}

/** What each feature of a text counts for, by how many there are. */
export function valueOf(features: number): number {
  return 1 / Math.sqrt(Math.max(LEAST, features));
}

/** Calls back once for every feature, in no particular order. */
export function eachFeature(message: Message, skip: ReadonlySet<string>, found: (bucket: number) => void): WordTrace {
  const words = wordsOf(message);
  let traced = 0;
  seen.fill(0);
  collect(words.subject, message.subject, 0, SUBJECT);
  collect(words.visible, message.visible, 1, VISIBLE);
  return { length: traced, entries: trace };

  function collect(list: readonly Word[], text: string, field: 0 | 1, seed: number): void {
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
      const here = word.digits ? hashText(shapeOf(folded)) | 0 : word.hash;
      note(add(mix(here, seed)), field, word.start, word.end);
      if (before !== 0) note(add(mix(mix(before, here), seed ^ PAIR)), field, beforeStart, word.end);
      if (field === 1 && folded.length > GRAM) addLetters(folded);
      before = here;
      beforeStart = word.start;
    }
  }

  function add(hash: number): number {
    const bucket = hash & (BUCKETS - 1);
    const bit = 1 << (bucket & 31);
    const bits = seen[bucket >>> 5] ?? 0;
    if ((bits & bit) === 0) {
      seen[bucket >>> 5] = bits | bit;
      found(bucket);
    }
    return bucket;
  }

  function note(bucket: number, field: 0 | 1, start: number, end: number): void {
    const at = traced * FIELDS;
    trace[at] = bucket;
    trace[at + 1] = field;
    trace[at + 2] = start;
    trace[at + 3] = end;
    traced += 1;
  }

  function addLetters(folded: string): void {
    const first = folded.charCodeAt(0);
    if (first >= 48 && first <= 57) return;
    for (let i = 0; i + GRAM <= folded.length; i++) {
      let hash = LETTERS;
      for (let j = i; j < i + GRAM; j++) hash = Math.imul(hash ^ folded.charCodeAt(j), 0x01000193);
      add(mix(hash >>> 0, i === 0 ? 1 : 2));
    }
  }
}

export const NONE: ReadonlySet<string> = new Set();

/** Numbers and codes by shape: 4711 and 0815 are the same word. */
function shapeOf(folded: string): string {
  return folded.replace(/\d/g, '0').replace(/[a-z]/g, 'a');
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
