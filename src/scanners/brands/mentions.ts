import { BRANDS } from './brands.js';
import type { Brand } from './brands.js';
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

const PHRASES = new Map<string, Named>();
const FOLDED = new Map<string, Brand>();
const OTHER_SCRIPTS: { readonly alias: string; readonly brand: Brand }[] = [];
const LONGEST_PHRASE = 4;
/** Shorter folded names collide with ordinary words. */
const SHORTEST_FOLDED = 5;
const SHORTEST_GLUED = 6;
const LONGEST_GLUED = 16;
/** Names and subjects longer than this are not read further. */
const MOST_TOKENS = 40;

for (const brand of BRANDS) {
  for (const alias of [brand.name, ...brand.aliases]) {
    const words = tokens(alias);
    if (words.length === 0) continue;
    if (/[^\p{ASCII}]/u.test(skeleton(alias))) OTHER_SCRIPTS.push({ alias: alias.toLowerCase(), brand });
    else if (!PHRASES.has(words.join(' ')))
      PHRASES.set(words.join(' '), { brand, weak: brand.commonWord === true || alias.length <= 3 });
    const compact = folded(words.join(''));
    if (compact.length >= SHORTEST_FOLDED && brand.commonWord !== true && !FOLDED.has(compact))
      FOLDED.set(compact, brand);
  }
}

/** Brands named in a display name or subject, each once. Common words count only where they stand alone. */
export function brandsNamedIn(text: string): readonly BrandMention[] {
  if (text === '') return [];
  const words = tokens(text);
  const mentions = new Map<Brand, BrandMention>();
  for (let at = 0; at < words.length; at++) {
    for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
      const phrase = length === 1 ? (words[at] ?? '') : words.slice(at, at + length).join(' ');
      const hit = PHRASES.get(phrase);
      const found = hit === undefined && length === 1 ? disguisedOrGlued(phrase) : hit && { ...hit, disguised: false };
      if (found === undefined || mentions.has(found.brand)) continue;
      const rest = [...words.slice(0, at), ...words.slice(at + length)];
      const alone = rest.every((word) => SERVICE_WORDS.has(word) || /^\d+$/.test(word));
      if (found.weak && !alone) continue;
      mentions.set(found.brand, { brand: found.brand, disguised: found.disguised, as: phrase, alone });
      break;
    }
  }
  if (/[^\p{ASCII}]/u.test(text)) addOtherScripts(text.toLowerCase(), mentions);
  return [...mentions.values()];
}

function addOtherScripts(text: string, mentions: Map<Brand, BrandMention>): void {
  for (const { alias, brand } of OTHER_SCRIPTS) {
    if (mentions.has(brand) || !text.includes(alias)) continue;
    mentions.set(brand, { brand, as: alias, alone: text.length <= alias.length + 8, disguised: false });
  }
}

/** `paypa1`, `netflixbilling`. */
function disguisedOrGlued(word: string): (Named & { readonly disguised: boolean }) | undefined {
  const brand = FOLDED.get(folded(word));
  if (brand !== undefined) return { brand, weak: false, disguised: /[0-9]/.test(word) };
  for (let length = Math.min(word.length - 1, LONGEST_GLUED); length >= SHORTEST_GLUED; length--) {
    const glued = PHRASES.get(word.slice(0, length));
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
