import { registrableDomain } from '../mail/domains.js';
import type { EvidencePlace, Message } from '../mail/message.js';
import { ownerOf } from './brands/brands.js';
import type { Brand } from './brands/brands.js';
import { brandsNamedIn } from './brands/mentions.js';
import type { BrandMention } from './brands/mentions.js';
import { isAmong } from './model/infrastructure.js';

/** What several scanners ask about the visible sender, worked out once a message. */
export interface Sender {
  readonly name: string;
  readonly address: string;
  /** Before the last @. */
  readonly local: string;
  readonly domain: string;
  /** Registrable domain; the whole domain where there is none. */
  readonly organisation: string;
  /** A mailbox anyone can have for nothing. */
  readonly freeMail: boolean;
  /** Whose domain it is, of the brands in the list. */
  readonly owner: Brand | null;
  /** Brands the display name speaks of. */
  readonly mentions: readonly BrandMention[];
}

const remembered = new WeakMap<Message, Sender>();

export function senderOf(message: Message): Sender {
  const known = remembered.get(message);
  if (known !== undefined) return known;
  const { name = '', address = '', domain = '' } = message.identity.from[0] ?? {};
  const sender: Sender = {
    name,
    address,
    local: address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase(),
    domain,
    organisation: registrableDomain(domain) || domain,
    freeMail: isAmong('freeMail', domain),
    owner: ownerOf(domain),
    mentions: brandsNamedIn(name),
  };
  remembered.set(message, sender);
  return sender;
}

/** Where a field stands, so that it can be marked; the whole message where it is missing. */
export function headerPlace(message: Message, name: string): EvidencePlace {
  const index = message.headers.findIndex((field) => field.name === name);
  return index === -1 ? { kind: 'message' } : { kind: 'header', index };
}

export function headerValue(message: Message, name: string): string | null {
  return message.headers.find((field) => field.name === name)?.value ?? null;
}

/** Sister domains usually share their first label: example.com and example.de, example-mail.net. Both are registrable domains. */
export function areRelated(a: string, b: string): boolean {
  const first = a.split('.')[0] ?? '';
  const second = b.split('.')[0] ?? '';
  if (first === '' || second === '') return false;
  return (
    first === second || (second.length >= 5 && first.includes(second)) || (first.length >= 5 && second.includes(first))
  );
}
