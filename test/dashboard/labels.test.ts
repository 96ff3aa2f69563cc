import assert from 'node:assert/strict';
import type * as LabelsModule from '../../src/dashboard/parts/labels.js';
import { load } from './load.js';

describe('dashboard: what a label is said to mean', () => {
  it('a safe message of a high score is not spoken of as one of a low score', async () => {
    const { labelSentence } = (await load('parts/labels.ts')) as typeof LabelsModule;
    assert.match(labelSentence('safe', 2), /adds up to danger/);
    assert.match(labelSentence('safe', 77), /second look/);
    assert.equal(labelSentence('phishing', 99), labelSentence('phishing', 89));
  });
});
