import { createRequire } from 'node:module';
import { getPublicSuffix } from '../../mail/domains.js';

type Kind =
  | 'mailServices'
  | 'mailboxProviders'
  | 'freeMail'
  | 'shorteners'
  | 'freeHosting'
  | 'publicServices'
  | 'imageHosts'
  | 'cheapSuffixes';

const lists = createRequire(import.meta.url)('./infrastructure.json') as Readonly<Record<Kind, readonly string[]>>;
const sets = new Map(Object.entries(lists).map(([kind, names]) => [kind as Kind, new Set(names)]));

/** Whether a host, or a domain above it, is on the list. */
export function isAmong(kind: Kind, host: string): boolean {
  const names = sets.get(kind);
  // No host name is longer (RFC 1035); walking up a forged one label by label would take quadratic time.
  if (names === undefined || host === '' || host.length > 253) return false;
  for (let rest = host; ;) {
    if (names.has(rest)) return true;
    const dot = rest.indexOf('.');
    if (dot < 0) return false;
    rest = rest.slice(dot + 1);
  }
}

export type SuffixClass = 'com' | 'old' | 'country' | 'cheap' | 'other' | 'none';

/** What sort of top-level domain a host is under: no name in itself is bad, some are given away. */
export function suffixClass(host: string): SuffixClass {
  if (!host.includes('.')) return 'none';
  const suffix = getPublicSuffix(host);
  const last = host.slice(host.lastIndexOf('.') + 1);
  if (isAmong('cheapSuffixes', suffix) || isAmong('cheapSuffixes', last)) return 'cheap';
  if (last === 'com') return 'com';
  if (['org', 'net', 'edu', 'gov', 'mil', 'int'].includes(last)) return 'old';
  return last.length === 2 ? 'country' : 'other';
}
