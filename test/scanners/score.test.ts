import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logOdds, percent, points, total } from '../../src/scanners/score.js';

const odds = fc.double({ min: -12, max: 12, noNaN: true });

describe('points', () => {
  it('sum up exactly to the score minus the prior’s score', () => {
    fc.assert(
      fc.property(odds, fc.array(odds, { maxLength: 60 }), (prior, parts) => {
        const sum = points(prior, parts).reduce((a, b) => a + Math.round(b * 100), 0);
        const nonzero = parts.some((part) => part !== 0);
        const target = Math.round(percent(total(prior, parts)) * 100) - Math.round(percent(prior) * 100);
        assert.equal(sum, nonzero ? target : 0);
      }),
    );
  });

  it('have the sign of what the finding adds, but for the last hundredth of rounding', () => {
    fc.assert(
      fc.property(odds, fc.array(odds, { minLength: 1, maxLength: 20 }), (prior, parts) => {
        points(prior, parts).forEach((value, index) => {
          assert.ok(Math.sign(parts[index] ?? 0) * value >= -0.0201, `${value} for ${parts[index]}`);
        });
      }),
    );
  });

  it('are the same for findings that add the same, within a hundredth', () => {
    const [first = 0, second = 0, third = 0] = points(-3, [1.3, 1.3, 1.3]);
    assert.ok(Math.abs(first - second) < 0.011 && Math.abs(second - third) < 0.011);
  });

  it('are nothing for findings without weight', () => {
    assert.deepEqual(
      points(-3, [0, 2, 0]).map((value, index) => (index === 1 ? value > 0 : value)),
      [0, true, 0],
    );
  });
});

describe('what a finding adds', () => {
  const weights = { prior: 0, findings: { 'urls.ip-host': 2 } };
  const finding = { id: 'urls.ip-host', evidence: 'x' } as const;

  it('is its weight times its strength times the tenant’s factor', () => {
    assert.deepEqual(logOdds([finding], weights, {}), [2]);
    assert.deepEqual(logOdds([{ ...finding, strength: 0.5 }], weights, { 'urls.ip-host': 2 }), [2]);
    assert.deepEqual(logOdds([finding], weights, { 'urls.ip-host': 0 }), [0]);
  });

  it('cannot be driven beyond bounds by strength or factor', () => {
    assert.deepEqual(logOdds([{ ...finding, strength: 40 }], weights, {}), [2]);
    assert.deepEqual(logOdds([finding], weights, { 'urls.ip-host': 1e9 }), [10]);
    assert.deepEqual(logOdds([finding], weights, { 'urls.ip-host': -3 }).map(Math.abs), [0]);
  });
});
