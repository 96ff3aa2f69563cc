import { isIPv6 } from 'node:net';
import { getDomain } from 'tldts';
import { safeBrowsingUrl } from '../../mail/links/safe-browsing.js';
import { isIpAddress } from '../../mail/domains.js';

/** Besides the exact host: this many suffixes of it, from the registrable domain on. */
const MOST_SUFFIXES = 4;
/** Leading folders of the path, the root among them. */
const MOST_FOLDERS = 4;

/**
 * The host-suffix/path-prefix expressions of an address, at most 30; none where it is not looked up
 * (developers.google.com/safe-browsing/reference/URLs.and.Hashing, "Suffix/Prefix Expressions").
 */
export function expressionsOf(url: string): readonly string[] {
  const canonical = safeBrowsingUrl(url);
  if (canonical === null) return [];
  const rest = canonical.slice(canonical.indexOf('://') + 3);
  const slash = rest.indexOf('/');
  const hosts = hostsOf(withoutMapping(rest.slice(0, slash)));
  const paths = pathsOf(rest.slice(slash));
  return hosts.flatMap((host) => paths.map((path) => host + path));
}

function hostsOf(host: string): readonly string[] {
  if (isIpAddress(host)) return [host];
  const domain = getDomain(host, { extractHostname: false, validateHostname: false }) ?? host;
  const suffixes = [domain];
  const leading = host.slice(0, -domain.length - 1).split('.');
  while (suffixes.length < MOST_SUFFIXES && leading.length > 0) {
    const label = leading.pop() ?? '';
    if (label !== '') suffixes.push(`${label}.${suffixes.at(-1) ?? ''}`);
  }
  return [...new Set([host, ...suffixes])];
}

function pathsOf(pathAndQuery: string): readonly string[] {
  const mark = pathAndQuery.indexOf('?');
  const path = mark === -1 ? pathAndQuery : pathAndQuery.slice(0, mark);
  const folders = ['/'];
  for (const name of path.split('/').slice(1, -1)) {
    if (folders.length === MOST_FOLDERS) break;
    folders.push(`${folders.at(-1) ?? ''}${name}/`);
  }
  return [...new Set([pathAndQuery, path, ...folders])];
}

/** IPv4 inside IPv6 (mapped, or NAT64 with the well-known prefix) counts as the IPv4 address it is. */
function withoutMapping(host: string): string {
  if (!host.startsWith('[') || !isIPv6(host.slice(1, -1))) return host;
  const plain = new URL(`http://${host}/`).hostname;
  const match = /^\[(?:::ffff|64:ff9b:):([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(plain);
  if (match === null) return plain;
  const [high, low] = [parseInt(match[1] ?? '', 16), parseInt(match[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
