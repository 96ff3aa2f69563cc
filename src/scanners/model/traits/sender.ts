import { organisation, squash, type Facts } from '../facts.js';
import { isAmong, suffixClass } from '../infrastructure.js';

const ROLE =
  /^(?:no-?_?reply|do-?not-?reply|info|support|hello|contact|help|service|services|team|news|newsletter|notifications?|notify|alerts?|accounts?|billing|security|orders?|shop|sales|admin|mail|mailer|office|marketing|welcome|receipts?|invoices?|updates?|kontakt|contacto|contato|kundenservice|bestellung|rechnung|postmaster|root|www-data)\b/;

/** Who says to have sent it: the shapes of address, name and domain, and how they go together. */
export function senderTraits(facts: Facts): string[] {
  const { from, fromOrg, fromLabel, message } = facts;
  const traits = [
    `from.kind=${senderKind(facts)}`,
    `from.suffix=${suffixClass(from.domain)}`,
    `from.depth=${Math.min(3, depth(from.domain, fromOrg))}`,
    `from.label=${labelShape(fromLabel)}`,
    `from.local=${localShape(from.address)}`,
    `name.in-domain=${nameInDomain(facts)}`,
    `name.shape=${nameShape(from.name)}`,
    `name.length=${bin(from.name.length, [0, 8, 16, 28, 45])}`,
    `name.brand=${facts.brand}`,
    `subject.brand=${facts.subjectBrand}`,
    `from.fields=${message.identity.from.length === 1 && message.identity.fromFields === 1 ? 'one' : 'odd'}`,
    `from.self=${message.identity.to.some(({ address }) => address !== '' && address === from.address)}`,
    `label.in-text=${labelInText(facts)}`,
    `reply-to=${replyRelation(facts)}`,
  ];
  if (from.name.includes('@'))
    traits.push(`name.address=${organisation(from.name.split('@').at(-1) ?? '') === fromOrg}`);
  return traits;
}

export function senderKind({ from, fromOrg }: Facts): string {
  if (from.domain === '') return 'missing';
  if (!from.domain.includes('.')) return 'no-domain';
  if (isAmong('freeMail', fromOrg)) return 'free-mail';
  if (from.domain.endsWith('onmicrosoft.com')) return 'onmicrosoft';
  if (isAmong('freeHosting', from.domain)) return 'free-hosting';
  return isAmong('mailServices', from.domain) ? 'mail-service' : 'own-domain';
}

/** Whether the name shown and the domain are the same name: `Green Fork Recipes <…@greenforkrecipes.com>`. */
export function nameInDomain({ nameKey, fromLabel, from }: Facts): string {
  const label = squash(fromLabel);
  if (nameKey === '') return 'no-name';
  if (label.length >= 3 && (nameKey.includes(label) || (nameKey.length >= 4 && label.includes(nameKey))))
    return 'whole';
  const words =
    from.name
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  if (words.some((word) => label.includes(word))) return 'word';
  const local = squash(from.address.split('@')[0] ?? '');
  if (words.some((word) => local.includes(word))) return 'in-address';
  return label.length < 3 ? 'short' : 'none';
}

/** Whether the message speaks of the domain's name at all, in its text, subject or sender name. */
export function labelInText({ fromLabel, squashed, subjectSquashed, nameKey }: Facts): string {
  const label = squash(fromLabel);
  if (label.length < 4) return 'short';
  const places = [squashed, subjectSquashed, nameKey].filter((text) => text.includes(label)).length;
  return places === 0 ? 'nowhere' : places === 1 ? 'once' : 'often';
}

export function replyRelation({ message, from, fromOrg }: Facts): string {
  const [reply] = message.identity.replyTo;
  if (reply === undefined) return 'none';
  if (reply.address === from.address) return 'same';
  const org = organisation(reply.domain);
  if (org === fromOrg) return 'same-domain';
  return isAmong('freeMail', org) ? 'free-mail' : 'other-domain';
}

function depth(host: string, org: string): number {
  return host === org || org === '' ? 0 : host.slice(0, -org.length - 1).split('.').length;
}

/** Names people choose have vowels and few digits; generated ones do not. */
export function labelShape(label: string): string {
  if (label === '') return 'none';
  if (label.startsWith('xn--')) return 'idn';
  const digits = label.match(/\d/g)?.length ?? 0;
  const letters = label.match(/[a-z]/g)?.length ?? 0;
  const vowels = label.match(/[aeiouy]/g)?.length ?? 0;
  const run = Math.max(0, ...(label.match(/[bcdfghjklmnpqrstvwxz]+/g) ?? []).map((letters) => letters.length));
  if (digits >= 3 && letters > 0) return 'digits';
  if (run >= 6 || (letters >= 6 && vowels / letters < 0.2)) return 'unspeakable';
  if (digits > 0) return 'some-digits';
  if (run >= 5) return 'rare';
  if (label.includes('-')) return label.split('-').length > 2 ? 'hyphens' : 'hyphen';
  return label.length > 18 ? 'long' : 'plain';
}

function localShape(address: string): string {
  const local = address.split('@')[0] ?? '';
  if (local === '') return 'none';
  if (ROLE.test(local.toLowerCase())) return /\d{2,}/.test(local) ? 'role-digits' : 'role';
  const digits = local.match(/\d/g)?.length ?? 0;
  if (local.length > 28) return 'long';
  if (digits >= 4) return 'digits';
  if (/^[a-z]+[._-][a-z]+$/i.test(local)) return 'first-last';
  if (/[a-z][A-Z].*[a-z]?/.test(local)) return 'mixed-case';
  if (labelShape(local.toLowerCase()) === 'unspeakable') return 'unspeakable';
  return digits > 0 ? 'some-digits' : 'word';
}

function nameShape(name: string): string {
  if (name === '') return 'none';
  if (/[\u{1d400}-\u{1d7ff}\u200b-\u200f\u034f\u00ad\u2060-\u2064]/u.test(name)) return 'disguised';
  if (/\p{Extended_Pictographic}/u.test(name)) return 'emoji';
  if (/^\s*["'.\-–—_|,*•\[(]|[.,\-_|]\s*$|["]|\s{2,}/.test(name)) return 'odd-punctuation';
  if (/\d{3,}/.test(name)) return 'digits';
  if (/^[^a-z]*[A-Z]{4,}[^a-z]*$/.test(name)) return 'capitals';
  if (name.includes('@')) return 'address';
  return /\d/.test(name) ? 'some-digits' : 'plain';
}

export function bin(value: number, edges: readonly number[]): number {
  let index = 0;
  for (const edge of edges) {
    if (value <= edge) return index;
    index += 1;
  }
  return index;
}
