import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { cut, cutFront, harmless, textWidth, wrap } from '../../../src/cli/report/text-width.js';

describe('text on a terminal', () => {
  it('counts columns, not characters', () => {
    assert.equal(textWidth('abc'), 3);
    assert.equal(textWidth('日本語'), 6);
    assert.equal(textWidth('👩‍👩‍👧'), 2);
    assert.equal(textWidth('e\u0301'), 1);
    assert.equal(textWidth('\u200b'), 0);
  });

  it('is cut with an ellipsis, at the end or at the front', () => {
    assert.equal(cut('short', 5), 'short');
    assert.equal(cut('too long', 5), 'too …');
    assert.equal(cut('日本語', 4), '日…');
    assert.equal(cutFront('/very/long/path/a.eml', 9), '…th/a.eml');
    assert.equal(cutFront('a.eml', 9), 'a.eml');
  });

  it('never becomes wider than asked for', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (value, columns) => {
        assert.ok(textWidth(cut(value, columns)) <= columns);
        assert.ok(textWidth(cutFront(value, columns)) <= columns);
        for (const line of wrap(value, columns)) assert.ok(textWidth(line) <= columns, JSON.stringify(line));
        assert.ok(wrap(value, columns, 2).length <= 2);
      }),
    );
  });

  it('loses nothing but spaces when it is wrapped', () => {
    const text = 'Shows paypal.com and opens https://secure-pay.example/a/very/long/path?with=parameters&and=more here';
    assert.equal(wrap(text, 20).join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
  });

  it('keeps no control characters and no direction marks', () => {
    const evil = 'a\u001b]0;title\u0007b\r\nc\u202egnp.exe\u009b2J';
    assert.doesNotMatch(harmless(evil), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    assert.equal(harmless('two\r\nlines'), 'two lines');
  });
});
