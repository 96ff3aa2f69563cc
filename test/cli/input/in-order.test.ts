import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '../../../src/cli/input/in-order.js';

async function* numbers(count: number, onRead: (n: number) => void = () => undefined): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    onRead(n);
    yield await Promise.resolve(n);
  }
}

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('results in order', () => {
  it('come in the order of the items although later ones finish first', async () => {
    const work = async (n: number): Promise<number> => await sleep(20 - n, n);
    const results = await collect(inOrder(numbers(20), { items: 8, bytes: 1000 }, () => 1, work));
    assert.deepEqual(results, [...Array(20).keys()]);
  });

  it('never reads further ahead than the window allows, by number or by bytes', async () => {
    for (const [window, size, most] of [
      [{ items: 4, bytes: 1000 }, 1, 4],
      [{ items: 100, bytes: 1000 }, 300, 3],
    ] as const) {
      let running = 0;
      let highest = 0;
      const work = async (n: number): Promise<number> => {
        running += 1;
        highest = Math.max(highest, running);
        await sleep(2);
        running -= 1;
        return n;
      };
      await collect(inOrder(numbers(30), window, () => size, work));
      assert.equal(highest, most);
    }
  });

  it('an item larger than the window is worked on alone', async () => {
    const results = await collect(
      inOrder(
        numbers(3),
        { items: 9, bytes: 10 },
        () => 50,
        (n) => Promise.resolve(n),
      ),
    );
    assert.deepEqual(results, [0, 1, 2]);
  });

  it('a consumer that stops stops the reading', async () => {
    let read = 0;
    for await (const n of inOrder(
      numbers(1000, () => (read += 1)),
      { items: 5, bytes: 1000 },
      () => 1,
      (item) => Promise.resolve(item),
    )) {
      if (n === 3) break;
    }
    assert.ok(read < 12, `${read} items were read`);
  });

  it('a failure is thrown when its turn comes', async () => {
    const seen: number[] = [];
    const work = (n: number): Promise<number> => (n === 2 ? Promise.reject(new Error('two')) : sleep(5, n));
    await assert.rejects(async () => {
      for await (const n of inOrder(numbers(5), { items: 5, bytes: 100 }, () => 1, work)) seen.push(n);
    }, /two/);
    assert.deepEqual(seen, [0, 1]);
  });
});
