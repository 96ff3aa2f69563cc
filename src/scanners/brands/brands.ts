import { createRequire } from 'node:module';
import { Layered } from './layered.js';
import type { Entry } from './layered.js';

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

/** The maintained list. */
export const BRANDS = data.brands;
/** The day on which it was last looked through. */
export const BRANDS_UPDATED = data.updated;

/** RFC 1035: what is longer is an attack on the scanner. */
export const LONGEST_HOST = 253;

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

interface Owner {
  readonly brand: Brand;
}

/** Whose a host is, by the domains of the brands. */
export interface Owners {
  readonly domains: Layered<Owner>;
  readonly countryLabels: Layered<Owner>;
}

export function indexOwners(entries: readonly Entry[], below: Owners | null): Owners {
  const domains = new Layered<Owner>(below?.domains ?? null);
  const countryLabels = new Layered<Owner>(below?.countryLabels ?? null);
  for (const entry of entries) {
    const { brand, added } = entry;
    for (const domain of brand.domains) {
      const insisted = added.domains.includes(domain);
      if (domain.endsWith('.*')) countryLabels.add(domain.slice(0, -2), { brand }, entry, insisted);
      else domains.add(domain, { brand }, entry, insisted);
    }
  }
  return { domains, countryLabels };
}

/**
 * The brand that owns a host, by its registrable domain or any domain above it; null when it is nobody's in the list. `host` is
 * ASCII lower case.
 */
export function findOwner({ domains, countryLabels }: Owners, host: string): Brand | null {
  if (host.length > LONGEST_HOST) return null;
  for (let rest = host; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
    const exact = domains.get(rest);
    if (exact !== undefined) return exact.brand;
    const dot = rest.indexOf('.');
    if (dot === -1) return null;
    const owner = countryLabels.get(rest.slice(0, dot));
    const country = owner === undefined ? null : COUNTRY_SUFFIX.exec(rest.slice(dot + 1));
    if (owner !== undefined && country !== null && !CHEAP_COUNTRIES.has(country[1] ?? '')) return owner.brand;
  }
  return null;
}
