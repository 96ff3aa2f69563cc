import type { Scanner } from '../../scanner.js';

const FEW = 25;
const NONE = 60;

/** All the message is a picture or a bare link: nothing for a filter to read, one thing for a person to click. */
export const hardlyAnyText: Scanner = {
  layer: 'content',
  name: 'hardly-any-text',
  scan(message) {
    const text = message.visible.replace(/https?:\/\/\S+|[\s\u00a0\u200b-\u200f\u034f\u00ad\ufeff]+/g, '');
    const clickable = message.links.findIndex((link) => /^https?$/.test(link.scheme) && link.origin !== 'html-image');
    const pictures = (message.document?.images ?? []).filter(
      (image) => image.src !== '' && !((image.width ?? 100) <= 2 || (image.height ?? 100) <= 2),
    );
    if (clickable < 0) return { findings: [] };
    const at = { kind: 'link', index: clickable } as const;
    if (pictures.length > 0 && text.length < NONE) {
      const evidence = `${pictures.length === 1 ? 'one picture' : `${pictures.length} pictures`} to click and ${text.length} letters of text`;
      return { findings: [{ id: 'content.image-only', evidence, at }] };
    }
    if (text.length >= FEW) return { findings: [] };
    const evidence = `a link and ${text.length === 0 ? 'no text' : `only “${message.visible.trim().slice(0, 60)}”`}`;
    return { findings: [{ id: 'content.link-only', evidence, at }] };
  },
};
