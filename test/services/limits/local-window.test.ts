import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LocalWindow } from '../../../src/services/limits/local-window.js';

describe('a limit of one process', () => {
  it('lets no more through in any window, wherever it begins, and lets the rest come again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 8 }),
        (pauses, limit) => {
          let now = 12_345;
          const window = new LocalWindow('pages', limit, 10_000, () => now);
          const passed: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const { waitMs, remaining } = window.count('a');
            if (waitMs === 0) passed.push(now);
            else assert.ok(waitMs <= 10_000 * (1 + 1 / 30) && remaining === 0);
            assert.ok(passed.filter((at) => at > now - 10_000).length <= limit);
          }
          now += window.state('a').waitMs;
          assert.equal(window.count('a').waitMs, 0, 'after the time that was told');
        },
      ),
    );
  });

  it('counts each key apart, and what is refused uses nothing up', () => {
    let now = 0;
    const window = new LocalWindow('pages', 2, 60_000, () => now);
    const counts = (key: string) => window.count(key).waitMs === 0;
    assert.deepEqual(
      [counts('a'), counts('a'), counts('a'), counts('a'), counts('b')],
      [true, true, false, false, true],
    );
    now = 62_001;
    assert.deepEqual([counts('a'), counts('a'), counts('a')], [true, true, false]);
  });

  it('takes back what did not count, once it has passed, and nothing twice', () => {
    let now = 0;
    const window = new LocalWindow('door', 2, 60_000, () => now);
    const [first, second] = [window.hold('a'), window.hold('a')];
    const refused = window.hold('a');
    assert.ok(refused.state.waitMs > 0);
    refused.giveBack();
    assert.equal(window.state('a').remaining, 0, 'what was refused gives nothing back');
    first.giveBack();
    assert.equal(window.state('a').remaining, 1);
    now = 70_000;
    window.count('a');
    second.giveBack();
    assert.equal(window.state('a').remaining, 1, 'what has passed gives nothing back');
  });

  it('remembers a bounded number of keys, those that asked last', () => {
    const window = new LocalWindow('pages', 1, 60_000, () => 0);
    window.count('first');
    for (let index = 0; index < 50_000; index += 1) window.count(`key ${index}`);
    assert.equal(window.state('first').remaining, 1);
    assert.equal(window.state('key 49999').remaining, 0);
  });
});
