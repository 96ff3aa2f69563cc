import { isIpAddress } from '../domains.js';
import type { ReceivedHop } from '../message.js';
import { parseDate } from './dates.js';

const MAX_LENGTH = 2000;

/** One Received field (RFC 5321 §4.4), read leniently: everything in it but the topmost ones is the sender's word. */
export function parseReceived(value: string): ReceivedHop {
  const text = value.slice(0, MAX_LENGTH);
  // "(qmail 123 invoked by uid 0)" names no server.
  const by = /(?:^|\s)by\s+([^\s;()]+)/i.exec(text.replace(/\([^()]*\)/g, (comment) => ' '.repeat(comment.length)));
  const clause = by === null ? text : text.slice(0, by.index);
  const semicolon = text.lastIndexOf(';');
  return {
    from: /^from\s+([^\s;()]+)/i.exec(clause.trim())?.[1]?.toLowerCase() ?? null,
    ip: addressIn(clause),
    by: by?.[1]?.toLowerCase() ?? null,
    date: semicolon === -1 ? null : parseDate(text.slice(semicolon + 1)),
  };
}

/** The address the receiving server saw stands in brackets, after what the client called itself: so the last one counts. */
function addressIn(clause: string): string | null {
  let address: string | null = null;
  for (const match of clause.matchAll(/[[(]\s*(?:IPv6:)?([0-9a-fA-F.:]{3,45})(?:%\w+)?\s*[\])]/gi)) {
    if (isIpAddress(match[1] ?? '')) address = match[1] ?? null;
  }
  if (address !== null) return address.toLowerCase();
  const bare = /(?:^|[\s([])((?:\d{1,3}\.){3}\d{1,3})(?=$|[\s)\]])/.exec(clause)?.[1];
  return bare !== undefined && isIpAddress(bare) ? bare : null;
}
