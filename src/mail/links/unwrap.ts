import { parseAbsolute } from './canonical.js';

/** What is left when the wrappers are off. */
export interface Unwrapped {
  readonly url: URL;
  /** Outermost first. */
  readonly wrappers: readonly string[];
}

interface Wrapper {
  readonly name: string;
  /** The wrapped address, or null where this URL does not tell it. */
  readonly unwrap: (url: URL) => string | null;
}

const MAX_LAYERS = 8;

/** The address stands in a query parameter, percent-encoded. */
function inQuery(name: string, parameter: string, path?: RegExp): Wrapper {
  return {
    name,
    unwrap: (url) => (path === undefined || path.test(url.pathname) ? url.searchParams.get(parameter) : null),
  };
}

/** The address is what the pattern's group matches in the path, percent-encoded or not. */
function inPath(name: string, pattern: RegExp): Wrapper {
  return {
    name,
    unwrap(url) {
      const target = pattern.exec(url.pathname + url.search)?.[1];
      return target === undefined ? null : safeDecode(target);
    },
  };
}

const PROOFPOINT: readonly Wrapper[] = [
  inQuery('proofpoint-v1', 'u', /^\/v1\//),
  {
    name: 'proofpoint-v2',
    unwrap: (url) => (url.pathname.startsWith('/v2/') ? proofpoint2(url.searchParams.get('u')) : null),
  },
  { name: 'proofpoint-v3', unwrap: (url) => (url.pathname.startsWith('/v3/') ? proofpoint3(url) : null) },
];
const CHECK_POINT = inPath('check-point', /^\/v[12]\/(?:r\d\d\/)?_{2,3}(.+?)_{2,3}\./);
const SAFE_LINKS = inQuery('safelinks', 'url');
const TREND_MICRO = inQuery('trend-micro', 'url', /^\/wis\/clicktime\//);
const GOOGLE: readonly Wrapper[] = [
  inQuery('google-redirect', 'q', /^\/url$/),
  inQuery('google-redirect', 'url', /^\/url$/),
  {
    name: 'google-amp',
    unwrap: (url) => /^\/amp\/s\/(.+)$/.exec(url.pathname + url.search)?.[1]?.replace(/^/, 'https://') ?? null,
  },
];

/**
 * Wrappers that carry their target, by the domain they stand on or below. Opaque ones (Mimecast, Symantec's newer ones) cannot be taken
 * off without asking their server, so they stay.
 */
const WRAPPERS: ReadonlyMap<string, readonly Wrapper[]> = new Map<string, readonly Wrapper[]>([
  ['safelinks.protection.outlook.com', [SAFE_LINKS]],
  ['safelinks.protection.office365.us', [SAFE_LINKS]],
  ['safelinks.protection.partner.outlook.cn', [SAFE_LINKS]],
  ['statics.teams.cdn.office.net', [inQuery('safelinks', 'url', /^\/evergreen-assets\/safelinks\//)]],
  ['urldefense.proofpoint.com', PROOFPOINT],
  ['urldefense.com', PROOFPOINT],
  ['urldefense.us', PROOFPOINT],
  ['linkprotect.cudasvc.com', [inQuery('barracuda', 'a')]],
  ['secure-web.cisco.com', [inPath('cisco', /^\/[^/]+\/(.+)$/)]],
  ['trendmicro.com', [TREND_MICRO]],
  ['trendmicro.eu', [TREND_MICRO]],
  ['fireeye.com', [inQuery('fireeye', 'u', /^\/(?:v1\/)?url$/)]],
  ['protection.sophos.com', [{ name: 'sophos', unwrap: (url) => base64(url.searchParams.get('u')) }]],
  ['avanan.click', [CHECK_POINT]],
  ['protect.checkpoint.com', [CHECK_POINT]],
  ['clicktime.symantec.com', [inQuery('symantec', 'u')]],
  ['clicktime.cloud.postoffice.net', [inQuery('post-office', 'U')]],
  ['link.edgepilot.com', [inQuery('edgepilot', 'u', /^\/s\//)]],
  ['awstrack.me', [inPath('amazon-ses', /^\/L0\/(https?:.+?)(?:\/\d+\/[\da-f-]{20,}|$)/i)]],
  ['facebook.com', [inQuery('facebook-redirect', 'u', /^\/(?:l\.php|flx\/warn\/?)$/)]],
  ['linkedin.com', [inQuery('linkedin-redirect', 'url', /^\/(?:redir\/redirect|safety\/go)\/?$/)]],
  ['youtube.com', [inQuery('youtube-redirect', 'q', /^\/redirect$/)]],
  ['slack-redir.net', [inQuery('slack-redirect', 'url', /^\/link$/)]],
]);

function wrappersOf(host: string): readonly Wrapper[] {
  if (/^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/.test(host)) return GOOGLE;
  for (let at = 0; at !== -1; at = host.indexOf('.', at) === -1 ? -1 : host.indexOf('.', at) + 1) {
    const found = WRAPPERS.get(at === 0 ? host : host.slice(at));
    if (found !== undefined) return found;
  }
  return [];
}

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
  for (const wrapper of wrappersOf(url.hostname)) {
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
  const characters = Array.from(Buffer.from(encoded, 'base64url').toString('utf8'));
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

function base64(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, 'base64').toString('utf8');
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
