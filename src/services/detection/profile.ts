import { z } from 'zod';
import type { Brand } from '../../scanners/brands/brands.js';
import { FINDINGS } from '../../scanners/catalogue.js';
import type { TenantProfile } from '../../scanners/scanner.js';

/** What a tenant tells detection, in full. Entries are normalised: ASCII domains, lower case, each once. */
export type DetectionProfile = Required<TenantProfile>;

/** The same as the API has it. */
export interface ProfileFields {
  readonly domains: readonly string[];
  readonly people: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly trusted_authserv_ids: readonly string[];
  readonly allow: readonly string[];
  readonly block: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly brands: readonly BrandFields[];
}

export interface BrandFields {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly domains: readonly string[];
  readonly common_word: boolean;
}

const words = z.array(z.string()).default([]);

/** As it is stored: written by earlier and later versions, so nothing is required and unknown fields are passed over. */
const Stored = z.object({
  domains: words,
  people: z.array(z.object({ name: z.string(), addresses: words })).default([]),
  trustedAuthservIds: words,
  allow: words,
  block: words,
  weights: z.record(z.string(), z.number()).default({}),
  brands: z
    .array(z.object({ name: z.string(), aliases: words, domains: words, commonWord: z.boolean().default(false) }))
    .default([]),
});

export function readStored(profile: unknown): DetectionProfile {
  return Stored.parse(profile);
}

export function toFields({ trustedAuthservIds, brands, ...rest }: DetectionProfile): ProfileFields {
  const { domains, people, allow, block, weights } = rest;
  return {
    ...{ domains, people, trusted_authserv_ids: trustedAuthservIds, allow, block },
    weights: Object.fromEntries(Object.entries(weights).filter(([id]) => id in FINDINGS)),
    brands: brands.map(toBrandFields),
  };
}

export function toBrandFields({ name, aliases, domains, commonWord = false }: Brand): BrandFields {
  return { name, aliases, domains, common_word: commonWord };
}
