import assert from 'node:assert/strict';
import type * as FormatModule from '../../src/dashboard/parts/format.js';
import { load } from './load.js';

describe('dashboard: how numbers and words are shown', () => {
  let format: typeof FormatModule;
  before(async () => {
    format = (await load('parts/format.ts')) as typeof FormatModule;
  });

  it('never shows a score as a certainty', () => {
    assert.deepEqual([0, 0.2, 1, 4.4, 99, 99.6, 100].map(format.score), ['<1', '<1', '1', '4', '99', '>99', '>99']);
  });

  it('gives points their sign', () => {
    assert.deepEqual([38.2, 9.44, -1.4].map(format.points), ['+38', '+9.4', '−1.4']);
  });

  it('is as exact about a moment as helps', () => {
    const now = new Date(2026, 10, 23, 15, 0);
    const ago = (minutes: number): string =>
      format.recently(new Date(now.getTime() - minutes * 60_000).toISOString(), now);
    assert.equal(ago(0.5), 'just now');
    assert.equal(ago(5.5), '5 min ago');
    assert.equal(ago(120), '13:00');
    assert.equal(ago(60 * 24), 'Sun 22 Nov');
    assert.equal(ago(60 * 24 * 400), '19 Oct 2025');
  });

  it('begins sentences with a capital but leaves names and addresses as they are', () => {
    assert.equal(format.sentence('shows paypal.com, opens x.example'), 'Shows paypal.com, opens x.example');
    assert.equal(format.sentence('x@evil.example names X'), 'x@evil.example names X');
    assert.equal(format.sentence('goo.gl hides where it leads'), 'goo.gl hides where it leads');
  });

  it('counts in words', () => {
    assert.deepEqual(
      [1, 2, 1200].map((many) => format.count(many, 'message')),
      ['1 message', '2 messages', '1,200 messages'],
    );
    assert.deepEqual([1, 999, 3254, 48_211, 5_400_000].map(format.bytes), [
      '1 byte',
      '999 bytes',
      '3.3 kB',
      '48 kB',
      '5.4 MB',
    ]);
  });
});
