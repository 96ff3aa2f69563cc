import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folded, skeleton } from '../../../src/scanners/brands/skeleton.js';

const SUITE = join(process.cwd(), '../shared/suites/confusables/confusables.txt');

describe('Unicode’s list of look-alikes', () => {
  const suite = existsSync(SUITE) ? it : it.skip;

  suite('is resolved wherever a character looks like Latin letters or digits (../shared/suites/confusables)', () => {
    const wrong: string[] = [];
    let cases = 0;
    for (const [from, to] of pairs(readFileSync(SUITE, 'utf8'))) {
      const target = to.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
      if (!/^[a-z0-9]{1,3}$/.test(target)) continue;
      cases++;
      // ASCII look-alikes (0 and O, 1 and l, m and rn) are folded only in names of hosts and companies.
      if (skeleton(from) !== target && folded(from) !== folded(target))
        wrong.push(`${from} is ${skeleton(from)}, not ${target}`);
    }
    assert.ok(cases > 1000, `${cases}`);
    assert.deepEqual(wrong, [], `${cases - wrong.length} of ${cases}`);
  });
});

function pairs(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [from, to] = (line.split('#')[0] ?? '').split(';');
    return from === undefined || to === undefined ? [] : [[characters(from), characters(to)] as const];
  });
}

function characters(codes: string): string {
  const points = codes.replace('\ufeff', '').trim().split(/\s+/);
  return String.fromCodePoint(...points.map((code) => Number.parseInt(code, 16)));
}
