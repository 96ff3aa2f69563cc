import { registrableDomain } from '../mail/domains.js';
import type { EvidencePlace, Message } from '../mail/message.js';
import { brandsOf } from './brands/brand-list.js';
import type { Brand } from './brands/brands.js';
import type { BrandMention } from './brands/mentions.js';
import { keptWith } from './kept-with.js';
import { isAmong } from './model/infrastructure.js';
import type { TenantProfile } from './scanner.js';

/** The part of a message that tells who sent it. */
export type SenderView = Pick<Message, 'identity' | 'headers'>;

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
}

/** The sender among the brands that the tenant knows. */
export interface BrandedSender extends Sender {
  /** Whose domain it is, of the brands in the list; null where the owner lets anyone send from it. */
  readonly owner: Brand | null;
  /** Brands the display name speaks of. */
  readonly mentions: readonly BrandMention[];
}

/** Display names go on for no reader; domain names end at 253 characters (RFC 1035). What is longer is an attack on the scanner. */
const LONGEST_NAME = 500;
const LONGEST_DOMAIN = 253;
const NOBODY = { address: '', domain: '' };

const kept = keptWith<SenderView, Sender>('sender');

export function senderOf(message: SenderView): Sender {
  const known = kept.of(message);
  if (known !== undefined) return known;
  const [first] = message.identity.from;
  const name = (first?.name ?? '').slice(0, LONGEST_NAME);
  const valid = first !== undefined && first.domain.length <= LONGEST_DOMAIN;
  const { address, domain } = valid ? first : NOBODY;
  return kept.keep(message, {
    name,
    address,
    local: address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase(),
    domain,
    organisation: registrableDomain(domain) || domain,
    freeMail: isAmong('freeMail', domain),
  });
}

const branded = keptWith<Sender, { readonly tenant: TenantProfile; readonly sender: BrandedSender }>('branded sender');

export function brandedSenderOf(message: Message, tenant: TenantProfile): BrandedSender {
  const base = senderOf(message);
  const known = branded.of(base);
  if (known?.tenant === tenant) return known.sender;
  const brands = brandsOf(tenant);
  const owner = isOpenToAll(base.address, base.domain) ? null : brands.ownerOf(base.domain);
  const sender = { ...base, owner, mentions: brands.namedIn(base.name) };
  return branded.keep(base, { tenant, sender }).sender;
}

/** Domains under which a cloud service gives every customer, also one on trial, a name to send from. */
const CUSTOMER_DOMAINS = [
  'onmicrosoft.com',
  'firebaseapp.com',
  'web.app',
  'myshopify.com',
  'gserviceaccount.com',
  'hubspotpagebuilder.com',
  'amazonses.com',
  'googlegroups.com',
];

/** A brand's domain proves nothing about the brand where everybody has a mailbox in it; its own notices come from its machines. */
function isOpenToAll(address: string, domain: string): boolean {
  if (isCustomerDomain(domain)) return true;
  return isAmong('freeMail', domain) && !/^(?:no-?reply|postmaster|mailer-daemon)@/i.test(address);
}

export function isCustomerDomain(domain: string): boolean {
  return CUSTOMER_DOMAINS.some((one) => domain === one || domain.endsWith(`.${one}`));
}

/** Where a field stands, so that it can be marked; the whole message where it is missing. */
export function headerPlace(message: Pick<SenderView, 'headers'>, name: string): EvidencePlace {
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
