import type { EvidencePlace, Message } from '../api/types.js';

export type PaneTab = 'rendered' | 'text' | 'route' | 'parts';

/** Where evidence is shown on the page. `field` is set when it stands in the head of the message. */
export interface ShownPlace {
  readonly tab: PaneTab | null;
  readonly field: string | null;
  /** As in "Show it in the headers". */
  readonly words: string;
}

/** Header fields that the head of the message shows. */
const HEAD_FIELDS = new Set(['from', 'sender', 'to', 'cc', 'reply-to', 'subject', 'date', 'return-path']);

/** Null where evidence has no place of its own. */
export function placeOf(at: EvidencePlace, message: Message): ShownPlace | null {
  switch (at.kind) {
    case 'header': {
      const name = message.headers[at.index]?.name.toLowerCase();
      if (name === undefined) return null;
      if (HEAD_FIELDS.has(name)) return { tab: null, field: name, words: 'the head of the message' };
      return { tab: 'route', field: null, words: 'the headers' };
    }
    case 'visible':
    case 'html':
      return { tab: 'rendered', field: null, words: 'the message' };
    case 'text':
      if (message.html === '') return { tab: 'rendered', field: null, words: 'the message' };
      return { tab: 'text', field: null, words: 'the text' };
    case 'link': {
      const inBody = message.links[at.index]?.at;
      if (inBody !== undefined && inBody.kind !== 'link') {
        const place = placeOf(inBody, message);
        if (place?.tab === 'rendered') return place;
      }
      return { tab: 'parts', field: null, words: 'the links' };
    }
    case 'attachment':
      return { tab: 'parts', field: null, words: 'the attachments' };
    case 'message':
      return null;
  }
}
