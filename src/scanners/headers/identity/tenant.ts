import { detached } from '../../../mail/detached.js';
import { registrableDomain } from '../../../mail/domains.js';
import { folded, skeleton } from '../../brands/skeleton.js';
import { factScanner } from '../../fact-scanner.js';
import type { Finding, ScanContext, TenantProfile } from '../../scanner.js';
import { headerPlace, senderOf } from '../../sender.js';
import type { Sender, SenderView } from '../../sender.js';

/** The tenant's own people and domains, imitated. */
export const tenantImpersonation = factScanner('headers', 'tenant', impersonationFindings);

export function impersonationFindings(
  message: SenderView,
  { tenant, authentication }: Pick<ScanContext, 'tenant' | 'authentication'>,
): readonly Finding[] {
  const sender = senderOf(message);
  if (sender.domain === '') return [];
  const own = tenant.domains.some((domain) => within(sender.domain, domain));
  if (!own) return [...person(message, sender, tenant), ...lookAlike(message, sender, tenant)];
  if (authentication.aligned || authentication.source === 'none') return [];
  const evidence = `the message claims to come from ${sender.domain}, your own domain, and cannot prove it`;
  return [{ id: 'headers.own-domain-spoofed', evidence, at: headerPlace(message, 'from') }];
}

function person(message: SenderView, sender: Sender, tenant: TenantProfile): readonly Finding[] {
  const shown = nameKey(sender.name);
  if (shown === '') return [];
  const match = tenant.people.find(({ name }) => personKey(name) === shown);
  if (match === undefined || match.addresses.some((address) => address.toLowerCase() === sender.address.toLowerCase()))
    return [];
  return [
    {
      id: 'headers.person-impersonated',
      evidence: `“${sender.name}” is one of your people, but ${sender.address} is not an address of theirs`,
      at: headerPlace(message, 'from'),
      indicators: [{ kind: 'address', value: sender.address }],
    },
  ];
}

function lookAlike(message: SenderView, sender: Sender, tenant: TenantProfile): readonly Finding[] {
  const own = tenant.domains.find((domain) => resembles(sender.organisation, registrableDomain(domain) || domain));
  if (own === undefined) return [];
  return [
    {
      id: 'headers.own-domain-look-alike',
      evidence: `${sender.domain} looks like your own domain ${own}`,
      at: headerPlace(message, 'from'),
      indicators: [{ kind: 'domain', value: sender.domain }],
    },
  ];
}

function resembles(domain: string, own: string): boolean {
  if (domain === own || own === '') return false;
  const [label = '', ...suffix] = domain.split('.');
  const [ownLabel = '', ...ownSuffix] = own.split('.');
  if (ownLabel.length < 4) return false;
  if (label === ownLabel) return suffix.join('.') !== ownSuffix.join('.');
  if (folded(label) === folded(ownLabel)) return true;
  return ownLabel.length >= 6 && (oneEdit(label, ownLabel) || label.split('-').includes(ownLabel));
}

/** One letter added, lost, changed or swapped with its neighbour. */
function oneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first++;
  if (a.length > b.length) return a.slice(first + 1) === b.slice(first);
  if (a.length < b.length) return a.slice(first) === b.slice(first + 1);
  if (a.slice(first + 1) === b.slice(first + 1)) return true;
  return a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2);
}

function within(host: string, domain: string): boolean {
  const lower = domain.toLowerCase();
  return host === lower || host.endsWith(`.${lower}`);
}

/** Whether a name has enough parts to be recognised as one person's. */
export function isPersonName(name: string): boolean {
  return nameKey(name) !== '';
}

/** A tenant has up to two thousand people, who are the same with each message. */
const REMEMBERED = 20_000;
const keys = new Map<string, string>();

function personKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = nameKey(name);
  if (keys.size >= REMEMBERED) keys.clear();
  keys.set(detached(name), detached(key));
  return key;
}

/** First and last name in either order, without accents, titles and look-alike letters. */
function nameKey(name: string): string {
  const words = skeleton(name.normalize('NFKD').replace(/\p{M}/gu, ''))
    .replace(/\([^)]*\)|\[[^\]]*\]|\b(?:dr|prof|mr|mrs|ms|herr|frau|ceo|cfo|coo|cto|president|director)\b\.?/g, ' ')
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 1);
  return words.length < 2 ? '' : words.sort().join(' ');
}
