import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { SharedWindow } from '../../src/services/limits/shared-window.js';
import { openStore } from '../../src/store/open-store.js';
import type { Store } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('rate limits that all processes share', () => {
  let db: TestDatabase;
  let second: Store;
  const secret = randomBytes(32);
  before(async () => {
    db = await createTestDatabase();
    second = await openStore({ appUrl: db.appUrl, connections: 4 });
  });
  after(() => second.close());

  /** As two processes would have it: nothing in common but the database and the key. */
  const processes = (limit: number, windowMs: number): readonly SharedWindow[] => {
    const name = randomUUID();
    return [db.store, db.store, second].map((store) => new SharedWindow({ store, secret }, name, limit, windowMs));
  };
  /** Moves what was counted into the past, as if that time had gone by. */
  const age = (milliseconds: number) =>
    db.admin`update postern.shared_windows set newest = newest - ${milliseconds}::int / (window_ms / 10)`;

  it('of many at once in several processes exactly as many pass as are allowed', async () => {
    for (const limit of [10, 150]) {
      const windows = processes(limit, 600_000);
      const waits = await Promise.all(Array.from({ length: 400 }, (_, index) => windows[index % 3]!.hit('k')));
      assert.equal(waits.filter((wait) => wait === 0).length, limit);
    }
  });

  it('a batch that one process holds is used up there before anybody is refused for want of it', async () => {
    const [window] = processes(100, 600_000);
    let passed = 0;
    for (let index = 0; index < 300; index += 1) if ((await window!.hit('k')) === 0) passed += 1;
    assert.equal(passed, 100);
  });

  it('the window slides: what is older than it is free again, and nothing before', async () => {
    const windows = processes(10, 300_000);
    for (let index = 0; index < 10; index += 1) assert.equal(await windows[0]!.hit('k'), 0);
    const wait = await windows[1]!.hit('k');
    assert.ok(wait > 270_000 && wait <= 330_000, `${wait} ms`);
    await age(270_000);
    assert.ok((await processesOf(windows)[0]!.hit('k')) > 0);
    await age(60_000);
    assert.equal(await processesOf(windows)[0]!.hit('k'), 0);
  });
  const processesOf = (windows: readonly SharedWindow[]) =>
    windows.map(({ name, limit, windowMs }) => new SharedWindow({ store: db.store, secret }, name, limit, windowMs));

  it('keys do not share, a success can be forgiven, and what is stored tells no address', async () => {
    const [window] = processes(1, 300_000);
    assert.equal(await window!.hit('192.0.2.1'), 0);
    assert.equal(await window!.hit('192.0.2.2'), 0);
    assert.ok((await window!.hit('192.0.2.1')) > 0);
    await window!.clear('192.0.2.1');
    assert.equal(await window!.hit('192.0.2.1'), 0);
    const stored = await db.admin`select key::text as key from postern.shared_windows`;
    assert.ok(stored.every(({ key }) => /^\\x[\da-f]{32}$/.test(String(key))));
  });

  it('says what remains and for how long, and removes windows that have ended', async () => {
    const [window] = processes(3, 60_000);
    const states = [await window!.count('k'), await window!.count('k'), await window!.count('k')];
    assert.deepEqual(
      states.map(({ remaining }) => remaining),
      [2, 1, 0],
    );
    const { waitMs } = await window!.count('k');
    assert.ok(waitMs > 0 && waitMs <= 66_000);
    await age(10 * 3_600_000);
    await db.store.withSystem('limits', ({ permits }) => permits.forgetIdle());
    assert.equal((await db.admin`select from postern.shared_windows`).length, 0);
  });
});
