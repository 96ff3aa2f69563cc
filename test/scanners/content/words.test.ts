import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitWords } from '../../../src/scanners/content/words.js';

const folded = (text: string): string[] => splitWords(text).map((word) => word.folded);

describe('words of a text', () => {
  it('are the same with accents, capitals, full-width and styled letters', () => {
    assert.deepEqual(folded('Überprüfung ＰａｙＰａｌ 𝐏𝐚𝐲 Łódź straße'), [
      'uberprufung',
      'paypal',
      'pay',
      'lodz',
      'strasse',
    ]);
  });

  it('are not broken by invisible characters', () => {
    assert.deepEqual(folded('pass\u200bword veri\u00adfy a\u034fccount'), ['password', 'verify', 'account']);
  });

  it('show what a word of mixed alphabets imitates, and leave whole Cyrillic words alone', () => {
    assert.deepEqual(folded('\u0420\u0430yP\u0430l мой'), ['paypal', 'мои']);
  });

  it('are single characters where a script is written without spaces', () => {
    assert.deepEqual(folded('24時間以内'), ['24', '時', '間', '以', '内']);
  });

  it('leave emoji out and keep the words around them', () => {
    assert.deepEqual(folded('🎁win🎁now'), ['win', 'now']);
  });

  it('stand where they say they stand, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let last = 0;
        for (const { start, end } of splitWords(text)) {
          assert.ok(start >= last && end > start && end <= text.length);
          last = end;
        }
      }),
    );
  });
});
