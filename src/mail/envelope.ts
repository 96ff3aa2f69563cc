import type { EvidencePlace, HeaderField, Message } from './message.js';
import { parseAddresses } from './mime/addresses.js';
import { DefectLog } from './mime/defect-log.js';
import { parseReceived } from './mime/received.js';

/** What a mail server knows of a message it is just taking in, and has not yet written into it. */
export interface Envelope {
  /** The client's address; null where it is not known, or of no use, as with a person's own submission. */
  readonly ip: string | null;
  /** What the client called itself, and what its address resolves to. */
  readonly helo: string | null;
  readonly hostname: string | null;
  /** MAIL FROM without brackets; '' for a bounce, null where it was not told. */
  readonly mailFrom: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The message as it would be read in a mailbox: with the two fields on top that the server adds, Return-Path and Received (RFC 5321
 * §4.4). Hash and size stay those of the message as it was given. Received names no server, so that no field of the sender's can
 * claim to be that server's.
 */
export function withEnvelope(message: Message, envelope: Envelope): Message {
  const added = [...returnPath(envelope), ...received(envelope)];
  if (added.length === 0) return message;
  const mailFrom = envelope.mailFrom === null ? message.identity.mailFrom : addressOf(envelope.mailFrom);
  const hops = added.filter(({ name }) => name === 'received').map(({ value }) => parseReceived(value));
  return {
    ...message,
    headers: [...added, ...message.headers],
    identity: { ...message.identity, mailFrom },
    received: [...hops, ...message.received],
    links: message.links.map((link) => ({ ...link, at: moved(link.at, added.length) })),
  };
}

function returnPath({ mailFrom }: Envelope): HeaderField[] {
  return mailFrom === null ? [] : [field('return-path', `<${addressOf(mailFrom)}>`)];
}

function received({ ip, helo, hostname, at }: Envelope): HeaderField[] {
  if (ip === null) return [];
  const client = word(helo) ?? word(hostname) ?? 'unknown';
  const shown = ip.includes(':') ? `IPv6:${ip}` : ip;
  const date = new Date(at).toUTCString().replace('GMT', '+0000');
  return [field('received', `from ${client} (${word(hostname) ?? 'unknown'} [${shown}]); ${date}`)];
}

/** One word of a Received field: what a client says of itself must not write the rest of it. */
function word(text: string | null): string | null {
  const safe = (text ?? '').replace(/[^\x21-\x7e]|[();"\\<>]/g, '').slice(0, 255);
  return safe === '' ? null : safe;
}

function addressOf(mailFrom: string): string {
  const plain = mailFrom.replace(/[\p{Cc}<>]/gu, '').slice(0, 512);
  return parseAddresses(`<${plain}>`, new DefectLog())[0]?.address ?? '';
}

function field(name: string, value: string): HeaderField {
  return { name, value, raw: ` ${value}` };
}

function moved(at: EvidencePlace, by: number): EvidencePlace {
  return at.kind === 'header' ? { ...at, index: at.index + by } : at;
}
