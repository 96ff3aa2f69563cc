import { findLinks } from '../links/find-links.js';
import type { FoundLink } from './examine.js';

/**
 * Addresses written out in a file's text, each once. Bare names count only with 'www.': files are full of words like README.md, which
 * no reader makes a link of.
 */
export function linksInText(text: string, origin: FoundLink['origin'], most: number): FoundLink[] {
  const urls = new Set<string>();
  for (const { url } of findLinks(text, most * 4)) {
    if (urls.size >= most) break;
    if (/^(?:https?:|ftp:|www\.)/i.test(url)) urls.add(/^www\./i.test(url) ? `http://${url}` : url);
  }
  return [...urls].map((url) => ({ url, origin, text: '' }));
}
