import { factScanner } from '../../fact-scanner.js';
import { fromConflict } from '../authentication/identity-conflict.js';
import type { Message } from '../../../mail/message.js';
import { headerPlace } from '../../sender.js';

/** More than one sender, or a sender that programs read differently: a filter checks one, the reader is shown the other. */
export const fromField = factScanner('headers', 'from-field', (message) => {
  const conflict = fromConflict(message);
  if (conflict === null || isBounce(message)) return [];
  const at = headerPlace(message, 'from');
  const { from, fromFields } = message.identity;
  if (fromFields > 1 || from.length > 1) {
    const shown = from.slice(0, 3).map(({ address, name }) => address || name);
    return [{ id: 'headers.from-conflicting', evidence: `${conflict}: ${shown.join(', ')}`, at }];
  }
  const [sender] = from;
  const written = sender === undefined ? rawFrom(message) : `${sender.name.slice(0, 80)} ${sender.address}`;
  const shown = written.trim().slice(0, 400);
  return [{ id: 'headers.from-malformed', evidence: shown === '' ? conflict : `${conflict}: ${shown}`, at }];
});

function rawFrom({ headers }: Pick<Message, 'headers'>): string {
  return headers.find(({ name }) => name === 'from')?.value ?? '';
}

/** Mail servers that report a failed delivery often call themselves MAILER-DAEMON and nothing more. */
function isBounce({ identity, headers }: Message): boolean {
  const from = rawFrom({ headers });
  return identity.fromFields === 1 && /^\W*(?:mailer-daemon|mail delivery (?:sub)?system|postmaster)\b/i.test(from);
}
