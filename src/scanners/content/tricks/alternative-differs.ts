import type { Scanner } from '../../scanner.js';
import { splitWords, wordsOf } from '../words.js';

const ENOUGH = 25;

/** The plain-text version tells another story than the one shown: it was written for filters. */
export const alternativeDiffers: Scanner = {
  layer: 'content',
  name: 'alternative-differs',
  scan(message) {
    if (message.html === '' || message.text === '') return { findings: [] };
    const shown = new Set(
      wordsOf(message)
        .visible.map(({ folded }) => folded)
        .filter((word) => word.length > 2),
    );
    const plain = new Set(
      splitWords(message.text.slice(0, 6_000).replace(/https?:\/\/\S+/g, ' '))
        .map(({ folded }) => folded)
        .filter((word) => word.length > 2),
    );
    if (shown.size < ENOUGH || plain.size < ENOUGH) return { findings: [] };
    let common = 0;
    for (const word of plain) if (shown.has(word)) common += 1;
    const share = common / Math.min(plain.size, shown.size);
    if (share > 0.3) return { findings: [] };
    const evidence = `only ${Math.round(share * 100)} % of the words of the plain-text version stand in the version shown`;
    return { findings: [{ id: 'content.alternative-differs', evidence, at: { kind: 'text', start: 0, end: 80 } }] };
  },
};
