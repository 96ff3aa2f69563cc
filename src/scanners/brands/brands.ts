import { createRequire } from 'node:module';

/** A name that gets imitated, with the domains its owner really uses. */
export interface Brand {
  readonly name: string;
  /** Other ways to write it, and products under the same owner. */
  readonly aliases: readonly string[];
  /** Registrable domains; `dhl.*` stands for the same name under any country's suffix. */
  readonly domains: readonly string[];
  /** Also an everyday word or a short name: it counts only where it stands alone, not inside a sentence. */
  readonly commonWord?: boolean;
}

const data = createRequire(import.meta.url)('./brands.json') as {
  readonly updated: string;
  readonly brands: readonly Brand[];
};

/** The maintained list; brands.json says when it was last looked through. */
export const BRANDS = data.brands;

const LONGEST_HOST = 253;
const BY_DOMAIN = new Map<string, Brand>();
const BY_COUNTRY_LABEL = new Map<string, Brand>();
for (const brand of BRANDS) {
  for (const domain of brand.domains) {
    if (domain.endsWith('.*')) BY_COUNTRY_LABEL.set(domain.slice(0, -2), brand);
    else if (!BY_DOMAIN.has(domain)) BY_DOMAIN.set(domain, brand);
  }
}

/** Country suffixes anyone can register in for nothing or next to nothing: owning amazon.de says something, amazon.tk nothing. */
const CHEAP_COUNTRIES = new Set([
  'tk',
  'ml',
  'ga',
  'cf',
  'gq',
  'pw',
  'cc',
  'ws',
  'to',
  'su',
  'icu',
  'co',
  'me',
  'la',
  'vg',
  'st',
  'sh',
  'ac',
]);
const COUNTRY_SUFFIX = /^(?:(?:com|co|net|org|gen|web|ne|or)\.)?([a-z]{2})$/;

/**
 * The brand that owns a host, by its registrable domain or any domain above it; null when it is nobody's in the list. `host` is
 * ASCII lower case.
 */
export function ownerOf(host: string): Brand | null {
  if (host.length > LONGEST_HOST) return null;
  for (let rest = host; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
    const exact = BY_DOMAIN.get(rest);
    if (exact !== undefined) return exact;
    const dot = rest.indexOf('.');
    if (dot === -1) return null;
    const brand = BY_COUNTRY_LABEL.get(rest.slice(0, dot));
    const country = brand === undefined ? null : COUNTRY_SUFFIX.exec(rest.slice(dot + 1));
    if (brand !== undefined && country !== null && !CHEAP_COUNTRIES.has(country[1] ?? '')) return brand;
  }
  return null;
}

/** Whether the brand's owner uses this host; products of one owner may share domains. */
export function owns(brand: Brand, host: string): boolean {
  return brand.domains.some((domain) => {
    if (!domain.endsWith('.*')) return host === domain || host.endsWith(`.${domain}`);
    return ownerOf(host) === brand;
  });
}
