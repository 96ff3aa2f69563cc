import type { EvidencePlace, Message } from '../../mail/message.js';
import { wordWeight } from './model.js';
import { wordFeatures } from './word-features.js';

export interface WordReasons {
  readonly quotes: readonly string[];
  readonly at: EvidencePlace;
}

interface Span {
  readonly weight: number;
  readonly field: 'subject' | 'visible';
  readonly start: number;
  readonly end: number;
}

const SHOWN = 4;
/** Among so many of the loudest there are enough that can be quoted. */
const KEPT = 64;
const NONE: ReadonlySet<string> = new Set();

/** The words and word pairs that speak loudest in the given direction, as they stand in the message. */
export function explainWords(message: Message, direction: 1 | -1): WordReasons {
  const quotes: string[] = [];
  let at: EvidencePlace = { kind: 'message' };
  for (const { field, start, end } of loudestSpans(message, direction)) {
    if (quotes.length >= SHOWN) break;
    const text = field === 'subject' ? message.subject : message.visible;
    const quote = text.slice(start, end).replace(/\s+/g, ' ').trim();
    if (quote.length < 3 || quote.length > 60 || quotes.some((one) => overlap(one, quote))) continue;
    if (quotes.length === 0 && field === 'visible') at = { kind: 'visible', start, end };
    quotes.push(quote);
  }
  return { quotes, at };
}

/** Loudest first, of equal ones the first, each word once; never a list of all, most of which nobody would look at. */
function loudestSpans(message: Message, direction: 1 | -1): readonly Span[] {
  const kept: Span[] = [];
  const seen = new Set<number>();
  wordFeatures(message, NONE, (bucket, field, start, end) => {
    const weight = direction * wordWeight(bucket);
    if (weight <= 0 || seen.has(bucket)) return;
    seen.add(bucket);
    if (weight <= (kept.length < KEPT ? 0 : (kept.at(-1)?.weight ?? 0))) return;
    let place = kept.length;
    while (place > 0 && (kept[place - 1]?.weight ?? 0) < weight) place--;
    kept.splice(place, 0, { weight, field, start, end });
    if (kept.length > KEPT) kept.pop();
  });
  return kept;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.includes(b) || b.includes(a);
}
