import { createRequire } from 'node:module';
import { BEGINNING, splitWords, type Word } from './words.js';

/**
 * Language -> phrases. Words separated by spaces; `~` stands for up to three words, a final `*` for any ending (a stem that begins a
 * phrase needs four letters).
 */
type Lexicon = Readonly<Record<string, readonly string[]>>;

export const TOPICS = [
  'account-threat',
  'addresses-a-model',
  'advance-fee',
  'asks-for-credentials',
  'bank-details-change',
  'call-this-number',
  'delivery-fee',
  'extortion',
  'gift-cards',
  'job-offer',
  'mailbox-quota',
  'password-expiry',
  'presses-for-time',
  'prize-or-survey',
  'shared-document',
  'tax-refund',
  'unexpected-invoice',
  'wallet-or-seed-phrase',
  'spam/casino-or-betting',
  'spam/dating-or-adult',
  'spam/get-rich',
  'spam/miracle-product',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface Phrase {
  readonly topic: Topic;
  readonly language: string;
  readonly steps: readonly Step[];
  /** How the next word has to begin; ANY where that does not say enough. */
  readonly next: number;
}

interface Step {
  readonly word: string;
  /** As of a `Word`. */
  readonly hash: number;
  readonly beginning: number;
  readonly stem: boolean;
  /** Words that may stand between the step before and this one. */
  readonly gap: number;
}

export interface PhraseMatch {
  readonly phrase: Phrase;
  readonly start: number;
  readonly end: number;
}

const GAP = 3;
/** In the place of the next word's beginning. */
const ANY = -1;
const STEM = -2;

const require = createRequire(import.meta.url);
/**
 * A bit for each way in which phrases begin, see `wayInto`. One in thirty words has one; the phrases themselves lie all over the memory,
 * and to look at those of every "your" would cost more than all the rest.
 */
const WAYS = new Uint32Array(1 << 12);
const PHRASES = compile(TOPICS.map((topic) => [topic, require(`./lexicon/${topic}.json`) as Lexicon]));

/** Every phrase of every topic and language that stands in `words`, in order of position. */
export function findPhrases(words: readonly Word[]): PhraseMatch[] {
  const matches: PhraseMatch[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) continue;
    const { hash, beginning } = word;
    const next = words[index + 1]?.beginning ?? 0;
    if (!isMarked(wayOf(hash, next)) && !isMarked(wayOf(hash, ANY)) && !isMarked(wayOf(beginning, STEM))) continue;
    const candidates = PHRASES.get(keyOf(word.folded));
    if (candidates === undefined) continue;
    for (const phrase of candidates) {
      if (phrase.next !== ANY && phrase.next !== next) continue;
      const last = matchSteps(phrase.steps, words, index);
      const end = last < 0 ? undefined : words[last]?.end;
      if (end !== undefined) matches.push({ phrase, start: word.start, end });
    }
  }
  return matches;
}

/** Index of the last matched word, or -1. */
function matchSteps(steps: readonly Step[], words: readonly Word[], first: number): number {
  let at = first;
  for (let number = 0; number < steps.length; number++) {
    const step = steps[number];
    if (step === undefined) return -1;
    if (number > 0) at += 1;
    const limit = at + step.gap;
    while (at <= limit && !fits(step, words[at]?.folded)) at += 1;
    if (at > limit) return -1;
  }
  return at;
}

function fits(step: Step, word: string | undefined): boolean {
  if (word === undefined) return false;
  return step.stem ? word.startsWith(step.word) : word === step.word;
}

function compile(lexicons: readonly (readonly [Topic, Lexicon])[]): ReadonlyMap<string, readonly Phrase[]> {
  const table = new Map<string, Phrase[]>();
  for (const [topic, lexicon] of lexicons) {
    for (const [language, phrases] of Object.entries(lexicon)) {
      for (const written of phrases) {
        const steps = stepsOf(written);
        const key = keyOf(steps[0]?.word ?? '');
        const same = table.get(key) ?? [];
        same.push({ topic, language, steps, next: nextOf(steps) });
        table.set(key, same);
        mark(wayInto(steps));
      }
    }
  }
  return table;
}

/** A shorter stem may go on in any way, and after a gap any word may be the next. */
function nextOf([, second]: readonly Step[]): number {
  if (second === undefined || second.gap > 0 || (second.stem && second.word.length < BEGINNING)) return ANY;
  return second.beginning;
}

function stepsOf(written: string): Step[] {
  const steps: Step[] = [];
  let gap = 0;
  for (const piece of written.split(' ')) {
    if (piece === '~') {
      gap = GAP;
      continue;
    }
    const stem = piece.endsWith('*');
    for (const { folded, hash, beginning } of splitWords(piece)) {
      steps.push({ word: folded, hash, beginning, stem, gap });
      gap = 0;
    }
  }
  return steps;
}

/** A phrase begins with a word and the beginning of the next one, with a word whatever follows, or with a stem. */
function wayInto(steps: readonly Step[]): number {
  const [first] = steps;
  if (first === undefined) return 0;
  return first.stem ? wayOf(first.beginning, STEM) : wayOf(first.hash, nextOf(steps));
}

/** A bit of WAYS. */
function wayOf(hash: number, next: number): number {
  return Math.imul(hash ^ Math.imul(next, 0x9e3779b1), 0x85ebca6b) >>> 15;
}

function mark(way: number): void {
  WAYS[way >>> 5] = (WAYS[way >>> 5] ?? 0) | (1 << (way & 31));
}

function isMarked(way: number): boolean {
  return ((WAYS[way >>> 5] ?? 0) & (1 << (way & 31))) !== 0;
}

/** Words are looked up by their beginning, so that stems need no second table. */
function keyOf(word: string): string {
  return word.length > BEGINNING ? word.slice(0, BEGINNING) : word;
}
