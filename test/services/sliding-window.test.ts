import assert from 'node:assert/strict';
import { SlidingWindow } from '../../src/services/sliding-window.js';

describe('a sliding window', () => {
  it('lets through at most the limit in any stretch of its length, and says how long to wait', () => {
    const window = new SlidingWindow(3, 1000);
    assert.deepEqual(
      [0, 400, 800].map((at) => window.hit('a', at)),
      [0, 0, 0],
    );
    assert.equal(window.hit('a', 900), 100);
    assert.equal(window.hit('a', 999), 1);
    // The first has left; the refused ones were not counted.
    assert.equal(window.hit('a', 1001), 0);
    assert.equal(window.hit('a', 1002), 398);
  });

  it('counts each key for itself, and forgets one when told', () => {
    const window = new SlidingWindow(1, 1000);
    assert.equal(window.hit('a', 0), 0);
    assert.equal(window.hit('b', 0), 0);
    assert.equal(window.hit('a', 1), 999);
    window.clear('a');
    assert.equal(window.hit('a', 2), 0);
  });

  it('does not grow with every name that somebody invents', () => {
    const window = new SlidingWindow(1, 1000);
    for (let n = 0; n < 60_000; n += 1) window.hit(`key ${n}`, 0);
    assert.equal(window.hit('key 59999', 1), 999);
    assert.equal(window.hit('key 0', 1), 0);
  });
});
