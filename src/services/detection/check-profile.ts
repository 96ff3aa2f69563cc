import { PosternError } from '../../errors.js';
import { FINDINGS } from '../../scanners/catalogue.js';
import { isAmong } from '../../scanners/model/infrastructure.js';
import { isPersonName } from '../../scanners/headers/identity/tenant.js';
import type { Brand } from '../../scanners/brands/brands.js';
import { readAddress, readDomain, readListEntry, readServerName } from './entries.js';
import type { Entry } from './entries.js';
import type { BrandFields, DetectionProfile, ProfileFields } from './profile.js';

interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Faults beyond these are not told: nobody reads them. */
const MOST_FAULTS = 50;

/**
 * The profile that the fields describe: domains as ASCII, everything in lower case and once, factors of 1 left out. Throws
 * `request.invalid` with every fault and where it stands. `place` is what the paths begin with.
 */
export function checkProfile(fields: ProfileFields, place: string): DetectionProfile {
  const faults: Fault[] = [];
  const say = (path: string, message: string): void => void faults.push({ path: `${place}.${path}`, message });
  const each = (path: string, written: readonly string[], read: (text: string) => Entry): readonly string[] => {
    const values = written.flatMap((text, index) => {
      const entry = read(text);
      if ('value' in entry) return [entry.value];
      say(`${path}.${index}`, `"${text.trim()}" ${entry.fault}`);
      return [];
    });
    return [...new Set(values)];
  };
  const block = each('block', fields.block, readListEntry);
  const allow = each('allow', fields.allow, readAllowed);
  const blocked = new Set(block);
  for (const entry of allow) {
    if (blocked.has(entry)) say('allow', `"${entry}" is on the block list too`);
  }
  const profile: DetectionProfile = {
    domains: each('domains', fields.domains, readDomain),
    people: readPeople(fields.people, each, say),
    trustedAuthservIds: each('trusted_authserv_ids', fields.trusted_authserv_ids, readServerName),
    allow,
    block,
    weights: readWeights(fields.weights, say),
    brands: readBrands(fields.brands, each, say),
  };
  const [first] = faults;
  if (first === undefined) return profile;
  throw new PosternError('request.invalid', `${first.path}: ${first.message}`, {
    details: { errors: faults.slice(0, MOST_FAULTS) },
  });
}

type Say = (path: string, message: string) => void;
type Each = (path: string, written: readonly string[], read: (text: string) => Entry) => readonly string[];

/** Whoever allows a whole free mail service allows everybody in the world. */
function readAllowed(written: string): Entry {
  const entry = readListEntry(written);
  if ('fault' in entry) return entry;
  const domain = entry.value.replace(/^@/, '');
  if (domain.includes('@') || !isAmong('freeMail', domain)) return entry;
  return { fault: 'gives an address to anybody; allow single addresses there' };
}

function readPeople(people: ProfileFields['people'], each: Each, say: Say): DetectionProfile['people'] {
  const seen = new Set<string>();
  return people.map((person, index) => {
    const name = person.name.replace(/\s+/g, ' ').trim();
    if (!isPersonName(name)) say(`people.${index}.name`, `"${name}" needs a first and a last name to be recognised`);
    if (seen.has(name.toLowerCase())) say(`people.${index}.name`, `"${name}" is named twice`);
    seen.add(name.toLowerCase());
    return { name, addresses: each(`people.${index}.addresses`, person.addresses, readAddress) };
  });
}

function readWeights(weights: ProfileFields['weights'], say: Say): DetectionProfile['weights'] {
  const kept = Object.entries(weights).filter(([id, factor]) => {
    if (!Object.hasOwn(FINDINGS, id)) say(`weights.${id}`, 'is no finding');
    return factor !== 1;
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readBrands(brands: readonly BrandFields[], each: Each, say: Say): readonly Brand[] {
  const seen = new Set<string>();
  return brands.map((brand, index) => {
    const name = brand.name.replace(/\s+/g, ' ').trim();
    if (!/[\p{L}\p{N}]{2}/u.test(name)) say(`brands.${index}.name`, `"${name}" is too short a name`);
    if (seen.has(name.toLowerCase())) say(`brands.${index}.name`, `"${name}" is named twice`);
    seen.add(name.toLowerCase());
    const aliases = brand.aliases.map((alias) => alias.replace(/\s+/g, ' ').trim()).filter((alias) => alias !== '');
    return {
      name,
      aliases: [...new Set(aliases)],
      domains: each(`brands.${index}.domains`, brand.domains, readDomain),
      commonWord: brand.common_word,
    };
  });
}
