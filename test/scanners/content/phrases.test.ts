import assert from 'node:assert/strict';
import { quote } from '../../../src/scanners/content/phrases.js';

describe('quoted phrases', () => {
  it('say nothing twice, in whatever case, and keep the longer of two', () => {
    const found = ['24 hours', 'within 24 hours', 'Final notice', 'final notice', 'Act now', 'at once'];
    assert.equal(quote(found), '“within 24 hours”, “Final notice”, “Act now”');
  });

  it('are at most three', () => {
    assert.equal(quote(['one', 'two', 'three', 'four']), '“one”, “two”, “three”');
  });
});
