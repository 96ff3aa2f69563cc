import type { Scanner } from '../../scanner.js';

/** Preheaders of newsletters are hidden too; beyond this length it is filler for filters. */
const PREHEADER = 250;

/** Text the reader never sees, there to make filters see another message. */
export const hiddenText: Scanner = {
  layer: 'content',
  name: 'hidden-text',
  scan(message) {
    const { document, visible } = message;
    if (document === null) return { findings: [] };
    const hidden = document.hidden
      .replace(/[\s\u00a0\u00ad\u034f\u200b-\u200f\u2007\u2060-\u206f\ufeff]+/g, ' ')
      .trim();
    if (hidden.length < PREHEADER) return { findings: [] };
    const share = hidden.length / (hidden.length + visible.length);
    const strength = Math.min(1, 0.3 + share);
    const how = document.hiddenBy.join(', ');
    const start = hidden.slice(0, 80);
    return {
      findings: [
        {
          id: 'content.hidden-text',
          evidence: `${hidden.length} characters are hidden${how === '' ? '' : ` by ${how}`}, beginning “${start}”`,
          at: { kind: 'message' },
          strength,
        },
      ],
    };
  },
};
