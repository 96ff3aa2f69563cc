import { isAmong } from '../../model/infrastructure.js';
import { redactNumbers } from './redact-numbers.js';
import { safeUrl } from './safe-url.js';

/** Whose data a message may hold, besides what shows by its form. */
export interface Known {
  readonly recipients: readonly { readonly name: string; readonly address: string; readonly domain: string }[];
  readonly people: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** The tenant's own. */
  readonly domains: readonly string[];
}

const URL_LIKE = /\b(?:https?|ftp):\/\/[^\s<>"'）】」]+/gi;
const ADDRESS = /[^\s@<>()[\]",;:=]{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24})/gi;
/** Names of functions, which are nobody's. */
const ROLES = new Set(
  (
    'info sales support contact admin office mail team hello help service billing accounts accounting finance invoice invoices ' +
    'payments press jobs marketing newsletter noreply reply postmaster webmaster abuse security customer customers user users list ' +
    'undisclosed recipients kontakt buchhaltung rechnung vertrieb comptabilite ventas facturacion contabilidad the and'
  ).split(' '),
);
const GREETING =
  /\b(dear|hi|hello|hey|hallo|liebe|lieber|bonjour|cher|chère|madame|monsieur|herr|frau|mr|mrs|ms|hola|estimado|estimada|olá|prezado|prezada|caro|cara|ciao|beste|geachte|drogi|droga|sayın)(\.?[ \t]+(?:(?:herr|frau|mr|mrs|ms|dr|m|mme)\.?[ \t]+)?)(\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{L}'’-]+){0,2})/giu;
/** Who greets like this does not know whom: that tells something, and names nobody. */
const GENERIC =
  /^(?:customer|customers|client|user|member|sir|madam|all|team|colleague|colleagues|friend|friends|account|valued|kunde|kundin|kunden|nutzer|damen|kollegen|kollege|zusammen|cliente|usuario|usuário|utilisateur|beneficiary|winner|owner|subscriber|everyone|there|account holder)\b/i;

/** Takes personal data out of a text: each kind leaves a note of what stood there, so that the sense of a sentence remains. */
export type Redactor = (text: string) => string;

export function createRedactor(known: Known): Redactor {
  const own = new Set([...known.domains, ...known.recipients.map(({ domain }) => domain)].filter(isPrivateDomain));
  const names = namePattern(known);
  const domains = domainPattern(own);

  const plain = (text: string): string => {
    let out = text.replace(ADDRESS, (_, domain: string) => `[address at ${placeOf(domain.toLowerCase(), own)}]`);
    out = redactNumbers(out);
    if (domains !== null) out = out.replace(domains, '[the recipient’s domain]');
    if (names !== null) out = out.replace(names, '[name]');
    return out.replace(GREETING, (all, word: string, gap: string, name: string) =>
      GENERIC.test(name) || /^\[/.test(name) || !/^\p{Lu}/u.test(name) ? all : `${word}${gap}[name]`,
    );
  };
  const named = (url: string): string => (names === null ? url : url.replace(names, '[name]'));

  return (text) => {
    let out = '';
    let from = 0;
    for (const match of text.matchAll(URL_LIKE)) {
      out += plain(text.slice(from, match.index)) + named(safeUrl(match[0], own));
      from = match.index + match[0].length;
    }
    return out + plain(text.slice(from));
  };
}

function placeOf(domain: string, own: ReadonlySet<string>): string {
  for (const mine of own) if (domain === mine || domain.endsWith(`.${mine}`)) return 'the recipient’s domain';
  return domain;
}

/** A free mailbox's domain says nothing about who has it. */
function isPrivateDomain(domain: string): boolean {
  return domain.includes('.') && !isAmong('freeMail', domain);
}

function namePattern({ recipients, people }: Known): RegExp | null {
  const words = new Set<string>();
  const add = (name: string, least: number): void => {
    const word = name.trim();
    if (word.length >= least && !ROLES.has(word.toLowerCase()) && !/^\d+$/.test(word)) words.add(word.toLowerCase());
  };
  for (const { name, address } of [...recipients, ...people.map((one) => ({ name: one.name, address: '' }))]) {
    if (!name.includes('@')) {
      add(name, 2);
      for (const part of name.split(/[\s,.]+/)) add(part, 3);
    }
    const local = address.slice(0, Math.max(0, address.lastIndexOf('@')));
    add(local, 3);
    for (const part of local.split(/[._+-]+/)) add(part, 3);
  }
  if (words.size === 0) return null;
  const longestFirst = [...words]
    .sort((a, b) => b.length - a.length)
    .slice(0, 500)
    .map(escaped);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

function domainPattern(own: ReadonlySet<string>): RegExp | null {
  if (own.size === 0) return null;
  return new RegExp(`(?<![\\w.-])(?:[\\w-]+\\.)*(?:${[...own].map(escaped).join('|')})(?![\\w-])`, 'gi');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
