import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Zero-width characters between two letters of the Latin, Greek or Cyrillic alphabet, where no orthography uses them. */
const BETWEEN =
  /[A-Za-z\u00c0-\u04ff][\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+(?=[A-Za-z\u00c0-\u04ff])/g;
/** Soft hyphens and single joiners occur in honest type-setting; words riddled with them do not. */
const TOLERATED = 3;

/** Invisible characters inside words keep filters from reading what people read. */
export const invisibleCharacters: Scanner = {
  layer: 'content',
  name: 'invisible-characters',
  scan(message) {
    const inSubject = message.subject.match(BETWEEN)?.length ?? 0;
    const matches = [...message.visible.slice(0, 50_000).matchAll(BETWEEN)].filter(
      (match) => !/^.\u00ad+$/.test(match[0]),
    );
    if (inSubject === 0 && matches.length < TOLERATED) return { findings: [] };
    const first = matches[0];
    const at =
      inSubject > 0 || first === undefined
        ? subjectPlace(message)
        : ({ kind: 'visible', start: first.index, end: first.index + first[0].length + 1 } as const);
    const count = inSubject + matches.length;
    return {
      findings: [
        {
          id: 'content.invisible-characters',
          evidence: `${count} words have invisible characters inside${inSubject > 0 ? ', in the subject too' : ''}`,
          at,
          strength: Math.min(1, 0.4 + count / 20),
        },
      ],
    };
  },
};
