import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDeletionLog } from '../../src/crypto/deletion-log.js';
import type { Deletion } from '../../src/crypto/deletion-log.js';
import type { DeletedScan } from '../../src/crypto/scan-deletions.js';
import { createScanId } from '../../src/store/tables/scans/scan-id.js';

describe('the log of deletions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-deletions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = () => join(folder, 'deletions.log');
  const some = (what: Deletion['what'] = 'account'): Deletion => ({ what, id: randomUUID() });

  it('is empty before the first one, and keeps each once in their order, for its owner only', async () => {
    const log = openDeletionLog(folder);
    assert.deepEqual(await log.read(), []);
    const [first, second, third] = [some(), some('tenant'), some('key')];
    await log.append([first, second]);
    await openDeletionLog(folder).append([third, first]);
    assert.deepEqual(await log.read(), [first, second, third]);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('a line that a crash has cut off is passed over, and spoils none after it', async () => {
    const log = openDeletionLog(folder);
    const [first, second] = [some(), some()];
    await log.append([first]);
    const line = readFileSync(path(), 'utf8').trim();
    for (let cut = 1; cut < line.length; cut += 7) appendFileSync(path(), `\n${line.slice(0, cut)}`);
    appendFileSync(path(), '\n\0\0\0\0');
    await log.append([second]);
    assert.deepEqual(await log.read(), [first, second]);
  });

  it('what is no line of it is said, not passed over', async () => {
    const log = openDeletionLog(folder);
    await log.append([some()]);
    for (const line of ['garbage', '2026-01-01T00:00:00.000Z account nobody']) {
      const before = readFileSync(path(), 'utf8');
      appendFileSync(path(), `${line}\n`);
      await assert.rejects(log.read(), { code: 'keys.damaged' }, line);
      rmSync(path());
      appendFileSync(path(), before);
    }
  });

  it('many writers at once lose none', async () => {
    const entries = Array.from({ length: 40 }, () => some());
    await Promise.all(entries.map((entry) => openDeletionLog(folder).append([entry])));
    const read = await openDeletionLog(folder).read();
    assert.deepEqual(read.map(({ id }) => id).sort(), entries.map(({ id }) => id).sort());
  });

  describe('of single scans', () => {
    const scan = (): DeletedScan => ({ tenantId: randomUUID(), id: createScanId(new Date('2026-03-01')) });
    const at = (text: string) => new Date(text);

    it('keeps them by the month, for its owner only, and gives back what came since a moment', async () => {
      const { scans } = openDeletionLog(folder);
      assert.deepEqual(await scans.readSince(at('1970-01-01')), []);
      const [first, second, third] = [scan(), scan(), scan()];
      await scans.append([first], at('2026-01-31T23:59:59Z'));
      await openDeletionLog(folder).scans.append([second, third], at('2026-02-01T00:00:00Z'));
      assert.deepEqual(readdirSync(folder).sort(), ['deletions-2026-01.log', 'deletions-2026-02.log']);
      assert.equal(statSync(join(folder, 'deletions-2026-01.log')).mode & 0o777, 0o600);
      assert.equal((await scans.readSince(at('1970-01-01'))).length, 3);
      assert.deepEqual(await scans.readSince(at('2026-02-01T00:00:00Z')), [second, third]);
      assert.deepEqual(await scans.readSince(at('2026-02-01T00:00:01Z')), []);
    });

    it('forgets whole months that have ended and name nothing that is left, and nothing of the accounts', async () => {
      const log = openDeletionLog(folder);
      const first = scan();
      const gone = () => true;
      await log.append([some()]);
      await log.scans.append([first, scan()], at('2026-01-31T23:00:00Z'));
      await log.scans.append([scan()], at('2026-02-01T01:00:00Z'));
      assert.equal(await log.scans.forget(at('2026-01-31T23:59:59Z'), gone), 0);
      assert.equal(
        await log.scans.forget(at('2026-02-01T00:00:00Z'), (id) => id !== first.id),
        0,
        'not all of it is gone',
      );
      assert.equal(await log.scans.forget(at('2026-02-01T00:00:00Z'), gone), 1);
      assert.equal((await log.scans.readSince(at('1970-01-01'))).length, 1);
      assert.equal((await log.read()).length, 1);
    });

    it('passes over what a crash has cut off, and says what is no line of it', async () => {
      const { scans } = openDeletionLog(folder);
      const [first, second] = [scan(), scan()];
      await scans.append([first], at('2026-02-01'));
      const file = join(folder, 'deletions-2026-02.log');
      const line = readFileSync(file, 'utf8').trim();
      for (let cut = 1; cut < line.length; cut += 7) appendFileSync(file, `\n${line.slice(0, cut)}`);
      appendFileSync(file, '\n\0\0\0');
      await scans.append([second], at('2026-02-02'));
      assert.deepEqual(await scans.readSince(at('1970-01-01')), [first, second]);
      appendFileSync(file, '\ngarbage!\n');
      await assert.rejects(scans.readSince(at('1970-01-01')), { code: 'keys.damaged' });
    });
  });
});
