import assert from 'node:assert/strict';
import { inTurns } from '../../../src/store/intake/in-turns.js';

describe('work in turns', () => {
  const settled = (values: readonly number[]): PromiseSettledResult<number>[] =>
    values.map((value) => ({ status: 'fulfilled', value: value * 10 }));

  it('what comes while a key is busy goes together, in order and in bounded numbers; other keys do not wait', async () => {
    const runs: number[][] = [];
    const open: (() => void)[] = [];
    const work = inTurns<number, number>(3, async (inputs) => {
      runs.push([...inputs]);
      await new Promise<void>((resolve) => open.push(resolve));
      return settled(inputs);
    });
    const asked = [1, 2, 3, 4, 5].map((n) => work('a', n));
    const other = work('b', 9);
    assert.deepEqual(runs, [[1], [9]]);
    for (let opened = 0; opened < 4; opened++) {
      open[opened]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(runs, [[1], [9], [2, 3, 4], [5]]);
    assert.deepEqual(await Promise.all([...asked, other]), [10, 20, 30, 40, 50, 90]);
  });

  it('each gets its own result, and all of a turn get what was thrown; the next turn is taken all the same', async () => {
    const work = inTurns<number, number>(8, (inputs) => {
      if (inputs.includes(13)) return Promise.reject(new Error('bad luck'));
      return Promise.resolve(
        inputs.map((n) =>
          n < 0 ? { status: 'rejected', reason: new Error(`no ${n}`) } : { status: 'fulfilled', value: n },
        ),
      );
    });
    const first = work('a', 1);
    const second = [work('a', -2), work('a', 3)];
    assert.equal(await first, 1);
    const [negative, positive] = await Promise.allSettled(second);
    assert.ok(negative?.status === 'rejected' && String(negative.reason).includes('no -2'));
    assert.deepEqual(positive, { status: 'fulfilled', value: 3 });
    await assert.rejects(work('a', 13), /bad luck/);
    assert.equal(await work('a', 5), 5);
  });

  describe('that are worth waiting for company', () => {
    const runs: number[][] = [];
    const patient = (milliseconds: number) =>
      inTurns<number, number>(
        4,
        (inputs) => {
          runs.push([...inputs]);
          return Promise.resolve(settled(inputs));
        },
        { milliseconds, company: (newest) => newest },
      );
    beforeEach(() => runs.splice(0));

    it('a turn begins when as many are there as its newest asks for, and never waits for more than it can take', async () => {
      const work = patient(600_000);
      const asked = [work('a', 3), work('a', 3)];
      assert.deepEqual(runs, []);
      asked.push(work('a', 3));
      assert.deepEqual(await Promise.all(asked), [30, 30, 30]);
      assert.deepEqual(await Promise.all([work('a', 9), work('a', 9), work('a', 9), work('a', 9)]), [90, 90, 90, 90]);
      assert.deepEqual(runs, [
        [3, 3, 3],
        [9, 9, 9, 9],
      ]);
      // One that needs nobody takes those along who waited.
      assert.deepEqual(await Promise.all([work('a', 3), work('a', 1)]), [30, 10]);
    });

    it('it begins without company when the time is over', async () => {
      const work = patient(1);
      assert.equal(await work('a', 4), 40);
      assert.deepEqual(runs, [[4]]);
    });
  });
});
