import type { Attachment, DefectKind, Message } from '../mail/message.js';
import type { Layer } from './scanner.js';

/** Parts of a message that no layer ever saw, under the layer that would have judged them. Someone who hides something makes them so. */
const UNREAD: Partial<Record<DefectKind, { readonly layer: Layer; readonly reason: string }>> = {
  'nesting-too-deep': {
    layer: 'content',
    reason: 'parts lie inside each other so deep that the innermost were not read',
  },
  'too-many-parts': { layer: 'content', reason: 'the message has so many parts that the last were not read' },
  'html-truncated': { layer: 'content', reason: 'the page is so long that its end was not read' },
  'body-truncated': { layer: 'content', reason: 'the text is so long that its end was not read' },
  'too-many-links': { layer: 'urls', reason: 'the message has so many links that the last were not examined' },
  'too-many-attachments': {
    layer: 'attachments',
    reason: 'so many files are attached that the last were not examined',
  },
};
const ARCHIVE = 'an archive holds so many files, or so deep inside each other, that the last were not examined';

/** Why a layer cannot answer for the whole message; null where it saw everything of it. Looks into messages inside, too. */
export function unreadBy(layer: Layer, message: Message): string | null {
  const reasons = new Set<string>();
  const waiting = [message];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    waiting.push(...next.nested);
    for (const { kind } of next.defects) {
      const unread = UNREAD[kind];
      if (unread?.layer === layer) reasons.add(unread.reason);
    }
    if (layer === 'attachments' && next.attachments.some(holdsMore)) reasons.add(ARCHIVE);
  }
  return reasons.size === 0 ? null : [...reasons].join('; ');
}

/** 7z packs the list of its files itself, so that none can be read: that is how the format is, not a trick. */
function holdsMore({ archive }: Attachment): boolean {
  return archive?.truncated === true && archive.format !== '7z';
}
