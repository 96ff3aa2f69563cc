import type { Message } from '../../../mail/message.js';
import type { Finding, Scanner } from '../../scanner.js';
import { findPhrases } from '../lexicon.js';
import { quote, topicsOf } from '../phrases.js';
import { splitWords } from '../words.js';

/** How models are told in the raw who speaks: nobody writes this to a person. */
const CONTROL =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)[^|]{0,40}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant)_?(?:prompt|message)?>/gi;
/** Of what a reader does not see. */
const MOST_CHARACTERS = 15_000;
/** Most comments are style sheets for old mail programs. */
const MOST_IN_COMMENTS = 6000;

/**
 * Words for the machine that reads along. Whoever gives orders to a language model in a letter wants it to lie to the reader; where the
 * reader is not even meant to see them, there is no other explanation.
 */
export const addressesAModel: Scanner = {
  layer: 'content',
  name: 'addresses-a-model',
  scan(message) {
    const unseen = unseenPhrases(message);
    if (unseen.length > 0) {
      const evidence = `hidden from the reader it says ${quote(unseen)}`;
      return { findings: [{ id: 'content.addresses-a-model', evidence, at: { kind: 'message' } }] };
    }
    return { findings: seen(message) };
  },
};

/** In plain sight, one phrase may stand in a letter about such attacks. */
function seen(message: Message): readonly Finding[] {
  const match = topicsOf(message).get('addresses-a-model');
  const marks = marksIn(message.visible.slice(0, MOST_CHARACTERS));
  const [mark] = marks;
  const at = match?.at ?? (mark && { kind: 'visible', start: mark.index, end: mark.index + mark[0].length });
  if (at === undefined) return [];
  const quotes = [...(match?.quotes ?? []), ...new Set(marks.map(([text]) => text))];
  const strength = quotes.length > 1 ? 0.7 : 0.3;
  return [{ id: 'content.addresses-a-model', evidence: `says ${quote(quotes)}`, at, strength }];
}

function unseenPhrases({ document, html }: Message): readonly string[] {
  if (document === null) return [];
  const alternatives = document.images.map(({ alt }) => alt);
  const text = [document.hidden.slice(0, MOST_CHARACTERS), ...alternatives, ...commentsOf(html)]
    .join('\n')
    .slice(0, 2 * MOST_CHARACTERS);
  if (text.trim() === '') return [];
  const phrases = findPhrases(splitWords(text))
    .filter(({ phrase }) => phrase.topic === 'addresses-a-model')
    .map(({ start, end }) => text.slice(start, end).replace(/\s+/g, ' '));
  return [...new Set([...phrases, ...marksIn(text).map(([mark]) => mark)])];
}

/** Hardly any letter has the brackets, and looking for them is quick. */
function marksIn(text: string): readonly RegExpExecArray[] {
  return /<[|</sa]|\[\/?I/i.test(text) ? [...text.matchAll(CONTROL)] : [];
}

/** By plain comparison: HTML can open a comment a hundred thousand times and close none. */
function commentsOf(html: string): readonly string[] {
  const comments: string[] = [];
  let room = MOST_IN_COMMENTS;
  for (let open = html.indexOf('<!--'); open >= 0 && room > 0;) {
    const close = html.indexOf('-->', open + 4);
    if (close < 0) break;
    comments.push(html.slice(open + 4, Math.min(close, open + 4 + room)));
    room -= close - open;
    open = html.indexOf('<!--', close);
  }
  return comments;
}
