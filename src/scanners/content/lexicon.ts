import { createRequire } from 'node:module';
import { splitWords, type Word } from './words.js';

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
  /** How the next word has to begin, see `beginningOf`; -1 where that does not say enough. */
  readonly next: number;
}

interface Step {
  readonly word: string;
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
/** Words are looked up by their beginning, so that stems need no second table. */
const KEY = 4;

const require = createRequire(import.meta.url);
/** Marks the beginnings that any phrase has: most words have none of them, and a text to look up costs more than two characters. */
const BEGINNINGS = new Uint8Array(1 << 16);
const PHRASES = compile(TOPICS.map((topic) => [topic, require(`./lexicon/${topic}.json`) as Lexicon]));

/** Every phrase of every topic and language that stands in `words`, in order of position. */
export function findPhrases(words: readonly Word[]): PhraseMatch[] {
  const matches: PhraseMatch[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined || BEGINNINGS[beginningOf(word.folded)] === 0) continue;
    const candidates = PHRASES.get(keyOf(word.folded));
    if (candidates === undefined) continue;
    const next = beginningOf(words[index + 1]?.folded ?? '');
    for (const phrase of candidates) {
      // Dozens of phrases begin with "your".
      if (phrase.next !== -1 && phrase.next !== next) continue;
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
        BEGINNINGS[beginningOf(key)] = 1;
      }
    }
  }
  return table;
}

/** A shorter stem may go on in any way, and after a gap any word may be the next. */
function nextOf([, second]: readonly Step[]): number {
  if (second === undefined || second.gap > 0 || (second.stem && second.word.length < KEY)) return -1;
  return beginningOf(second.word);
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
    for (const { folded } of splitWords(piece)) {
      steps.push({ word: folded, stem, gap });
      gap = 0;
    }
  }
  return steps;
}

/** Of the first four characters, in 16 bits. */
function beginningOf(word: string): number {
  let hash = Math.min(word.length, KEY);
  for (let i = 0; i < word.length && i < KEY; i++) hash = Math.imul(hash, 31) + word.charCodeAt(i);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

function keyOf(word: string): string {
  return word.length > KEY ? word.slice(0, KEY) : word;
}
