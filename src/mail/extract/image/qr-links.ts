import type { FoundLink } from '../examine.js';

/** Schemes a phone's camera offers to open, and bare addresses, which it opens too. */
const OPENS = /^(?:https?|mailto|tel|sms|smsto|bitcoin|ethereum|upi|geo|intent|market|ftp):/i;
const BARE = /^(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:[/?#]\S*)?$/i;

/** What scanning these codes would open. A code that holds plain text is no link. */
export function qrLinks(contents: readonly string[]): FoundLink[] {
  return [...new Set(contents.map((content) => content.trim()))].flatMap((content): FoundLink[] => {
    if (OPENS.test(content)) return [{ url: content, origin: 'qr', text: '' }];
    return BARE.test(content) ? [{ url: `http://${content}`, origin: 'qr', text: content }] : [];
  });
}
