import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readMessage } from '../../../src/mail/read-message.js';
import { authenticate } from '../../../src/scanners/headers/authentication/authenticate.js';
import { PosternError } from '../../../src/errors.js';
import { sharedOrSkip } from '../../helpers/requirements.js';
import { reportSuite } from '../../helpers/suites.js';
import { offlineContext } from '../offline-context.js';
import { lookupIn } from './suite-zones.js';

interface Scenario {
  readonly description: string;
  readonly tests: Readonly<Record<string, { message: string; cv: string }>>;
  readonly 'txt-records'?: Readonly<Record<string, string>>;
}

describe('ARC', () => {
  it('agrees with the published validation suite on every one of its chains', async function () {
    const file = join(sharedOrSkip(this, 'suites', 'arc'), 'arc-draft-validation-tests.yml');
    const wrong: string[] = [];
    let cases = 0;
    for (const scenario of scenarios(file)) {
      const zones = Object.fromEntries(
        Object.entries(scenario['txt-records'] ?? {}).map(([name, text]) => [name, [{ TXT: text }]]),
      );
      for (const [name, test] of Object.entries(scenario.tests)) {
        cases++;
        const result = await check(test.message, zones);
        // Three chains carry a seal that says itself that the chain failed; the suite leaves their answer blank.
        const expected = test.cv === '' ? 'fail' : test.cv.toLowerCase();
        if (result !== expected) wrong.push(`${name}: ${result} instead of ${test.cv}`);
      }
    }
    reportSuite('arc', cases - wrong.length, cases);
    assert.deepEqual(wrong, []);
    assert.equal(cases, 171);
  });
});

function scenarios(file: string): readonly Scenario[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: false })
    .map((document) => document.toJS() as Scenario | null)
    .filter((scenario) => scenario !== null);
}

async function check(text: string, zones: Readonly<Record<string, readonly { TXT: string }[]>>): Promise<string> {
  const raw = Buffer.from(text.replace(/\r?\n/g, '\r\n'));
  try {
    const context = offlineContext({ raw, lookup: lookupIn(zones) });
    return (await authenticate(await readMessage(raw), context, null)).arc.result;
  } catch (error) {
    // The suite's empty messages are refused before anyone looks for a chain.
    if (error instanceof PosternError && error.code.startsWith('message.')) return 'none';
    throw error;
  }
}
