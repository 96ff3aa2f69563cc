import assert from 'node:assert/strict';
import { makeHam } from '../../bench/ham/make-ham.js';
import { loadTexts } from '../../bench/ham/texts.js';
import { readMessage } from '../../src/mail/read-message.js';

describe('made legitimate mail', () => {
  const texts = loadTexts();

  it('is the same for the same seed, and another for another', () => {
    const [text] = texts;
    assert.ok(text !== undefined);
    assert.deepEqual(makeHam(text, 3), makeHam(text, 3));
    assert.notDeepEqual(makeHam(text, 3).raw, makeHam(text, 4).raw);
  });

  it('is well-formed, has its slots filled, and says something', async () => {
    for (const [index, text] of texts.entries()) {
      const message = await readMessage(makeHam(text, index).raw);
      assert.deepEqual(message.defects, [], `${text.source} ${text.language} ${text.subject}`);
      assert.doesNotMatch(`${message.subject} ${message.visible}`, /\{[a-z]+\}/i);
      assert.equal(message.identity.from.length, 1);
      assert.ok(message.visible.trim().length > 10);
    }
  });

  it('comes in more than fifty languages', () => {
    assert.ok(new Set(texts.map(({ language }) => language.slice(0, 2))).size > 50);
  });
});
