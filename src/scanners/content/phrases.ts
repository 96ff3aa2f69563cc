import type { EvidencePlace, Message } from '../../mail/message.js';
import { keptWith } from '../kept-with.js';
import { findPhrases, type PhraseMatch, type Topic } from './lexicon.js';
import { wordsOf } from './words.js';

/** What was found of one topic in a message: distinct phrases as they stand there, and where the first one is. */
export interface TopicMatch {
  readonly quotes: readonly string[];
  readonly at: EvidencePlace;
}

const kept = keptWith<Message, ReadonlyMap<Topic, TopicMatch>>('topics');

/** The phrases of all topics in the visible text and the subject, computed once a message. */
export function topicsOf(message: Message): ReadonlyMap<Topic, TopicMatch> {
  const known = kept.of(message);
  if (known !== undefined) return known;
  const topics = new Map<Topic, { quotes: Map<string, string>; at: EvidencePlace }>();
  const words = wordsOf(message);
  collect(findPhrases(words.visible), message.visible, (match) => ({
    kind: 'visible',
    start: match.start,
    end: match.end,
  }));
  collect(findPhrases(words.subject), message.subject, () => subjectPlace(message));
  return kept.keep(
    message,
    new Map([...topics].map(([topic, { quotes, at }]) => [topic, { quotes: [...quotes.values()], at }])),
  );

  function collect(matches: readonly PhraseMatch[], text: string, place: (match: PhraseMatch) => EvidencePlace): void {
    for (const match of matches) {
      const { topic, steps } = match.phrase;
      const seen = topics.get(topic) ?? { quotes: new Map<string, string>(), at: place(match) };
      const name = steps.map((step) => step.word).join(' ');
      if (!seen.quotes.has(name)) seen.quotes.set(name, text.slice(match.start, match.end).replace(/\s+/g, ' '));
      topics.set(topic, seen);
    }
  }
}

/** The Subject field as a place, or the message where it has none. */
export function subjectPlace(message: Message): EvidencePlace {
  const index = message.headers.findIndex((header) => header.name === 'subject');
  return index < 0 ? { kind: 'message' } : { kind: 'header', index };
}

/** Up to three phrases in quotation marks, for a sentence of evidence; none that says again what another says. */
export function quote(phrases: readonly string[]): string {
  const lower = phrases.map((phrase) => phrase.toLowerCase());
  const repeats = (one: string, index: number): boolean =>
    lower.some((other, at) => at !== index && other.includes(one) && (other.length > one.length || at < index));
  return phrases
    .filter((_, index) => !repeats(lower[index] ?? '', index))
    .slice(0, 3)
    .map((phrase) => `“${phrase}”`)
    .join(', ');
}
