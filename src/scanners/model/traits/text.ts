import type { Facts } from '../facts.js';
import { wordsOf } from '../../content/words.js';
import { countCharacters } from './characters.js';
import { share } from './links.js';
import { bin } from './sender.js';

/** Begins with the digit on either side: a text has fewer of them than of letters that might begin a currency. */
const CURRENCY = /\d(?:(?<=(?:[$€£¥₹₽]|USD|EUR|GBP|BRL|PLN|CHF)\s?\d)|\s?(?:[$€£¥₹₽]|USD|EUR|euros?|dollars?|zł|руб))/i;
const PHONE = /\+?\d[\d\s().-]{8,}\d/;

/** How it is written: subject, tone and numbers, whatever the words. */
export function textTraits(facts: Facts): string[] {
  const { message } = facts;
  const { subject } = message;
  const text = message.visible.slice(0, 15_000);
  const { letters, capitals, exclaims, pictures } = countCharacters(text);
  return [
    `subject.length=${bin(subject.length, [0, 12, 25, 45, 70, 110])}`,
    `subject.tone=${tone(subject)}`,
    `subject.emoji=${/\p{Extended_Pictographic}/u.test(subject)}`,
    `subject.number=${/\d{5,}/.test(subject) ? 'long' : /\d/.test(subject) ? 'short' : 'none'}`,
    `subject.reply=${reply(facts)}`,
    `subject.in-text=${subjectInText(facts)}`,
    `text.capitals=${bin(capitals / Math.max(1, letters), [0.03, 0.06, 0.1, 0.18, 0.3])}`,
    `text.exclaims=${bin((exclaims * 1000) / Math.max(300, text.length), [0, 1, 3, 6])}`,
    `text.emoji=${bin(pictures, [0, 1, 3, 8])}`,
    `text.money=${CURRENCY.test(text)}`,
    `text.phone=${PHONE.test(text)}`,
    `text.percent=${/\d\s?%/.test(text)}`,
    `text.copyright=${/©|\(c\)\s?20|copyright|all rights reserved/i.test(text)}`,
    `text.alternative=${alternative(facts)}`,
    `text.placeholder=${/\{\{|\}\}|\[\[|%%|\$\{|#\w+#|\{[A-Z_a-z]+\}/.test(`${subject} ${text.slice(0, 4000)}`)}`,
  ];
}

function tone(subject: string): string {
  if (/[!！]{2,}|[?？][!！]/.test(subject)) return 'shouting';
  const { letters, capitals } = countCharacters(subject);
  if (letters > 8 && capitals / letters > 0.6) return 'capitals';
  if (/[!！]/.test(subject)) return 'exclaims';
  if (/^[\s.\-–_*#[(|]|\.{3,}|…/.test(subject)) return 'odd-start';
  return /[?？]/.test(subject) ? 'asks' : 'plain';
}

/** An answer to something carries a reference to it; a pretended one does not. */
function reply({ message }: Facts): string {
  if (!/^\s*(?:re|fw|fwd|aw|wg|sv|vs|antw|tr|rv|enc|odp|res)\s*:/i.test(message.subject)) return 'no';
  return message.headers.some(({ name }) => name === 'in-reply-to' || name === 'references') ? 'no' : 'pretended';
}

/** How many of the subject's words come back in the text. */
function subjectInText({ message }: Facts): string {
  const words = wordsOf(message);
  const missing = new Set(words.subject.map(({ folded }) => folded).filter((word) => word.length > 3));
  const asked = missing.size;
  if (asked === 0) return 'no-words';
  for (const { folded } of words.visible) if (missing.delete(folded) && missing.size === 0) break;
  return share(asked - missing.size, asked);
}

function alternative({ message }: Facts): string {
  if (message.document === null) return 'text-only';
  const plain = message.text.trim();
  if (plain === '') return 'none';
  return `${bin(plain.length / Math.max(1, message.visible.length), [0.1, 0.5, 0.8, 1.3, 2.5])}`;
}
