import { domainToASCII } from 'node:url';
import { getDomain, getPublicSuffix as suffixOf } from 'tldts';

const OPTIONS = { allowPrivateDomains: true, validateHostname: false, extractHostname: false, detectIp: true } as const;

/** The registrable domain (public suffix plus one label, private suffixes such as github.io included); '' for IP addresses and bare suffixes. */
export function registrableDomain(host: string): string {
  const ascii = toAsciiHost(host);
  if (ascii === '' || isIpAddress(ascii)) return '';
  return getDomain(ascii, OPTIONS) ?? '';
}

/** The public suffix of a host ('co.uk', 'github.io'); '' where there is none. */
export function getPublicSuffix(host: string): string {
  return suffixOf(toAsciiHost(host), OPTIONS) ?? '';
}

/** A host as ASCII (UTS 46, punycode), lower case, without a final dot. Where that fails: the host in lower case, as it was. */
export function toAsciiHost(host: string): string {
  const ascii = /^[a-z0-9.-]*$/.test(host) ? host : domainToASCII(host) || host.toLowerCase();
  return ascii.endsWith('.') ? ascii.replace(/\.+$/, '') : ascii;
}

/** True for an IPv4 or IPv6 address, the latter also in brackets. */
export function isIpAddress(host: string): boolean {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(host)) return true;
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.includes(':') && URL.canParse(`http://[${bare}]/`);
}
