import { getDomain } from 'tldts';
import { isIpAddress, registrableDomain } from '../domains.js';

/** Where an address leads. */
export interface Destination {
  /** As the WHATWG URL standard writes it; null when it is no URL a browser would open. */
  readonly href: string | null;
  /** Without the colon, lower case; '' when there is none. */
  readonly scheme: string;
  /** ASCII, lower case; '' when it has none. */
  readonly host: string;
  /** Registrable domain; '' for IP addresses and unknown. */
  readonly domain: string;
}

const NOWHERE: Destination = { href: null, scheme: '', host: '', domain: '' };
/** Browsers drop line breaks and tabs anywhere in an address, and control characters around it: "java\nscript:". */
const IGNORED = /^[\u0000-\u0020]+|[\t\n\r]+/g;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
/** `example.com/path` in an href: mail programs, unlike browsers, open it as a web address. */
const BARE_HOST = /^[^\s/?#:@\\]+\.[^\s/?#:@\\.]{2,}\.?(?::\d+)?(?:[/?#\\]|$)/;

/** Where `url` leads, written as the sender wrote it. `base` is the document's, null where it has none. */
export function canonicalise(url: string, base: string | null = null): Destination {
  const clean = url.replace(IGNORED, '').trim();
  const parsed = parse(clean, base);
  if (parsed === null) {
    const scheme = SCHEME.exec(clean)?.[1]?.toLowerCase() ?? '';
    return scheme === '' ? NOWHERE : { ...NOWHERE, scheme };
  }
  return destinationOf(parsed);
}

export function destinationOf(url: URL): Destination {
  const host = url.hostname;
  const scheme = url.protocol.slice(0, -1);
  // `cid:` names a part of the message, nothing that could be opened.
  return { href: scheme === 'cid' ? null : url.href, scheme, host, domain: host === '' ? '' : domainOf(host) };
}

function parse(url: string, base: string | null): URL | null {
  if (url === '') return null;
  // A port after a host without a scheme looks like a scheme: "example.com:8080".
  const scheme = SCHEME.exec(url)?.[1];
  if (scheme === undefined || /^[^:]+\.[^:]+:\d+(?:[/?#]|$)/.test(url)) {
    // A network share, which Windows opens and so hands out the user's credentials.
    if (url.startsWith('\\\\')) return parseAbsolute(`file:${url.replaceAll('\\', '/')}`);
    if (/^[/\\]{2}/.test(url)) return parseAbsolute(`https:${url}`);
    const relative = base === null ? null : parseAbsolute(url, base);
    if (relative !== null) return relative;
    return BARE_HOST.test(url) ? parseAbsolute(`http://${url}`) : null;
  }
  return parseAbsolute(url);
}

/** `new URL` without its exception. */
export function parseAbsolute(url: string, base?: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

function domainOf(host: string): string {
  if (host.startsWith('[') || /\.\d+$/.test(host) ? isIpAddress(host) : false) return '';
  return /^[a-z0-9.-]+$/.test(host)
    ? (getDomain(host, {
        allowPrivateDomains: true,
        extractHostname: false,
        validateHostname: false,
        detectIp: false,
      }) ?? '')
    : registrableDomain(host);
}
