import { isUtf8 } from 'node:buffer';
import { domainToASCII } from 'node:url';

const MAX_UNESCAPES = 32;

/**
 * The canonical form that Safe Browsing and Web Risk hash (developers.google.com/safe-browsing/reference, "Canonicalization"): escapes
 * undone until none is left, host and path normalised, port, user and fragment dropped, escaped again. Null where there is no host, or
 * a scheme that is not looked up. Text counts as UTF-8.
 */
export function safeBrowsingUrl(url: string | Uint8Array): string | null {
  // Bytes as Latin-1 all the way: what unescaping brings out need not be UTF-8.
  const bytes = Buffer.from(typeof url === 'string' ? Buffer.from(url, 'utf8') : url).toString('latin1');
  const trimmed = bytes.replace(/^[\s\0]+|[\s\0]+$/g, '').replace(/[\t\r\n]/g, '');
  const hash = trimmed.indexOf('#');
  const plain = unescapeAll(hash === -1 ? trimmed : trimmed.slice(0, hash));
  const scheme = /^([a-z][a-z0-9+.-]*):(\/\/)?/i.exec(plain);
  const name = scheme?.[1]?.toLowerCase();
  if (name !== undefined && scheme?.[2] === undefined && !/^[a-z0-9.-]+:\d/i.test(plain)) return null;
  if (scheme?.[2] !== undefined && name !== 'http' && name !== 'https' && name !== 'ftp') return null;
  const rest = scheme?.[2] === undefined ? plain : plain.slice(scheme[0].length);
  const authorityEnd = rest.search(/[/?]/);
  const authority = authorityEnd === -1 ? rest : rest.slice(0, authorityEnd);
  const host = canonicalHost(authority.slice(authority.lastIndexOf('@') + 1));
  if (host === '') return null;
  const [path, query] = splitQuery(authorityEnd === -1 ? '' : rest.slice(authorityEnd));
  return `${scheme?.[2] === undefined ? 'http' : (name ?? 'http')}://${escape(host)}${escape(canonicalPath(path))}${query === '' ? '' : escape(query)}`;
}

/** An IPv4 address in any form a browser reads (decimal, octal, hexadecimal, fewer than four parts), dotted; null where it is none. */
export function parseIpv4(text: string): string | null {
  const [first = ''] = text.trim().split(' ');
  const parts = first.split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map(parseNumber);
  if (numbers.includes(null)) return null;
  let address = 0n;
  for (const [index, number] of numbers.entries()) {
    // The last part fills the bytes that are left; what does not fit is cut off, as inet_aton does.
    const bytes = index === numbers.length - 1 ? 4 - index : 1;
    address = (address << BigInt(bytes * 8)) | ((number ?? 0n) & ((1n << BigInt(bytes * 8)) - 1n));
  }
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function parseNumber(text: string): bigint | null {
  if (/^0x[\da-f]{1,16}$/i.test(text)) return BigInt(text);
  if (/^0[0-7]{1,16}$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^\d{1,16}$/.test(text) && !/^0\d/.test(text) ? BigInt(text) : null;
}

function unescapeAll(text: string): string {
  let current = text;
  for (let round = 0; round < MAX_UNESCAPES && current.includes('%'); round++) {
    const next = current.replace(/%([\da-f]{2})/gi, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)));
    if (next === current) break;
    current = next;
  }
  return current;
}

function canonicalHost(host: string): string {
  const bare = host
    .replace(/:\d*$/, '')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.+|\.+$/g, '');
  const ipv4 = /^[\da-fx.]+$/i.test(bare) ? parseIpv4(bare) : null;
  if (ipv4 !== null) return ipv4;
  const bytes = Buffer.from(bare, 'latin1');
  if (!/^[ -~]*$/.test(bare) && isUtf8(bytes)) {
    const ascii = domainToASCII(bytes.toString('utf8'));
    if (ascii !== '') return ascii;
  }
  return bare.toLowerCase();
}

function splitQuery(text: string): [string, string] {
  const mark = text.indexOf('?');
  if (mark === -1) return [text, ''];
  return [text.slice(0, mark), text.slice(mark)];
}

function canonicalPath(path: string): string {
  const segments: string[] = [];
  const parts = path.replace(/^\//, '').split('/');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..') segments.pop();
    else if (part !== '.' && (part !== '' || last)) segments.push(part);
    if (last && (part === '.' || part === '..')) segments.push('');
  }
  return `/${segments.join('/')}`;
}

function escape(text: string): string {
  return text.replace(
    /[\u0000-\u0020\u007f-\u00ff#%]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}
