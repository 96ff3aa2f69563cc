import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Mathematical alphabets, enclosed and full-width Latin letters: 𝐏𝐚𝐲, Ⓟⓐⓨ, Ｐａｙ. */
const STYLED = /(?:[\u{1d400}-\u{1d7ff}]|[\u24b6-\u24e9]|[\uff21-\uff3a\uff41-\uff5a]|[\u{1f130}-\u{1f189}]){3,}/gu;

/** Words in decorative letters from symbol blocks look bold to people and are unreadable to plain filters. */
export const styledLetters: Scanner = {
  layer: 'content',
  name: 'styled-letters',
  scan(message) {
    const names = message.identity.from.map(({ name }) => name).join(' ');
    const inHeader = [...`${message.subject} ${names}`.matchAll(STYLED)];
    const inText = [...message.visible.slice(0, 50_000).matchAll(STYLED)];
    const first = inHeader[0] ?? inText[0];
    if (first === undefined) return { findings: [] };
    const at =
      inHeader.length > 0
        ? subjectPlace(message)
        : ({ kind: 'visible', start: first.index, end: first.index + first[0].length } as const);
    return {
      findings: [
        {
          id: 'content.styled-letters',
          evidence: `“${first[0]}” is written in symbols that only look like letters`,
          at,
          strength: inHeader.length > 0 ? 1 : Math.min(1, 0.5 + inText.length / 20),
        },
      ],
    };
  },
};
