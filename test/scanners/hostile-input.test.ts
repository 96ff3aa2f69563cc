import assert from 'node:assert/strict';
import { readMessage } from '../../src/mail/read-message.js';
import { runPipeline } from '../../src/scanners/pipeline.js';
import { offlineContext } from './offline-context.js';

const LONG = 60_000;
const times = (text: string): string => text.repeat(Math.ceil(LONG / text.length));
const RECEIVED = 'Received: from x ([192.0.2.1]) by mx.corp.example; Tue, 12 May 2026 09:14:03 +0000';

/** What would take a careless pattern seconds: long runs of what it may match in more than one way. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  'a domain of thousands of labels': [`From: x@${times('a.')}com`],
  'a name of opening brackets': [`From: "${times('(')}" <a@birch.example>`],
  'a name of domains': [`From: "${times('a.')}" <a@birch.example>`],
  'a field of addresses': [`From: ${times('a@b ')}`],
  'a name of encoded words': [`From: ${times('=?utf-8?q?a?= ')} <a@birch.example>`],
  'a subject of brands': ['From: a@birch.example', `Subject: ${times('paypal ')}`],
  'results without end': [`Authentication-Results: mx.corp.example; ${times('dkim=pass header.d=a.example; ')}`],
  'comments without end': [`Authentication-Results: mx.corp.example; ${times('(')}`],
  'an id without end': [`Message-ID: <${times('a')}`, 'From: a@birch.example'],
  'a host of thousands of labels in a link': [
    'From: a@birch.example',
    'Content-Type: text/html',
    '',
    `<a href="https://google.com/amp/s/${times('a.')}/">x</a><a href="https://${times('a.')}com/">www.${times('a.')}com</a>`,
  ],
  'a query of addresses in a link': [
    'From: a@birch.example',
    'Content-Type: text/html',
    '',
    `<a href="https://birch.example/?${times('url=https%3A&')}">x</a>`,
  ],
};

describe('the pipeline', () => {
  for (const [what, lines] of Object.entries(MESSAGES)) {
    it(`is not slowed down by ${what}`, async () => {
      const body = lines.includes('') ? [] : ['', 'Hello'];
      const raw = Buffer.from([RECEIVED, ...lines, ...body].join('\r\n'));
      const message = await readMessage(raw);
      const tenant = { domains: ['corp.example'], people: [{ name: 'Ada Lovelace', addresses: ['ada@corp.example'] }] };
      const started = process.cpuUsage();
      const verdict = await runPipeline(message, offlineContext({ raw, tenant }));
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < 400_000, `${(user + system) / 1000} ms`);
      assert.deepEqual(
        verdict.layers.filter(({ status }) => status === 'failed'),
        [],
      );
    });
  }
});
