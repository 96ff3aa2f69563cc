import type { Scanner } from '../../scanner.js';

const FEW = 25;
const NONE = 60;

/** All the message is a picture or a bare link: nothing for a filter to read, one thing for a person to click. */
export const hardlyAnyText: Scanner = {
  layer: 'content',
  name: 'hardly-any-text',
  scan(message) {
    const clickable = message.links.findIndex((link) => /^https?$/.test(link.scheme) && link.origin !== 'html-image');
    if (clickable < 0) return { findings: [] };
    const letters = lettersOf(message.visible);
    if (letters >= NONE) return { findings: [] };
    const pictures = (message.document?.images ?? []).filter(
      (image) => image.src !== '' && !((image.width ?? 100) <= 2 || (image.height ?? 100) <= 2),
    );
    const at = { kind: 'link', index: clickable } as const;
    if (pictures.length > 0) {
      const evidence = `${pictures.length === 1 ? 'one picture' : `${pictures.length} pictures`} to click and ${letters} letters of text`;
      return { findings: [{ id: 'content.image-only', evidence, at }] };
    }
    if (letters >= FEW) return { findings: [] };
    const evidence = `a link and ${letters === 0 ? 'no text' : `only “${message.visible.trim().slice(0, 60)}”`}`;
    return { findings: [{ id: 'content.link-only', evidence, at }] };
  },
};

/** How many characters are neither white nor part of an address; from NONE on nobody asks. */
function lettersOf(text: string): number {
  let letters = 0;
  let from = 0;
  for (const { 0: match, index } of text.matchAll(/https?:\/\/\S+|[\s\u00a0\u200b-\u200f\u034f\u00ad\ufeff]+/g)) {
    letters += index - from;
    from = index + match.length;
    if (letters >= NONE) return letters;
  }
  return letters + text.length - from;
}
