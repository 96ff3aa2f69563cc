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
});
