import { factScanner } from '../../fact-scanner.js';
import type { Finding } from '../../scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

/** Mailbox names that are ordinary words would be found in any text. */
const SHORTEST_MAILBOX = 4;

/** To whom it says it goes: nobody, oneself, or the reader's own address used as a form of address. */
export const recipients = factScanner('headers', 'recipients', (message, { authentication }) => {
  const { to, cc } = message.identity;
  const addressed = [...to, ...cc].filter(({ address }) => address !== '');
  const sender = senderOf(message);
  const findings: Finding[] = [];
  if (addressed.length === 0) {
    const evidence = 'the message names no recipient: it went to many hidden ones';
    findings.push({ id: 'headers.undisclosed-recipients', evidence, at: headerPlace(message, 'to') });
  }
  const self = addressed.find(({ address }) => address.toLowerCase() === sender.address.toLowerCase());
  if (self !== undefined && !authentication.aligned) {
    const evidence = `sender and recipient are both ${self.address}, which nothing proves`;
    findings.push({
      id: 'headers.from-is-recipient',
      evidence,
      at: headerPlace(message, 'from'),
      strength: authentication.source === 'none' ? 0.5 : 1,
    });
  }
  const first = addressed.find(({ address }) => address.toLowerCase() !== sender.address.toLowerCase());
  const subject = message.subject.toLowerCase();
  const name = sender.name.toLowerCase();
  const mailbox = first === undefined ? '' : first.address.slice(0, first.address.lastIndexOf('@')).toLowerCase();
  if (first !== undefined && (subject.includes(first.address.toLowerCase()) || hasWord(subject, mailbox))) {
    const evidence = `the subject addresses you as ${first.address}`;
    findings.push({ id: 'headers.recipient-in-subject', evidence, at: headerPlace(message, 'subject') });
  } else if (first !== undefined && (name.includes(first.address.toLowerCase()) || hasWord(name, first.domain))) {
    const evidence = `the sender’s name “${sender.name.slice(0, 80)}” is made of your own address`;
    findings.push({ id: 'headers.recipient-in-name', evidence, at: headerPlace(message, 'from') });
  }
  return findings;
});

function hasWord(text: string, word: string): boolean {
  if (word.length < SHORTEST_MAILBOX) return false;
  const at = text.indexOf(word);
  if (at === -1) return false;
  const edge = (char: string | undefined): boolean => char === undefined || !/[\p{L}\p{N}]/u.test(char);
  return edge(text[at - 1]) && edge(text[at + word.length]);
}
