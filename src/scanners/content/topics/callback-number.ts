import type { Scanner } from '../../scanner.js';
import { quote, topicsOf } from '../phrases.js';

/** A number of ten digits or more in groups, as they are written to be dialled; letters that stand for digits included. */
const PHONE =
  /(?:\+\s?\d{1,3}[\s.\-–]{0,2})?[([{]?\s?[\dOoIl]{3,4}\s?[)\]}]?[\s.\-–_]{1,3}[\dOoIl]{3}[\s.\-–_]{1,3}[\dOoIl]{3,4}(?![\d-])/g;

/** A charge nobody ordered, and a number to call about it: the attack happens on the telephone, so there is no link to judge. */
export const callbackNumber: Scanner = {
  layer: 'content',
  name: 'callback-number',
  scan(message) {
    const found = topicsOf(message);
    const call = found.get('call-this-number');
    const charge = found.get('unexpected-invoice');
    if (call === undefined || (charge === undefined && call.quotes.length < 2)) return { findings: [] };
    for (const match of message.visible.slice(0, 20_000).matchAll(PHONE)) {
      if ((match[0].match(/\d/g) ?? []).length < 8) continue;
      const at = { kind: 'visible', start: match.index, end: match.index + match[0].length } as const;
      const said = quote([...(charge?.quotes ?? []), ...call.quotes]);
      return {
        findings: [
          { id: 'content.callback-number', evidence: `says ${said} and gives the number ${match[0].trim()}`, at },
        ],
      };
    }
    return { findings: [] };
  },
};
