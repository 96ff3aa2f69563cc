import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { countTogether } from '../../src/services/limits/count-together.js';
import type { PermitStore } from '../../src/services/limits/permit-store.js';
import { SharedWindow } from '../../src/services/limits/shared-window.js';
import type { Order } from '../services/limits/counting-process.js';

const PROCESS = join(import.meta.dirname, '..', 'services', 'limits', 'counting-process.js');
const HOUR = 3_600_000;

/** One place where windows are counted, as the suite needs it. */
export interface PermitStoreUnderTest {
  /** As so many processes would open it: nothing in common but the place itself. */
  readonly processes: readonly PermitStore[];
  /** How a process of its own gets there. */
  readonly address: Pick<Order, 'appUrl' | 'redisUrl'>;
  /** Moves what was counted into the past, as if that time had gone by. */
  age(milliseconds: number): Promise<unknown>;
  /** The names of what is stored. */
  names(): Promise<readonly string[]>;
}

/** What every place has to keep, so that a limit means the same wherever it is counted. */
export function describePermitStore(place: () => PermitStoreUnderTest): void {
  const secret = randomBytes(32);
  let name = '';
  beforeEach(() => {
    name = randomUUID();
  });
  const windows = (limit: number, windowMs = 600_000, inBatches = false): readonly SharedWindow[] =>
    place().processes.map((permits) => new SharedWindow({ permits, secret }, name, limit, windowMs, { inBatches }));

  for (const inBatches of [false, true]) {
    it(`of three processes that ask at once, ${inBatches ? 'in batches' : 'one by one'}, exactly as many pass as are allowed`, async function () {
      this.timeout(60_000);
      const order: Order = {
        ...place().address,
        ...{ secret: secret.toString('hex'), name, limit: 50, windowMs: HOUR, inBatches, attempts: 60 },
      };
      const children = Array.from({ length: 3 }, () =>
        spawn(process.execPath, [PROCESS, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] }),
      );
      const lines = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
      // A process that fails ends its output, and says why on standard error.
      for (const line of lines) assert.equal((await line.next()).value, 'ready');
      for (const child of children) child.stdin.write('now\n');
      const passed = await Promise.all(lines.map(async (line) => Number((await line.next()).value)));
      assert.equal(
        passed.reduce((sum, one) => sum + one, 0),
        50,
        passed.join(' + '),
      );
    });
  }

  it('also where few are allowed and hundreds ask, and where a batch is held when they run out', async () => {
    for (const [limit, inBatches] of [
      [10, false],
      [150, false],
      [150, true],
    ] as const) {
      name = randomUUID();
      const all = windows(limit, HOUR, inBatches);
      const waits = await Promise.all(Array.from({ length: 400 }, (_, index) => all[index % all.length]!.hit('k')));
      assert.equal(waits.filter((wait) => wait === 0).length, limit);
    }
  });

  it('the window slides: what is older than it is free again, and nothing before', async () => {
    const [first] = windows(10, 300_000);
    for (let index = 0; index < 10; index += 1) assert.equal(await first!.hit('k'), 0);
    const wait = await windows(10, 300_000)[1]!.hit('k');
    assert.ok(wait > 290_000 && wait <= 310_000, `${wait} ms`);
    await place().age(270_000);
    assert.ok((await windows(10, 300_000)[0]!.hit('k')) > 0);
    await place().age(40_000);
    const again = windows(10, 300_000)[0]!;
    for (let index = 0; index < 10; index += 1) assert.equal(await again.hit('k'), 0);
    assert.ok((await again.hit('k')) > 0);
  });

  it('a clock that was set back forgets nothing', async () => {
    assert.equal(await windows(1)[0]!.hit('k'), 0);
    await place().age(-120_000);
    assert.ok((await windows(1)[0]!.hit('k')) > 0);
  });

  it('none is counted of what one of several windows refuses', async () => {
    const narrow = windows(1)[0]!;
    name = randomUUID();
    const wide = windows(5)[0]!;
    const both = [
      { window: narrow, key: 'k' },
      { window: wide, key: 'k' },
    ];
    for (let index = 0; index < 4; index += 1) await countTogether(both);
    const states = await countTogether([both[1]!]);
    assert.deepEqual(
      states.map(({ remaining, waitMs }) => [remaining, waitMs]),
      [[3, 0]],
    );
    const fresh = windows(5)[0]!;
    assert.equal((await fresh.count('k')).remaining, 2, 'nor where it is counted');
  });

  it('what a process held in a batch and did not use comes back with its next question', async () => {
    const clock = { now: 1_000_000 };
    const [permits] = place().processes;
    const window = new SharedWindow({ permits: permits!, secret, now: () => clock.now }, name, 200, HOUR, {
      inBatches: true,
    });
    for (let index = 0; index < 5; index += 1) await window.hit('k');
    const held = 200 - 5 - (await windows(200, HOUR, true)[1]!.count('k')).remaining - 1;
    assert.ok(held > 0, 'it took more than it used');
    clock.now += HOUR / 10;
    await window.hit('k');
    assert.equal((await windows(200, HOUR, true)[2]!.count('k')).remaining, 200 - 5 - 1 - 1 - 1);
  });

  it('keys do not share, a success can be forgiven, and what is stored tells no address', async () => {
    const [window] = windows(1, 300_000);
    assert.equal(await window!.hit('192.0.2.1'), 0);
    assert.equal(await window!.hit('192.0.2.2'), 0);
    assert.ok((await window!.hit('192.0.2.1')) > 0);
    await window!.clear('192.0.2.1');
    assert.equal(await window!.hit('192.0.2.1'), 0);
    const names = await place().names();
    assert.ok(names.length >= 2);
    for (const stored of names) assert.ok(!stored.includes('192.0.2'), stored);
  });

  it('says what remains and for how long', async () => {
    const [window] = windows(3, 60_000);
    const states = [await window!.count('k'), await window!.count('k'), await window!.count('k')];
    assert.deepEqual(
      states.map(({ remaining }) => remaining),
      [2, 1, 0],
    );
    for (const { resetMs, waitMs } of states) assert.ok(waitMs === 0 && resetMs > 0 && resetMs <= 62_000, `${resetMs}`);
    const refused = await window!.count('k');
    assert.ok(refused.waitMs > 0 && refused.waitMs <= 62_000 && refused.resetMs === refused.waitMs);
  });
}
