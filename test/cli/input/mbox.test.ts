import { strict as assert } from 'node:assert';
import { isMbox, splitMbox } from '../../../src/cli/input/mbox.js';

/** Splits a text that arrives in chunks of so many bytes. */
async function split(text: string, chunk: number, largest = 1_000_000): Promise<{ path: string; text: string }[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunk) yield await Promise.resolve(bytes.subarray(at, at + chunk));
  }
  const found = [];
  for await (const item of splitMbox('box', chunks(), largest)) {
    found.push({ path: item.path, text: 'raw' in item ? Buffer.from(item.raw).toString() : item.error.code });
  }
  return found;
}

const FIRST = 'From a@x.example Mon Mar  3 10:00:00 2025\n';
const SECOND = 'From b@x.example Mon Mar  3 10:01:00 2025\n';

describe('mbox', () => {
  it('is known by its first five bytes, which no header field begins with', () => {
    assert.ok(isMbox(Buffer.from('From a@x')));
    assert.ok(!isMbox(Buffer.from('From: a@x')));
    assert.ok(!isMbox(Buffer.from('Fro')));
  });

  for (const chunk of [1, 7, 64, 100_000]) {
    it(`is split at separators after an empty line, read in chunks of ${chunk}`, async () => {
      const text = `${FIRST}Subject: one\n\nbody\nFrom here 10:30\n\n${SECOND}Subject: two\n\n>From quoted\n>>From twice\n`;
      assert.deepEqual(await split(text, chunk), [
        { path: 'box#1', text: 'Subject: one\n\nbody\nFrom here 10:30\n\n' },
        { path: 'box#2', text: 'Subject: two\n\nFrom quoted\n>From twice\n' },
      ]);
    });
  }

  it('of a single message keeps its plain path', async () => {
    assert.deepEqual(await split(`${FIRST}Subject: one\n\nbody`, 10), [{ path: 'box', text: 'Subject: one\n\nbody' }]);
  });

  it('a sentence that begins with "From" after an empty line is no separator', async () => {
    const text = `${FIRST}Subject: one\n\nDear all,\n\nFrom today on we close at five.\n`;
    assert.equal((await split(text, 10)).length, 1);
  });

  it('with CRLF line ends is split as well', async () => {
    const text = `${FIRST}Subject: one\n\nbody\n\n${SECOND}Subject: two\n\nbody\n`.replace(/\n/g, '\r\n');
    assert.deepEqual(
      (await split(text, 9)).map((item) => item.path),
      ['box#1', 'box#2'],
    );
  });

  it('a message beyond the limit is refused alone', async () => {
    const text = `${FIRST}Subject: one\n\n${'long line\n'.repeat(50)}\n${SECOND}Subject: two\n\nok\n`;
    assert.deepEqual(await split(text, 50, 200), [
      { path: 'box#1', text: 'message.too-large' },
      { path: 'box#2', text: 'Subject: two\n\nok\n' },
    ]);
  });
});
