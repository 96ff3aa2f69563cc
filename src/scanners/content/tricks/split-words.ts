import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Single letters in a row with spaces, dots or the like between: "P a y P a l", "v.e.r.i.f.y". */
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ .\-_*·]{1,2}){4,}\p{L}(?![\p{L}\p{N}])/gu;
/** A small l, a capital I, 1 or 0 in the place of another letter: "WlN", "lRS", "Amaz0n", "PayPaI". */
const SWAPPED =
  /(?<![\p{L}\p{N}])(?:[A-Z]+l[A-Z]+|l[A-Z]{2,}|[A-Z]?[a-z]{2,}[01][a-z]{1,}|[A-Z][a-z]{2,}I[a-z]*|[A-Z]{2,}0[A-Z]+)(?![\p{L}\p{N}@])/gu;
/** Codes and model names look alike once in a while. */
const TOLERATED_IN_TEXT = 2;

/** Spelling made to be read by people and missed by filters. */
export const splitWords: Scanner = {
  layer: 'content',
  name: 'split-words',
  async scan(message) {
    const names = message.identity.from.map(({ name }) => name).join(' ');
    const inHeader = find(`${message.subject} ${names}`);
    const inText = find(
      message.visible
        .slice(0, 12_000)
        .replace(/\S+/g, (piece) => (/[/@]|\.\w/.test(piece) ? ' '.repeat(piece.length) : piece)),
    );
    if (inHeader.length === 0 && inText.length <= TOLERATED_IN_TEXT) return { findings: [] };
    const first = inHeader[0] ?? inText[0];
    if (first === undefined) return { findings: [] };
    const at =
      inHeader.length > 0
        ? subjectPlace(message)
        : ({ kind: 'visible', start: first.index, end: first.index + first.text.length } as const);
    return {
      findings: [
        {
          id: 'content.split-words',
          evidence: `writes “${first.text}” so that filters do not see the word`,
          at,
          strength: Math.min(1, 0.5 + (inHeader.length + inText.length) / 8),
        },
      ],
    };
  },
};

function find(text: string): { text: string; index: number }[] {
  return [...text.matchAll(SPACED), ...text.matchAll(SWAPPED)].map((match) => ({ text: match[0], index: match.index }));
}
