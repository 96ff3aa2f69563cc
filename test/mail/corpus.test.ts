import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMessage } from '../../src/mail/read-message.js';
import { sharedOrSkip } from '../helpers/requirements.js';

describe('mail from the world', () => {
  it('odd and broken messages of Python’s own tests all become sensible messages', async function () {
    const folder = sharedOrSkip(this, 'suites', 'python-email');
    const files = readdirSync(folder).filter((file) => file.startsWith('msg_'));
    for (const file of files) {
      const raw = readFileSync(join(folder, file));
      if (file === NO_MESSAGE) {
        await assert.rejects(readMessage(raw), { code: 'message.not-a-message' });
        continue;
      }
      const message = await readMessage(raw);
      assert.equal(message.size, raw.length, file);
      assert.ok(message.headers.length > 0, file);
      const content = message.visible.length + message.attachments.length + message.nested.length;
      assert.ok(content > 0 || EMPTY.has(file), file);
    }
    process.stderr.write(
      `python-email: ${files.length} of ${files.length} (${NO_MESSAGE} has no header and is refused)\n`,
    );
  });

  it('real messages of every kind are read, each in little time', async function () {
    this.timeout(60_000);
    const pack = sharedOrSkip(this, 'corpus');
    const folder = mkdtempSync(join(tmpdir(), 'postern-sample-'));
    try {
      // The smallest archives of each label; bench/mail-agreement.ts reads all of them.
      for (const archive of ['ham-fixtures', 'spam-csdmc2010', 'html-ham']) {
        execFileSync('tar', ['xJf', join(pack, `${archive}.tar.xz`), '-C', folder]);
      }
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      assert.ok(files.length > 500, String(files.length));
      for (const file of files.filter((_, index) => index % 3 === 0)) {
        const start = performance.now();
        const message = await readMessage(readFileSync(join(file.parentPath, file.name)));
        assert.ok(message.headers.length > 0, file.name);
        assert.ok(performance.now() - start < 5000, file.name);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The text of a digest's first part, which those tests compare with: no message. */
const NO_MESSAGE = 'msg_19.txt';
/** A header alone, and a multipart with a single empty part. */
const EMPTY = new Set(['msg_18.txt', 'msg_24.txt']);
