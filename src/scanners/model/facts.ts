import { registrableDomain } from '../../mail/domains.js';
import type { Address, Link, Message } from '../../mail/message.js';
import { SHIPPED_BRANDS } from '../brands/brand-list.js';
import type { BrandList } from '../brands/brand-list.js';
import { wordsOf } from '../content/words.js';
import type { AuthenticationResult } from '../scanner.js';

/** What the traits are computed from: who the parties of a message are, resolved to registrable domains once. */
export interface Facts {
  readonly message: Message;
  /** null where nobody could say: traits then read "unknown", never "failed". */
  readonly authentication: AuthenticationResult | null;
  readonly from: Address;
  /** Registrable domain of the From address; the bare host where it has none. */
  readonly fromOrg: string;
  /** The name part of it: `example` of `example.co.uk`. */
  readonly fromLabel: string;
  /** Display name as letters and digits only, folded. */
  readonly nameKey: string;
  /** Links a person can follow to the web. */
  readonly links: readonly Link[];
  readonly linkOrgs: ReadonlyMap<string, number>;
  /** Folded words of the visible text run together, to look for names that are written apart. */
  readonly squashed: string;
  readonly subjectSquashed: string;
  /** Whether the transport's traces may be used: Return-Path, Received, Message-ID. */
  readonly envelope: boolean;
  readonly brand: 'none' | 'own' | 'foreign';
  readonly subjectBrand: 'none' | 'own' | 'foreign';
}

export interface FactOptions {
  readonly authentication: AuthenticationResult | null;
  readonly envelope?: boolean;
  /** Default: those that ship. */
  readonly brands?: BrandList;
}

const NOBODY: Address = { name: '', address: '', domain: '' };
const MOST_LINKS = 300;

export function factsOf(
  message: Message,
  { authentication, envelope = true, brands = SHIPPED_BRANDS }: FactOptions,
): Facts {
  const from = message.identity.from[0] ?? NOBODY;
  const fromOrg = organisation(from.domain);
  const words = wordsOf(message);
  const links = message.links.filter(isFollowed).slice(0, MOST_LINKS);
  const linkOrgs = new Map<string, number>();
  for (const link of links) {
    const org = link.domain === '' ? link.host : link.domain;
    linkOrgs.set(org, (linkOrgs.get(org) ?? 0) + 1);
  }
  return {
    message,
    authentication: authentication === null || authentication.source === 'none' ? null : authentication,
    from,
    fromOrg,
    fromLabel: fromOrg.split('.')[0] ?? '',
    nameKey: squash(from.name),
    links,
    linkOrgs,
    squashed: squashWords(words.visible.slice(0, 1200)),
    subjectSquashed: squashWords(words.subject),
    envelope,
    brand: brandRelation(from.name, from.domain, brands),
    subjectBrand: brandRelation(message.subject, from.domain, brands),
  };
}

/** Registrable domain, or the host itself where there is none (`correios`, an address literal). */
export function organisation(host: string): string {
  if (host === '') return '';
  const domain = registrableDomain(host);
  return domain === '' ? host : domain;
}

/** Letters and digits of a text, folded. */
export function squash(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function squashWords(words: readonly { readonly folded: string }[]): string {
  let text = '';
  for (const { folded } of words) text += folded;
  return text;
}

function isFollowed({ scheme, origin, host }: Link): boolean {
  return (scheme === 'https' || scheme === 'http') && host !== '' && origin !== 'html-image' && origin !== 'html-other';
}

function brandRelation(text: string, host: string, { namedIn, ownerOf }: BrandList): 'none' | 'own' | 'foreign' {
  const mentions = namedIn(text);
  if (mentions.length === 0) return 'none';
  const owner = ownerOf(host);
  if (owner !== null && mentions.some(({ brand }) => brand === owner)) return 'own';
  return 'foreign';
}
