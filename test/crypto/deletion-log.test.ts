import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDeletionLog } from '../../src/crypto/deletion-log.js';
import type { Deletion } from '../../src/crypto/deletion-log.js';

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
});
