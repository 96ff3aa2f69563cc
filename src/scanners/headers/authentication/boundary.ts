import { isIpAddress, registrableDomain } from '../../../mail/domains.js';
import type { Message, ReceivedHop } from '../../../mail/message.js';

/** Where the message came in from outside: everything below this Received field was written by the sender. */
export interface Boundary {
  readonly hop: ReceivedHop;
  /** Index in `message.headers` of its Received field. */
  readonly index: number;
  /** Index of the next Received field, or the number of fields. */
  readonly end: number;
}

const PRIVATE = /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i;

/**
 * The first hop from the top whose other side is no machine of the receiver's own; null when the message has no Received field.
 * A name alone never makes a client internal: it says of itself what it likes. Exchange Online is the exception, since its machines
 * talk to each other over public addresses.
 */
export function findBoundary(message: Message): Boundary | null {
  const indexes: number[] = [];
  message.headers.forEach(({ name }, index) => name === 'received' && indexes.push(index));
  for (let at = 0; at < indexes.length; at++) {
    const hop = message.received[at];
    const index = indexes[at];
    if (hop === undefined || index === undefined) return null;
    if (at < indexes.length - 1 && isInternal(hop)) continue;
    return { hop, index, end: indexes[at + 1] ?? message.headers.length };
  }
  return null;
}

function isInternal({ from, ip, by }: ReceivedHop): boolean {
  if (from === null) return true;
  if (ip !== null && PRIVATE.test(ip)) return true;
  return from.endsWith('.outlook.com') && (by ?? '').endsWith('.outlook.com');
}

/** Whether two host names belong to one organisation, by registrable domain. */
export function sameOrganisation(a: string, b: string): boolean {
  if (a === '' || b === '' || isIpAddress(a) || isIpAddress(b)) return false;
  return a === b || (registrableDomain(a) !== '' && registrableDomain(a) === registrableDomain(b));
}
