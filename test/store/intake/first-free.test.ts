import assert from 'node:assert/strict';
import type { Sql } from 'postgres';
import { createFirstFree } from '../../../src/store/intake/first-free.js';

describe('the first session that is free', () => {
  let opened: { ended: boolean }[] = [];
  beforeEach(() => (opened = []));

  const sessions = (most: number) =>
    createFirstFree(() => {
      const session = { ended: false, end: () => Promise.resolve(void (session.ended = true)) };
      opened.push(session);
      return session as unknown as Sql;
    }, most);
  /** Work on a session until it is told to end: which one it got, and how to end it. */
  function hold(free: ReturnType<typeof sessions>): { which: number; end: (error?: Error) => Promise<void> } {
    let settle: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
    let which = -1;
    const work = free.use((session) => {
      which = opened.indexOf(session as unknown as { ended: boolean });
      return new Promise<void>((resolve, reject) => (settle = [resolve, reject]));
    });
    return { which, end: (error) => (error === undefined ? settle[0]() : settle[1](error), work) };
  }

  it('is used again and again; another is opened only while it is busy, and none beyond the most', async () => {
    const free = sessions(2);
    for (let turn = 0; turn < 3; turn++) {
      const one = hold(free);
      assert.equal(one.which, 0);
      await one.end();
    }
    const [first, second, third, fourth] = [hold(free), hold(free), hold(free), hold(free)];
    assert.deepEqual([first.which, second.which, third.which, fourth.which], [0, 1, 0, 1]);
    await second.end();
    await fourth.end();
    assert.equal(hold(free).which, 1);
    assert.equal(opened.length, 2);
  });

  it('is another one after its connection was lost, which is closed', async () => {
    const free = sessions(2);
    await assert.rejects(hold(free).end(Object.assign(new Error('lost'), { code: 'CONNECTION_CLOSED' })), /lost/);
    assert.equal(hold(free).which, 1);
    assert.deepEqual(
      opened.map(({ ended }) => ended),
      [true, false],
    );
  });

  it('is free again after work that failed, and all end together', async () => {
    const free = sessions(3);
    const failing = hold(free);
    await assert.rejects(failing.end(new Error('gone')), /gone/);
    assert.equal(hold(free).which, 0);
    hold(free);
    await free.end({ timeout: 1 });
    assert.deepEqual(
      opened.map(({ ended }) => ended),
      [true, true],
    );
    await assert.rejects(
      free.use(() => Promise.resolve()),
      { code: 'database.unavailable' },
    );
    assert.equal(opened.length, 2);
  });
});
