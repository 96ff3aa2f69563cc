import { strict as assert } from 'node:assert';
import { drawBar } from '../../src/cli/progress.js';

describe('progress bar', () => {
  it('says how far, how fast and how long', () => {
    assert.equal(
      drawBar(1234, 5000, 5, 80),
      '━━━━━━━━━━──────────────────────────────  1,234 of 5,000  247/s  16 s left',
    );
  });

  it('fits every terminal', () => {
    for (let columns = 1; columns < 120; columns++) {
      assert.ok(drawBar(99, 1_000_000, 3, columns).length <= columns, `${columns} columns`);
    }
  });

  it('is full at the end and stays sound when an mbox held more than one message', () => {
    assert.match(drawBar(10, 10, 1, 80), /^━{40} {2}10 of 10 {2}10\/s {2}0 s left$/);
    assert.match(drawBar(300, 2, 1, 80), /^━{40} {2}300 of 2/);
  });
});
