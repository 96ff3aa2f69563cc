import type { Message } from '../../../mail/message.js';
import type { Finding, Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';
import { wordsOf, type Word } from '../words.js';

const LATIN = /[A-Za-z]/;
/** Cyrillic and Greek letters that look like Latin ones. A word of several scripts without them (5G-сеть, αTest) is no disguise. */
const LOOKALIKE = /[аеорсухіјѕһԁԝӏвкмнтАВЕКМНОРСТУХІЈЅαοντρυχικηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]/;
const OTHER = /[\u0370-\u04ff]/;

/** Words written with letters of two alphabets that look alike: people read a brand, filters read nothing they know. */
export const mixedScripts: Scanner = {
  layer: 'content',
  name: 'mixed-scripts',
  scan(message) {
    const words = wordsOf(message);
    const inSubject = disguised(words.subject, message.subject);
    const inText = disguised(words.visible, message.visible);
    const all = [...inSubject, ...inText];
    if (all.length === 0) return { findings: [] };
    return { findings: [finding(message, all, inSubject.length > 0)] };
  },
};

function disguised(words: readonly Word[], text: string): { written: string; word: Word }[] {
  if (!OTHER.test(text)) return [];
  return words.flatMap((word) => {
    const written = text.slice(word.start, word.end);
    if (!OTHER.test(written)) return [];
    const latin = written.match(/[A-Za-z]/g)?.length ?? 0;
    return LATIN.test(written) && latin >= 2 && LOOKALIKE.test(written) ? [{ written, word }] : [];
  });
}

function finding(message: Message, all: { written: string; word: Word }[], subject: boolean): Finding {
  const examples = [...new Set(all.map(({ written }) => written))].slice(0, 3);
  const first = all[0]?.word;
  return {
    id: 'content.mixed-scripts',
    evidence: `${all.length} ${all.length === 1 ? 'word mixes' : 'words mix'} alphabets: ${examples.join(', ')}`,
    at:
      subject || first === undefined ? subjectPlace(message) : { kind: 'visible', start: first.start, end: first.end },
    strength: Math.min(1, 0.4 + all.length / 10),
  };
}
