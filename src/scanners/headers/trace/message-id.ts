import { factScanner } from '../../fact-scanner.js';
import { headerPlace, headerValue } from '../../sender.js';

const PROPER = /^<[^<>@\s]{1,400}@[^<>@\s]{1,255}>$/;
const PLACE_LESS =
  /@(?:localhost(?:\.localdomain)?|\[?127\.0\.0\.1\]?|localhost\.local|example\.com|domain|[a-z0-9-]+\.local)>$/i;

/** Every mail program gives a message an id of its own; hasty ones leave it out or get it wrong. */
export const messageId = factScanner('headers', 'message-id', (message) => {
  const id = headerValue(message, 'message-id');
  if (id === null)
    return [{ id: 'headers.message-id-missing', evidence: 'the message has no Message-ID', at: { kind: 'message' } }];
  const value = id.trim();
  const at = headerPlace(message, 'message-id');
  const shown = value.slice(0, 80);
  if (!PROPER.test(value)) return [{ id: 'headers.message-id-odd', evidence: `“${shown}” is no Message-ID`, at }];
  if (!PLACE_LESS.test(value)) return [];
  return [{ id: 'headers.message-id-odd', evidence: `“${shown}” names no real machine`, at, strength: 0.6 }];
});
