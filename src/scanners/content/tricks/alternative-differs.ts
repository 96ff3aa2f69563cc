import type { Scanner } from '../../scanner.js';
import { splitWords, wordsOf } from '../words.js';

const ENOUGH = 25;
/** Versions that share more than this of their words tell the same. */
const SAME = 0.3;

/** The plain-text version tells another story than the one shown: it was written for filters. */
export const alternativeDiffers: Scanner = {
  layer: 'content',
  name: 'alternative-differs',
  scan(message) {
    if (message.html === '' || message.text === '') return { findings: [] };
    const shown = new Set<string>();
    for (const { folded } of wordsOf(message).visible) if (folded.length > 2) shown.add(folded);
    if (shown.size < ENOUGH) return { findings: [] };
    const plain = new Set<string>();
    let common = 0;
    for (const { folded } of splitWords(message.text.slice(0, 6_000).replace(/https?:\/\/\S+/g, ' '))) {
      if (folded.length <= 2 || plain.has(folded)) continue;
      plain.add(folded);
      if (shown.has(folded)) common += 1;
      // However the text goes on, the share will not be less.
      if (common / shown.size > SAME) return { findings: [] };
    }
    if (plain.size < ENOUGH) return { findings: [] };
    const share = common / Math.min(plain.size, shown.size);
    if (share > SAME) return { findings: [] };
    const evidence = `only ${Math.round(share * 100)} % of the words of the plain-text version stand in the version shown`;
    return { findings: [{ id: 'content.alternative-differs', evidence, at: { kind: 'text', start: 0, end: 80 } }] };
  },
};
