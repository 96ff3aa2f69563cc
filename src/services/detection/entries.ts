import { isIpAddress, registrableDomain, toAsciiHost } from '../../mail/domains.js';

/** What a person wrote, normalised; or what is wrong with it, to complete "<entry> …". */
export type Entry = { readonly value: string } | { readonly fault: string };

const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/;
const LOCAL = /^[^\s@<>,;:"()[\]\\\p{C}]{1,64}$/u;

/** A domain as ASCII: one that somebody can own, no public suffix such as co.uk or github.io. */
export function readDomain(written: string): Entry {
  const domain = toAsciiHost(written.trim().toLowerCase());
  if (isIpAddress(domain) || !HOST.test(domain)) return { fault: 'is no domain' };
  if (registrableDomain(domain) === '') {
    return { fault: 'is a suffix under which anybody can have a domain; name the domains themselves' };
  }
  return { value: domain };
}

export function readAddress(written: string): Entry {
  const text = written.trim().toLowerCase();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (!LOCAL.test(local)) return { fault: 'is no e-mail address' };
  const domain = readDomain(text.slice(at + 1));
  return 'fault' in domain ? { fault: 'is no e-mail address' } : { value: `${local}@${domain.value}` };
}

/** An entry of a list: an address, a domain with everything below it, or `@domain` for that domain alone. */
export function readListEntry(written: string): Entry {
  const text = written.trim();
  if (!text.includes('@')) return readDomain(text);
  if (!text.startsWith('@')) return readAddress(text);
  const domain = readDomain(text.slice(1));
  return 'fault' in domain ? domain : { value: `@${domain.value}` };
}

/** A server's name in Authentication-Results: a token, usually a host name (RFC 8601 §2.5). */
export function readServerName(written: string): Entry {
  const name = written.trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/.test(name) ? { value: name } : { fault: 'is no name of a server' };
}
