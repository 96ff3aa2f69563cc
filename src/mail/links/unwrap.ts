import { parseAbsolute } from './canonical.js';

/** What is left when the wrappers are off. */
export interface Unwrapped {
  readonly url: URL;
  /** Outermost first. */
  readonly wrappers: readonly string[];
}

interface Wrapper {
  readonly name: string;
  /** The wrapped address, or null where this URL is not this wrapper's or does not tell. */
  readonly unwrap: (url: URL) => string | null;
}

const MAX_LAYERS = 8;

const isHost = (url: URL, domain: string): boolean => url.hostname === domain || url.hostname.endsWith(`.${domain}`);

/** One that carries the address, percent-encoded, in a query parameter. */
function inQuery(name: string, domain: string, parameter: string, path?: RegExp): Wrapper {
  return {
    name,
    unwrap: (url) =>
      isHost(url, domain) && (path === undefined || path.test(url.pathname)) ? url.searchParams.get(parameter) : null,
  };
}

/**
 * Wrappers that carry their target. Opaque ones (Mimecast's protect-xx.mimecast.com, Symantec's clicktime) cannot be taken off without
 * asking their server, so they stay.
 */
const WRAPPERS: readonly Wrapper[] = [
  inQuery('safelinks', 'safelinks.protection.outlook.com', 'url'),
  inQuery('safelinks', 'safelinks.protection.office365.us', 'url'),
  inQuery('safelinks', 'safelinks.protection.partner.outlook.cn', 'url'),
  inQuery('safelinks-teams', 'statics.teams.cdn.office.net', 'url', /^\/evergreen-assets\/safelinks\//),
  { name: 'proofpoint-v1', unwrap: (url) => (isProofpoint(url, '/v1/') ? url.searchParams.get('u') : null) },
  {
    name: 'proofpoint-v2',
    unwrap: (url) => (isProofpoint(url, '/v2/') ? proofpoint2(url.searchParams.get('u')) : null),
  },
  { name: 'proofpoint-v3', unwrap: (url) => (isProofpoint(url, '/v3/') ? proofpoint3(url) : null) },
  inQuery('barracuda', 'linkprotect.cudasvc.com', 'a'),
  inQuery('barracuda', 'linkprotect.cudasvc.com', 'url'),
  { name: 'cisco', unwrap: (url) => (url.hostname === 'secure-web.cisco.com' ? inPath(url, /^\/[^/]+\/(.+)$/) : null) },
  inQuery('trend-micro', 'trendmicro.com', 'url', /^\/wis\/clicktime\//),
  inQuery('trend-micro', 'trendmicro.eu', 'url', /^\/wis\/clicktime\//),
  inQuery('fireeye', 'fireeye.com', 'u'),
  inQuery('trellix', 'trellix.com', 'u'),
  inQuery('sophos', 'protection.sophos.com', 'd'),
  inQuery('mimecast', 'mimecastprotect.com', 'url'),
  inQuery('avanan', 'avanan.click', 'url'),
  {
    name: 'avanan',
    unwrap: (url) => (isHost(url, 'avanan.click') ? inPath(url, /^\/v[12]\/_{2,3}(.+?)_{2,3}\./) : null),
  },
  {
    name: 'checkpoint',
    unwrap: (url) =>
      isHost(url, 'checkpoint.com') ? inPath(url, /^\/v[12]\/(?:r0[0-9]\/)?_{2,3}(.+?)_{2,3}\./) : null,
  },
  inQuery('intermedia', 'serverdata.net', 'u'),
  inQuery('edgepilot', 'edgepilot.com', 'u', /^\/s\//),
  {
    name: 'google-redirect',
    unwrap: (url) =>
      isGoogle(url) && url.pathname === '/url' ? (url.searchParams.get('q') ?? url.searchParams.get('url')) : null,
  },
  inQuery('facebook-redirect', 'facebook.com', 'u', /^\/(?:l|flx\/warn)\.?/),
  inQuery('linkedin-redirect', 'linkedin.com', 'url', /^\/(?:redir|safety)\//),
  inQuery('youtube-redirect', 'youtube.com', 'q', /^\/redirect$/),
  inQuery('slack-redirect', 'slack-redir.net', 'url', /^\/link$/),
];

/** Takes known wrappers off, nested ones too. */
export function unwrap(url: URL): Unwrapped {
  const wrappers: string[] = [];
  let current = url;
  while (wrappers.length < MAX_LAYERS) {
    const next = unwrapOnce(current);
    if (next === null) break;
    wrappers.push(next.name);
    current = next.url;
  }
  return { url: current, wrappers };
}

function unwrapOnce(url: URL): { name: string; url: URL } | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.search === '' && url.pathname.length < 8) return null;
  for (const wrapper of WRAPPERS) {
    const inner = wrapper.unwrap(url);
    if (inner === null) continue;
    const target = parseTarget(inner);
    if (target !== null) return { name: wrapper.name, url: target };
  }
  return null;
}

/** Only web addresses: anything else inside a wrapper is no wrapped link. */
function parseTarget(text: string): URL | null {
  const target = parseAbsolute(/^https?%3a/i.test(text) ? safeDecode(text) : text.trim());
  return target !== null && (target.protocol === 'http:' || target.protocol === 'https:') ? target : null;
}

function isProofpoint(url: URL, path: string): boolean {
  return (
    (isHost(url, 'urldefense.proofpoint.com') || isHost(url, 'urldefense.com') || isHost(url, 'urldefense.us')) &&
    url.pathname.startsWith(path)
  );
}

function isGoogle(url: URL): boolean {
  return /^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/.test(url.hostname);
}

/** Version 2 writes '-' for '%' and '_' for '/'. */
function proofpoint2(target: string | null): string | null {
  return target === null ? null : safeDecode(target.replaceAll('-', '%').replaceAll('_', '/'));
}

/**
 * Version 3: `/v3/__URL__;BASE64!…`. Each '*' of the URL stands for the next byte of the base64 part, '**X' for as many of them as the
 * letter X counts (from 'A', which is 2).
 */
function proofpoint3(url: URL): string | null {
  const match = /^\/v3\/__(.+?)__;([A-Za-z0-9_-]*=*)!/.exec(url.pathname + url.search + url.hash);
  if (match === null) return null;
  const [, target = '', encoded = ''] = match;
  const characters = [...Buffer.from(encoded, 'base64url').toString('utf8')];
  let at = 0;
  const restored = target.replace(/\*(\*.)?/g, (_, run: string | undefined) => {
    if (run === undefined) return characters[at++] ?? '*';
    const count = RUN_LENGTHS.indexOf(run[1] ?? '') + 2;
    at += count;
    return characters.slice(at - count, at).join('');
  });
  // Some mail systems collapse the two slashes of the wrapped scheme.
  return restored.replace(/^(https?):\/(?!\/)/i, '$1://');
}

const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function inPath(url: URL, pattern: RegExp): string | null {
  const match = pattern.exec(url.pathname + url.search);
  return match?.[1] === undefined ? null : safeDecode(match[1]);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
