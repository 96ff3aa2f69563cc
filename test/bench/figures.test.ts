import assert from 'node:assert/strict';
import { area, calibrationError, recallAt, wilson } from '../../bench/evaluation/figures.js';

describe('figures of an evaluation', () => {
  it('give an area of 1 where everything is apart, a half where nothing is, and count ties half', () => {
    assert.equal(area([3, 4], [1, 2]), 1);
    assert.equal(area([1, 1], [1, 1]), 0.5);
    assert.equal(area([2, 1], [1]), 0.75);
  });

  it('take recall at a share of false positives from the wanted mail alone', () => {
    const wanted = Array.from({ length: 100 }, (_, index) => index);
    assert.equal(recallAt([98, 98.5, 99, 200], wanted, 0.01), 0.75);
    assert.equal(recallAt([98, 98.5, 99, 200], wanted, 0), 0.25);
  });

  it('give Wilson intervals that agree with published values', () => {
    const { low, high } = wilson(0, 100);
    assert.equal(low, 0);
    assert.ok(Math.abs(high - 0.037) < 0.0005);
    const half = wilson(50, 100);
    assert.ok(Math.abs(half.low - 0.4038) < 0.0005 && Math.abs(half.high - 0.5962) < 0.0005);
  });

  it('find no calibration error where scores are shares, and the whole of it where they are the opposite', () => {
    const honest = Array.from({ length: 10 }, (_, index) => ({ score: 0.3, unwanted: index < 3 }));
    assert.ok(calibrationError(honest) < 1e-9);
    assert.equal(
      calibrationError([
        { score: 1, unwanted: false },
        { score: 0, unwanted: true },
      ]),
      1,
    );
  });
});
