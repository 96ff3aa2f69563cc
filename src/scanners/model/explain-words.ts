import type { EvidencePlace, Message } from '../../mail/message.js';
import { wordWeight } from './model.js';
import type { WordTrace } from './word-features.js';

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

/** The words and word pairs that speak loudest in the given direction, as they stand in the message. */
export function explainWords(message: Message, trace: WordTrace, direction: 1 | -1): WordReasons {
  const quotes: string[] = [];
  let at: EvidencePlace = { kind: 'message' };
  for (const { field, start, end } of loudestSpans(trace, direction)) {
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
function loudestSpans({ length, entries }: WordTrace, direction: 1 | -1): readonly Span[] {
  const kept: Span[] = [];
  const seen = new Set<number>();
  for (let at = 0; at < length * 4; at += 4) {
    const bucket = entries[at] ?? 0;
    const weight = direction * wordWeight(bucket);
    if (weight <= (kept.length < KEPT ? 0 : (kept.at(-1)?.weight ?? 0)) || seen.has(bucket)) continue;
    seen.add(bucket);
    let place = kept.length;
    while (place > 0 && (kept[place - 1]?.weight ?? 0) < weight) place--;
    const [field, start = 0, end = 0] = [
      entries[at + 1] === 0 ? 'subject' : 'visible',
      entries[at + 2],
      entries[at + 3],
    ] as const;
    kept.splice(place, 0, { weight, field, start, end });
    if (kept.length > KEPT) kept.pop();
  }
  return kept;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.includes(b) || b.includes(a);
}
