import type { FindingEntry } from '../catalogue.js';

/** What the headers layer can report. */
export const HEADERS_FINDINGS = {
  'headers.sender-allowed': {
    title: 'Your organisation trusts this sender',
    meaning: 'The sender is on the allow list and the message provably comes from them.',
    advice: 'Nothing to do.',
    category: null,
  },
  'headers.sender-blocked': {
    title: 'Your organisation has blocked this sender',
    meaning: 'The sender is on the block list, whatever the message says.',
    advice: 'Delete the message. Ask your administrator if you were waiting for it.',
    category: 'spam',
  },
} as const satisfies Record<`headers.${string}`, FindingEntry>;
