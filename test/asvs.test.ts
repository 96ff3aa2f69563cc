import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedOrSkip } from './helpers/requirements.js';

interface Row {
  readonly id: string;
  readonly level: string;
  readonly what: string;
  readonly state: string;
  readonly why: string;
  readonly shown: string;
}

const SHEET = readFileSync('docs/asvs.md', 'utf8');

/** The rows of all chapters, without those of the inventory of cryptography. */
const ROWS: readonly Row[] = SHEET.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, id = '', level = '', what = '', state = '', why = '', shown = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return { id, level, what, state: state.replaceAll('*', ''), why, shown };
  });

describe('the ASVS sheet', () => {
  it('has a row of each requirement of levels 1 and 2, none twice, none of its own', function () {
    const list = sharedOrSkip(this, 'suites', 'asvs', 'asvs-5.0.0.flat.json');
    const { requirements } = JSON.parse(readFileSync(list, 'utf8')) as {
      requirements: readonly { readonly req_id: string; readonly L: string }[];
    };
    assert.deepEqual(
      ROWS.map(({ id, level }) => `${id} ${level}`),
      requirements.filter(({ L }) => L === '1' || L === '2').map(({ req_id, L }) => `${req_id.slice(1)} ${L}`),
    );
  });

  it('has well-formed ids, in order, as many as ASVS 5.0.0 has at these levels', () => {
    assert.equal(ROWS.length, 253);
    const order = ROWS.map(({ id }) => {
      const [, chapter, section, number] =
        /^(\d{1,2})\.(\d{1,2})\.(\d{1,2})$/.exec(id) ?? assert.fail(`${id} is no id`);
      return Number(chapter) * 10_000 + Number(section) * 100 + Number(number);
    });
    assert.deepEqual(
      [...new Set(order)].sort((a, b) => a - b),
      order,
    );
  });

  it('names for what is met tests or pages that exist, and for all else the reason', () => {
    for (const { id, state, what, why, shown } of ROWS) {
      assert.ok(what !== '', id);
      assert.ok(['met', 'n/a', 'gap'].includes(state), `${id}: ${state}`);
      if (state !== 'met') {
        assert.ok(why.length > 3 && shown === '', `${id}: why?`);
        continue;
      }
      const files = [...shown.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => join('docs', path));
      assert.ok(files.length > 0, `${id}: shown by nothing`);
      for (const path of files) {
        assert.ok(/^test\/.*\.test\.ts$/.test(path) || /^docs\/[\w-]+\.md$/.test(path), `${id}: ${path}`);
        assert.ok(existsSync(path), `${id}: ${path} does not exist`);
      }
    }
  });

  it('counts in its first lines, and in the page on security, what it has', () => {
    const count = (wanted: string) => ROWS.filter(({ state }) => state === wanted).length;
    const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
    assert.ok(
      flat(SHEET).includes(`${count('met')} are met, ${count('n/a')} do not apply, ${count('gap')} are gaps.`),
      `${count('met')} met, ${count('n/a')} n/a, ${count('gap')} gaps`,
    );
    const page = flat(readFileSync('docs/security.md', 'utf8'));
    assert.ok(page.includes(`${count('met')} met, ${count('n/a')} not applicable, ${count('gap')} gaps.`));
  });
});
