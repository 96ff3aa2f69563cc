import { detached } from '../../mail/detached.js';
import type { TenantProfile } from '../scanner.js';
import { BRANDS, findOwner, indexOwners, LONGEST_HOST } from './brands.js';
import type { Brand, Owners } from './brands.js';
import { indexLabels } from './host-labels.js';
import type { Labels } from './host-labels.js';
import type { Entry } from './layered.js';
import { findLookAlike } from './look-alike.js';
import type { LookAlike } from './look-alike.js';
import { findMentions, indexNames } from './mentions.js';
import type { BrandMention, Names } from './mentions.js';

/** What the scanners ask about brands. */
export interface BrandList {
  /** The brand that owns a host (ASCII, lower case), by any domain above it; null when it is nobody's in the list. */
  readonly ownerOf: (host: string) => Brand | null;
  /** Whether the brand's owner uses this host; products of one owner may share domains. */
  readonly owns: (brand: Brand, host: string) => boolean;
  /** Whether a host imitates a brand it does not belong to; null when not. `unicode` is the host as shown to people. */
  readonly lookAlikeOf: (host: string, domain: string, unicode?: string) => LookAlike | null;
  /** Brands named in a display name or subject, each once. Common words count only where they stand alone. */
  readonly namedIn: (text: string) => readonly BrandMention[];
}

interface Indexes {
  readonly owners: Owners;
  readonly labels: Labels;
  readonly names: Names;
}

/** Hosts whose answer is remembered; a tenant's own list meets fewer of them. */
const REMEMBERED = { shipped: 20_000, own: 2000 };
/** Texts whose brands are remembered: those of the message at hand. */
const TEXTS = 32;
/** Lists of tenants that are kept at a time. */
const LISTS = 64;

const shippedIndexes = indexesOf(
  BRANDS.map((brand) => ({ brand, replaces: null, added: brand })),
  null,
);
export const SHIPPED_BRANDS = brandList(shippedIndexes, REMEMBERED.shipped);

// By content: a profile reaches a scan thread as a new copy with each message.
const lists = new Map<string, BrandList>();

/** The shipped brands with what the tenant added to them. */
export function brandsOf({ brands = [] }: Pick<TenantProfile, 'brands'>): BrandList {
  if (brands.length === 0) return SHIPPED_BRANDS;
  const key = JSON.stringify(brands);
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list = brandList(indexesOf(brands.map(entryOf), shippedIndexes), REMEMBERED.own);
  for (const oldest of lists.keys()) if (lists.size >= LISTS) lists.delete(oldest);
  lists.set(key, list);
  return list;
}

/** The shipped brand of that name, whatever the case; null where there is none. */
export function shippedBrand(name: string): Brand | null {
  return BRANDS.find((brand) => brand.name.toLowerCase() === name.toLowerCase()) ?? null;
}

/** A brand of the tenant's that bears the name of a shipped one adds to it; any other stands for itself. */
function entryOf(added: Brand): Entry {
  const base = shippedBrand(added.name);
  if (base === null) return { brand: added, replaces: null, added };
  const brand = {
    ...base,
    aliases: [...new Set([...base.aliases, ...added.aliases])],
    domains: [...new Set([...base.domains, ...added.domains])],
  };
  return { brand, replaces: base, added };
}

function indexesOf(entries: readonly Entry[], below: Indexes | null): Indexes {
  return {
    owners: indexOwners(entries, below?.owners ?? null),
    labels: indexLabels(entries, below?.labels ?? null),
    names: indexNames(entries, below?.names ?? null),
  };
}

function brandList({ owners, labels, names }: Indexes, most: number): BrandList {
  const remembered = new Map<string, LookAlike | null>();
  // Several scanners ask about the same name and subject.
  const mentions = new Map<string, readonly BrandMention[]>();
  const ownerOf = (host: string): Brand | null => findOwner(owners, host);
  return {
    ownerOf,
    owns: (brand, host) =>
      brand.domains.some((domain) => {
        if (!domain.endsWith('.*')) return host === domain || host.endsWith(`.${domain}`);
        return ownerOf(host) === brand;
      }),
    lookAlikeOf(host, domain, unicode = host) {
      if (host.length > LONGEST_HOST) return null;
      const known = remembered.get(host);
      if (known !== undefined) return known;
      const result = ownerOf(host) === null ? findLookAlike(labels, host, domain, unicode) : null;
      if (remembered.size >= most) remembered.clear();
      remembered.set(detached(host), result);
      return result;
    },
    namedIn(text) {
      const known = mentions.get(text);
      if (known !== undefined) return known;
      const found = findMentions(names, text);
      if (mentions.size >= TEXTS) mentions.clear();
      mentions.set(detached(text), found);
      return found;
    },
  };
}
