import { factScanner } from '../../fact-scanner.js';
import { findBoundary } from '../authentication/boundary.js';
import { headerPlace, headerValue } from '../../sender.js';

const HOUR_MS = 3_600_000;
/** Clocks and time zones are often wrong by some hours, queues by some days. */
const AHEAD_MS = 15 * HOUR_MS;
const BEHIND_MS = 7 * 24 * HOUR_MS;

/** The sender's date against the time the message came in. */
export const dates = factScanner('headers', 'dates', (message) => {
  const written = headerValue(message, 'date');
  if (written === null)
    return [{ id: 'headers.date-missing', evidence: 'the message has no date', at: { kind: 'message' } }];
  const at = headerPlace(message, 'date');
  if (message.date === null) return [{ id: 'headers.date-off', evidence: `“${written.slice(0, 60)}” is no date`, at }];
  const arrived = findBoundary(message)?.hop.date ?? null;
  if (arrived === null) return [];
  const ahead = Date.parse(message.date) - Date.parse(arrived);
  if (Number.isNaN(ahead) || (ahead < AHEAD_MS && ahead > -BEHIND_MS)) return [];
  const hours = Math.round(Math.abs(ahead) / HOUR_MS);
  const span = hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
  const evidence = `dated ${message.date.slice(0, 16).replace('T', ' ')}, ${span} ${ahead > 0 ? 'after' : 'before'} it came in`;
  return [{ id: 'headers.date-off', evidence, at }];
});
