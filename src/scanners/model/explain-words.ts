import type { EvidencePlace, Message } from '../../mail/message.js';
import { wordWeight } from './model.js';
import { wordFeatures, type WordTrace } from './word-features.js';

export interface WordReasons {
  readonly quotes: readonly string[];
  readonly at: EvidencePlace;
}

const SHOWN = 4;
const NONE: ReadonlySet<string> = new Set();

/** The words and word pairs that speak loudest in the given direction, as they stand in the message. */
export function explainWords(message: Message, direction: 1 | -1): WordReasons {
  const trace: WordTrace[] = [];
  wordFeatures(message, NONE, trace);
  const loudest = trace
    .map((entry) => ({ trace: entry, weight: direction * wordWeight(entry.bucket) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const quotes: string[] = [];
  let at: EvidencePlace = { kind: 'message' };
  for (const { trace: span } of loudest) {
    if (quotes.length >= SHOWN) break;
    const text = span.field === 'subject' ? message.subject : message.visible;
    const quote = text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
    if (quote.length < 3 || quote.length > 60 || quotes.some((one) => overlap(one, quote))) continue;
    if (quotes.length === 0 && span.field === 'visible') at = { kind: 'visible', start: span.start, end: span.end };
    quotes.push(quote);
  }
  return { quotes, at };
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.includes(b) || b.includes(a);
}
