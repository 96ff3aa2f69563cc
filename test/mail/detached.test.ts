import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { detached } from '../../src/mail/detached.js';

describe('a detached text', () => {
  it('is the same text, whatever it holds', () => {
    for (const text of [
      '',
      'short',
      'color: #fff; display: none',
      'größer als zwölf',
      '二十一の文字列で書かれた長い文',
      'half a pair: \ud83d and more',
    ])
      assert.equal(detached(`<${text}>`.slice(1, -1)), text);
  });

  it('does not keep alive what it was cut out of', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const used = (): number => {
      gc();
      return process.memoryUsage().heapUsed;
    };
    const style = 'color: #123456; font-size: 12px';
    const cut = (n: number): string =>
      `${String(n).padStart(8)}${style}${'x'.repeat(100_000)}`.normalize().slice(0, 8 + style.length);
    const before = used();
    const kept = Array.from({ length: 100 }, (_, n) => detached(cut(n)));
    assert.ok(used() - before < 2_000_000, 'a hundred styles of newsletters of 100 kB each');
    assert.equal(kept.length, 100);
  });
});
