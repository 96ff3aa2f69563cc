import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDesk } from './desk.js';
import type { Desk } from './desk.js';
import { seedHistory } from './seed.js';

const BUILT = join(process.cwd(), 'dist', 'dashboard');

describe('dashboard: weight', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
  });

  it('needs less than 120 KB of scripts, compressed', async () => {
    const tab = await desk.open();
    await tab.signIn(await desk.server.person('org_owner'));
    for (const path of ['/', '/history', '/scan', '/settings']) await tab.go(path);
    const asked = tab.requests.map((url) => new URL(url).pathname).filter((path) => path.endsWith('.js'));
    let bytes = 0;
    for (const path of new Set(asked)) bytes += gzipSync(await readFile(join(BUILT, path))).byteLength;
    assert.ok(bytes > 10_000 && bytes < 120_000, `${bytes} bytes`);
    // What comes later is not without limit either.
    const files = (await readdir(BUILT, { recursive: true })).filter((name) => name.endsWith('.js'));
    for (const name of files) {
      const size = gzipSync(await readFile(join(BUILT, name))).byteLength;
      assert.ok(size < 60_000, `${name}: ${size} bytes`);
    }
  });

  // How soon it paints is measured by bench/first-paint.ts: a test that shares its machine cannot tell.
  it('shifts nothing after it has painted', async () => {
    const person = await desk.server.person('org_owner');
    await seedHistory(desk.server, person, 30);
    const warm = await desk.open();
    await warm.signIn(person);
    const storage = await warm.page.context().storageState();
    // A context of its own has a cache of its own, which is cold; the cookie keeps it signed in.
    const tab = await desk.open({ storageState: storage });
    await tab.page.addInitScript(`
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    for (const path of ['/', '/history', '/scan']) {
      await tab.go(path);
      await tab.page.getByRole('heading', { level: 1 }).waitFor();
      if (path !== '/scan') await tab.page.locator('.row-link').first().waitFor();
      await tab.page.waitForTimeout(300);
      const shift = await tab.page.evaluate<number>('window.shifts.reduce((sum, value) => sum + value, 0)');
      assert.ok(shift < 0.02, `${path}: layout shift of ${shift}`);
    }
  });
});
