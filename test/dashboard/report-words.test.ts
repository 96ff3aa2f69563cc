import assert from 'node:assert/strict';
import type * as WordsModule from '../../src/dashboard/reports/report-words.js';
import { load } from './load.js';

describe('dashboard: how many reports were not examined', () => {
  it('is said to the last one of a page, and that there are more', async () => {
    const { countOf } = (await load('reports/report-words.ts')) as typeof WordsModule;
    const items = Array.from({ length: 50 }, () => ({}) as Parameters<typeof countOf>[0]['items'][number]);
    assert.equal(countOf({ items: items.slice(0, 3), next_cursor: null }), '3');
    assert.equal(countOf({ items, next_cursor: null }), '50');
    assert.equal(countOf({ items, next_cursor: 'more' }), '50+');
  });
});
