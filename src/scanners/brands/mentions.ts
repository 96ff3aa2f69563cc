import type { Brand } from './brands.js';
import { Layered } from './layered.js';
import type { Entry } from './layered.js';
import { folded, skeleton } from './skeleton.js';

export interface BrandMention {
  readonly brand: Brand;
  /** As it stands in the text, after look-alike characters are resolved. */
  readonly as: string;
  /** Whether the text is nothing but the brand and words of service such as "support": it speaks in the brand's name. */
  readonly alone: boolean;
  /** Written with look-alike characters or digits. */
  readonly disguised: boolean;
}

interface Named {
  readonly brand: Brand;
  /** An everyday word or a few letters: it names the brand only where it stands alone. */
  readonly weak: boolean;
}

/** Words around a brand that still leave the text to be the brand speaking. */
const SERVICE_WORDS = new Set(
  (
    'account accounts admin alert alerts and app bank banking billing card care center centre client com contact customer customers ' +
    'dept department delivery desk digital email express for from global group help helpdesk id inc info international invoice llc ' +
    'login ltd mail member membership message messages news no notice notification notifications notify of official online order ' +
    'orders pay payment payments prime promo promotions reply rewards security secure sender service services shipping shop shopping ' +
    'staff store support survey systems team the update updates user verification verify winner your webmail server office kundenservice ' +
    'kundendienst konto sicherheit servicio cliente clientes atendimento assistance equipe équipe soporte suporte notificacion servizio ' +
    'clienti 365 gift giveaway reward shopper feedback opinion offer confirmation confirmed tracking package parcel paket colis tm r c co ' +
    'stores departement departamento department congratulations dear winner insurance com net loyalty program programme plus pro & + !'
  ).split(' '),
);

const LONGEST_PHRASE = 4;
/** Shorter folded names collide with ordinary words. */
const SHORTEST_FOLDED = 5;
const SHORTEST_GLUED = 6;
const LONGEST_GLUED = 16;
/** Names and subjects longer than this are not read further. */
const MOST_TOKENS = 40;

/** The names of all brands, as texts are compared with them. */
export interface Names {
  readonly phrases: Layered<Named>;
  readonly folded: Layered<{ readonly brand: Brand }>;
  readonly otherScripts: readonly { readonly alias: string; readonly brand: Brand }[];
}

export function indexNames(entries: readonly Entry[], below: Names | null): Names {
  const phrases = new Layered<Named>(below?.phrases ?? null);
  const fold = new Layered<{ readonly brand: Brand }>(below?.folded ?? null);
  const replaced = new Set(entries.map(({ replaces }) => replaces));
  const otherScripts = (below?.otherScripts ?? []).filter(({ brand }) => !replaced.has(brand));
  for (const entry of entries) {
    const { brand, added } = entry;
    for (const alias of [brand.name, ...brand.aliases]) {
      const words = tokens(alias);
      if (words.length === 0) continue;
      const own = alias === added.name || added.aliases.includes(alias);
      const weak = brand.commonWord === true || alias.length <= 3;
      if (/[^\p{ASCII}]/u.test(skeleton(alias))) otherScripts.push({ alias: alias.toLowerCase(), brand });
      else phrases.add(words.join(' '), { brand, weak }, entry, own);
      const compact = folded(words.join(''));
      if (compact.length >= SHORTEST_FOLDED && brand.commonWord !== true) fold.add(compact, { brand }, entry, own);
    }
  }
  return { phrases, folded: fold, otherScripts };
}

/** Brands named in a display name or subject, each once. Common words count only where they stand alone. */
export function findMentions(names: Names, text: string): readonly BrandMention[] {
  if (text === '') return [];
  const words = tokens(text);
  const mentions = new Map<Brand, BrandMention>();
  for (let at = 0; at < words.length; at++) {
    for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
      const phrase = length === 1 ? (words[at] ?? '') : words.slice(at, at + length).join(' ');
      const hit = names.phrases.get(phrase);
      const found =
        hit === undefined && length === 1 ? disguisedOrGlued(names, phrase) : hit && { ...hit, disguised: false };
      if (found === undefined || mentions.has(found.brand)) continue;
      const rest = [...words.slice(0, at), ...words.slice(at + length)];
      const alone = rest.every((word) => SERVICE_WORDS.has(word) || /^\d+$/.test(word));
      if (found.weak && !alone) continue;
      mentions.set(found.brand, { brand: found.brand, disguised: found.disguised, as: phrase, alone });
      break;
    }
  }
  if (/[^\p{ASCII}]/u.test(text)) addOtherScripts(names, text.toLowerCase(), mentions);
  return [...mentions.values()];
}

function addOtherScripts({ otherScripts }: Names, text: string, mentions: Map<Brand, BrandMention>): void {
  for (const { alias, brand } of otherScripts) {
    if (mentions.has(brand) || !text.includes(alias)) continue;
    mentions.set(brand, { brand, as: alias, alone: text.length <= alias.length + 8, disguised: false });
  }
}

/** `paypa1`, `netflixbilling`. */
function disguisedOrGlued(names: Names, word: string): (Named & { readonly disguised: boolean }) | undefined {
  const hidden = names.folded.get(folded(word));
  if (hidden !== undefined) return { brand: hidden.brand, weak: false, disguised: /[0-9]/.test(word) };
  for (let length = Math.min(word.length - 1, LONGEST_GLUED); length >= SHORTEST_GLUED; length--) {
    const glued = names.phrases.get(word.slice(0, length));
    if (glued?.weak === false && SERVICE_WORDS.has(word.slice(length))) {
      return { ...glued, disguised: false };
    }
  }
  return undefined;
}

/** Lower-case words; letters set apart by spaces or dots ("P a y P a l") are put together. */
function tokens(text: string): string[] {
  const words = skeleton(text.slice(0, 400))
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}+&!]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_TOKENS);
  const singles = words.filter((word) => word.length === 1).length;
  return singles >= 4 && singles === words.length ? [words.join('')] : words;
}
