import { isPublicUrl } from './public-url.js';

/** Anything like an e-mail address. */
const ADDRESS = /[^\s@/?&=#;,:<>"']{1,64}@[^\s@/?&=#;,:<>"']{1,253}\.[a-z]{2,}/i;
/** Long enough in base64 to hold the shortest address. */
const ENCODED = /[A-Za-z0-9+/_-]{8,}/g;
const MOST_CHARACTERS = 2000;
/** Beyond this an address is not even looked through. */
const ABSURD_CHARACTERS = 16_000;

/**
 * An address as it may be named to others: without user, password and fragment, and cut before the part that holds somebody's e-mail
 * address, plain, escaped or in base64. Null where nothing is left to ask about, or it belongs to an inner network.
 */
export function shareableUrl(href: string): string | null {
  if (href.length > ABSURD_CHARACTERS || !isPublicUrl(href)) return null;
  const url = new URL(href);
  url.username = '';
  url.password = '';
  url.hash = '';
  if (namesSomebody(url.search)) url.search = '';
  if (namesSomebody(url.pathname)) [url.pathname, url.search] = ['/', ''];
  if (namesSomebody(url.hostname) || url.href.length > MOST_CHARACTERS) return null;
  return url.href;
}

function namesSomebody(part: string): boolean {
  const plain = unescaped(part);
  if (ADDRESS.test(plain)) return true;
  return [...plain.matchAll(ENCODED)].some(([token]) => holdsAddress(token));
}

/** An encoded address may start at any of four letters where something stands before it. */
function holdsAddress(token: string): boolean {
  return [0, 1, 2, 3].some((start) => ADDRESS.test(Buffer.from(token.slice(start), 'base64').toString('latin1')));
}

/** Escapes may be nested. */
function unescaped(text: string): string {
  let plain = text;
  for (let round = 0; round < 4 && plain.includes('%'); round++) {
    plain = plain.replace(/%([\da-f]{2})/gi, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)));
  }
  return plain;
}
