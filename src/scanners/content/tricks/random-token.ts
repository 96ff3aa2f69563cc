import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Letters and digits in no order of any language: case or digits change within the word three times or more. */
const TOKEN = /(?<![\p{L}\p{N}])[A-Za-z0-9]{7,40}(?![\p{L}\p{N}])/gu;

/** Senders of bulk mail add random strings so that no two messages are equal. Order numbers look different: digits or capitals only. */
export const randomToken: Scanner = {
  layer: 'content',
  name: 'random-token',
  scan(message) {
    const fields = [message.subject, ...message.identity.from.map(({ name }) => name)];
    for (const field of fields) {
      for (const [token] of field.matchAll(TOKEN)) {
        if (changes(token) < 3) continue;
        const evidence = `the subject or the sender’s name carries the random string “${token}”`;
        return { findings: [{ id: 'content.random-token', evidence, at: subjectPlace(message) }] };
      }
    }
    return { findings: [] };
  },
};

/** How often a word goes from lower case to capitals or between letters and digits. */
function changes(token: string): number {
  let count = 0;
  for (let i = 1; i < token.length; i++) {
    const before = kind(token.charCodeAt(i - 1));
    const here = kind(token.charCodeAt(i));
    if (before !== here && !(before === 'A' && here === 'a')) count += 1;
  }
  return /^[0-9A-F]+$|^[0-9a-f]+$/.test(token) ? 0 : count;
}

function kind(code: number): string {
  return code < 58 ? '0' : code < 91 ? 'A' : 'a';
}
