import { hostLength } from './hosts-in-text.js';
import { isBareHostCode, isHostCode, isUrlCode, mayPrecede } from './url-characters.js';

/** A web address in running text. Offsets count UTF-16 code units. */
export interface TextLink {
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

const MAX_LENGTH = 1024 * 1024;
const MAX_HOST = 260;
const MAX_URL = 4096;
const SCHEME = /(?:https?|ftp)$/i;

/**
 * Finds the web addresses that mail programs turn into links: with a scheme, and bare ones whose last label is a known suffix. Linear:
 * looks left and right of every dot and `://`, never further than a host or an address may be long.
 */
export function findLinks(text: string, most = 1000): TextLink[] {
  const links: TextLink[] = [];
  const limit = Math.min(text.length, MAX_LENGTH);
  let done = 0;
  let dot = text.indexOf('.');
  let scheme = text.indexOf('://');
  while ((dot !== -1 || scheme !== -1) && links.length < most) {
    const withScheme = scheme !== -1 && (dot === -1 || scheme < dot);
    const at = withScheme ? scheme : dot;
    if (at >= limit) break;
    const link = withScheme ? withSchemeAt(text, at, done) : bareAt(text, at, done);
    if (link !== null) links.push(link);
    // What is no host from one of its dots is none from the others.
    done = link?.end ?? (withScheme ? done : runEnd(text, at));
    const next = Math.max(at + 1, done);
    if (dot !== -1 && dot < next) dot = text.indexOf('.', next);
    if (scheme !== -1 && scheme < next) scheme = text.indexOf('://', next);
  }
  return links;
}

/** `at` is the colon of `://`. */
function withSchemeAt(text: string, at: number, from: number): TextLink | null {
  const scheme = SCHEME.exec(text.slice(Math.max(from, at - 5), at))?.[0];
  if (scheme === undefined) return null;
  const start = at - scheme.length;
  if (start > from && !mayPrecede(text.charCodeAt(start - 1))) return null;
  let hostStart = at + 3;
  const userEnd = userInfoEnd(text, hostStart);
  if (userEnd !== -1) hostStart = userEnd;
  const hostEnd = hostWithScheme(text, hostStart);
  if (hostEnd === -1) return null;
  return linkFrom(text, start, hostEnd);
}

/** `user:password@` before the host: the oldest disguise of an address. */
function userInfoEnd(text: string, start: number): number {
  for (let at = start; at < text.length && at - start < MAX_HOST; at++) {
    const code = text.charCodeAt(at);
    if (code === 64) return at + 1;
    if (!isUrlCode(code) || code === 47 || code === 63 || code === 35) return -1;
  }
  return -1;
}

function hostWithScheme(text: string, start: number): number {
  let end = start;
  if (text[start] === '[') {
    const close = text.indexOf(']', start);
    return close === -1 || close - start > 50 ? -1 : close + 1;
  }
  while (end < text.length && end - start < MAX_HOST && isHostCode(text.charCodeAt(end))) end++;
  const run = text.slice(start, end);
  if (isNumericHost(run.replace(/\.$/, ''))) return run.endsWith('.') ? end - 1 : end;
  const length = hostLength(run, false);
  return length === 0 ? -1 : start + length;
}

/** `at` is a dot that may stand inside a bare host name. */
function bareAt(text: string, at: number, from: number): TextLink | null {
  if (at === from || !isBareHostCode(text.charCodeAt(at - 1)) || !isHostCode(text.charCodeAt(at + 1))) return null;
  let start = at;
  while (
    start > from &&
    at - start < MAX_HOST &&
    (isBareHostCode(text.charCodeAt(start - 1)) || text[start - 1] === '.')
  )
    start--;
  while (start < at && /[.-]/.test(text[start] ?? '')) start++;
  if (start > from && !mayPrecede(text.charCodeAt(start - 1))) return null;
  let end = at;
  while (end < text.length && end - start < MAX_HOST && isHostCode(text.charCodeAt(end))) end++;
  const length = hostLength(text.slice(start, end), true);
  if (length === 0) return null;
  const hostEnd = start + length;
  // The local part of an address: "first.last@example.com".
  if (/^[\w.+-]{0,64}@/.test(text.slice(hostEnd, hostEnd + 66))) return null;
  return linkFrom(text, start, hostEnd);
}

/** The end of the letters, digits and dots around `at`. */
function runEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && (text[end] === '.' || isBareHostCode(text.charCodeAt(end)))) end++;
  return end;
}

function linkFrom(text: string, start: number, hostEnd: number): TextLink | null {
  const port = /^:\d{1,5}(?!\d)/.exec(text.slice(hostEnd, hostEnd + 7))?.[0].length ?? 0;
  const pathStart = hostEnd + port;
  let end = pathStart;
  const next = text[pathStart];
  if (next === '/' || next === '?' || next === '#') {
    while (end < text.length && end - start < MAX_URL && isUrlCode(text.charCodeAt(end))) end++;
    end = withoutTrailing(text, pathStart, end);
  }
  return { url: text.slice(start, end), start, end };
}

/** Punctuation at the end belongs to the sentence; a closing bracket too, unless it was opened in the address. */
function withoutTrailing(text: string, start: number, end: number): number {
  let last = end;
  let open = 0;
  for (let at = start; at < end; at++) {
    const char = text[at];
    if (char === '(' || char === '[') open++;
    else if (char === ')' || char === ']') open--;
  }
  for (; last > start; last--) {
    const char = text[last - 1] ?? '';
    if (char === ')' || char === ']') {
      if (open >= 0) break;
      open++;
    } else if (!'.,;:!?\'*"~'.includes(char)) break;
  }
  return last;
}

/** An IPv4 address in any of the forms a browser reads: dotted, decimal, octal, hexadecimal. */
function isNumericHost(host: string): boolean {
  return (
    /^(?:0x[\da-f]{1,8}|\d{1,12})(?:\.(?:0x[\da-f]{1,8}|\d{1,12})){0,3}$/i.test(host) &&
    (host.includes('.') || host.length > 6)
  );
}
