import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedOrSkip } from '../../helpers/requirements.js';
import { reportSuite } from '../../helpers/suites.js';
import { folded, skeleton } from '../../../src/scanners/brands/skeleton.js';

describe('Unicode’s list of look-alikes', () => {
  it('is resolved wherever a character looks like Latin letters or digits', function () {
    const file = join(sharedOrSkip(this, 'suites', 'confusables'), 'confusables.txt');
    const wrong: string[] = [];
    let cases = 0;
    for (const [from, to] of pairs(readFileSync(file, 'utf8'))) {
      const target = to.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
      if (!/^[a-z0-9]{1,3}$/.test(target)) continue;
      cases++;
      // ASCII look-alikes (0 and O, 1 and l, m and rn) are folded only in names of hosts and companies.
      if (skeleton(from) !== target && folded(from) !== folded(target))
        wrong.push(`${from} is ${skeleton(from)}, not ${target}`);
    }
    assert.ok(cases > 1000, `${cases}`);
    reportSuite(
      'confusables',
      cases - wrong.length,
      cases,
      'those that look like one to three Latin letters or digits',
    );
    assert.deepEqual(wrong, []);
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
