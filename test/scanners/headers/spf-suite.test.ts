import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readMessage } from '../../../src/mail/read-message.js';
import { authenticate } from '../../../src/scanners/headers/authentication/authenticate.js';
import { sharedOrSkip } from '../../helpers/requirements.js';
import { reportSuite } from '../../helpers/suites.js';
import { offlineContext } from '../offline-context.js';
import { lookupIn } from './suite-zones.js';
import type { ZoneData } from './suite-zones.js';

interface Scenario {
  readonly description: string;
  readonly tests: Readonly<
    Record<string, { helo: string; host: string; mailfrom: string; result: string | readonly string[] }>
  >;
  readonly zonedata: ZoneData;
}

describe('SPF', () => {
  it('agrees with the published suite of RFC 7208 on every one of its cases', async function () {
    const file = join(sharedOrSkip(this, 'suites', 'spf'), 'rfc7208-tests.yml');
    const wrong: string[] = [];
    let cases = 0;
    for (const scenario of scenarios(file)) {
      for (const [name, test] of Object.entries(scenario.tests)) {
        cases++;
        const result = await check(test, scenario.zonedata);
        const expected = [test.result].flat();
        if (!expected.includes(result)) wrong.push(`${name}: ${result} instead of ${expected.join(' or ')}`);
      }
    }
    reportSuite('spf', cases - wrong.length, cases);
    assert.deepEqual(wrong, []);
    assert.equal(cases, 203);
  });
});

function scenarios(file: string): readonly Scenario[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { merge: true, uniqueKeys: false }).map(
    (document) => document.toJS() as Scenario,
  );
}

/** The client and the envelope as the receiving server's own fields tell them. */
async function check(test: { helo: string; host: string; mailfrom: string }, zones: ZoneData): Promise<string> {
  const ip = test.host.includes(':') ? `IPv6:${test.host}` : test.host;
  const raw = Buffer.from(
    `Return-Path: <${test.mailfrom}>\r\nReceived: from ${test.helo} ([${ip}])\r\n\tby mx.corp.example with ESMTP; Tue, 12 May 2026 09:14:03 +0000\r\n` +
      'From: somebody@visible.example\r\nSubject: hello\r\n\r\nHello\r\n',
  );
  const context = offlineContext({ raw, lookup: lookupIn(zones) });
  const { spf } = await authenticate(await readMessage(raw), context, null);
  return spf.result;
}
