import type { FoundLink } from './examine.js';

const URLS = /\bhttps?:\/\/[^\s"'<>\\^`{|}\x00-\x1f\x7f-\xff]{4,2000}/gi;
const MOST = 100;

/**
 * Web addresses that stand in binary documents as 8-bit or UTF-16 text. Namespaces and schema addresses, which every Office file is
 * full of and nobody can click, are left out.
 */
export function linksInBytes(bytes: Buffer, origin: FoundLink['origin']): FoundLink[] {
  const urls = new Set<string>();
  for (const text of [bytes.toString('latin1'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')]) {
    for (const [url] of text.matchAll(URLS)) {
      if (urls.size >= MOST) break;
      const clean = url.replace(/[^\x21-\x7e].*$/s, '').replace(/[).,;:!?\]]+$/, '');
      if (!BOILERPLATE.test(clean)) urls.add(clean);
    }
  }
  return [...urls].map((url) => ({ url, origin, text: '' }));
}

const BOILERPLATE =
  /^https?:\/\/(?:schemas\.(?:openxmlformats|microsoft)|www\.w3|purl|ns\.adobe|schemas\.xmlsoap|www\.iec|iptc)\./i;
