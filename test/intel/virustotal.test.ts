import assert from 'node:assert/strict';
import type { IntelProvider, Opinion, Subject } from '../../src/intel/provider.js';
import { createVirusTotal } from '../../src/intel/virustotal/virustotal.js';
import { createHttpClient } from '../../src/net/http-client.js';
import type { HttpClient } from '../../src/net/http-client.js';
import type { Behaviour } from '../helpers/web-server.js';
import { json, startVirusTotal, vtError } from './fakes/virustotal.js';
import type { FakeVirusTotal } from './fakes/virustotal.js';

const HOUR = 3_600_000;
const link = (value: string): Subject => ({ kind: 'url', value });
const stats = (malicious: number, suspicious = 0) => ({
  malicious,
  suspicious,
  harmless: 60,
  undetected: Math.max(0, 30 - malicious),
  timeout: 0,
});

describe('VirusTotal', () => {
  let fake: FakeVirusTotal;
  let http: HttpClient;
  let provider: IntelProvider;
  before(async () => {
    fake = await startVirusTotal('vt-key');
    http = createHttpClient({ timeoutMs: 300, maxBytes: 100_000 });
    provider = createVirusTotal({ key: 'vt-key', baseUrl: fake.url, http });
  });
  beforeEach(() => {
    fake.reports.clear();
    fake.trouble = null;
  });
  after(async () => {
    await http.close();
    await fake.close();
  });

  const ask = (subject: Subject) => provider.ask(provider.questions(subject), new AbortController().signal);
  async function opinion(subject: Subject): Promise<Opinion> {
    return provider.judge(subject, (await ask(subject)).byQuestion);
  }

  it('believes several engines, doubts few, and one alone not at all', async () => {
    const url = 'https://birch.example/a';
    const verdicts: string[] = [];
    for (const report of [stats(7), stats(4), stats(3), stats(1, 1), stats(1), stats(0)]) {
      fake.reports.set(url, report);
      verdicts.push((await opinion(link(url))).verdict);
    }
    assert.deepEqual(verdicts, ['malicious', 'malicious', 'suspicious', 'suspicious', 'clean', 'clean']);
    fake.reports.set(url, stats(7));
    assert.equal((await opinion(link(url))).says, '7 of 90 engines report it');
  });

  it('knows files by their hash', async () => {
    const hash = 'ab'.repeat(32);
    fake.reports.set(hash, { ...stats(31), 'type-unsupported': 4, failure: 0, 'confirmed-timeout': 0 });
    assert.equal((await opinion({ kind: 'sha256', value: hash })).verdict, 'malicious');
  });

  // docs.virustotal.com/reference/errors: "NotFoundError: The requested resource was not found."
  it('takes what it has never seen for unknown, not for clean', async () => {
    assert.deepEqual(await opinion(link('https://never.example/')), { verdict: 'unknown', says: '' });
    fake.reports.set('https://fresh.example/', { malicious: 0, suspicious: 0, harmless: 0, undetected: 0, timeout: 0 });
    assert.equal((await opinion(link('https://fresh.example/'))).verdict, 'unknown');
    fake.trouble = json({ data: { type: 'url', attributes: {} } });
    assert.equal((await opinion(link('https://queued.example/'))).verdict, 'unknown');
  });

  it('asks again soon about what may turn bad', async () => {
    fake.reports.set('https://bad.example/', stats(9)).set('https://good.example/', stats(0));
    assert.equal((await ask(link('https://never.example/'))).lastsMs, HOUR);
    assert.equal((await ask(link('https://good.example/'))).lastsMs, 6 * HOUR);
    assert.equal((await ask(link('https://bad.example/'))).lastsMs, 24 * HOUR);
  });

  it('only ever reads: nothing is submitted, and nothing leaves but the key and the link or hash', async () => {
    await ask(link('https://birch.example/a?b=c#d'));
    await ask({ kind: 'sha256', value: 'cd'.repeat(32) });
    const [first, second] = fake.seen.slice(-2);
    assert.equal(first?.target, `/api/v3/urls/${Buffer.from('https://birch.example/a?b=c').toString('base64url')}`);
    assert.doesNotMatch(first.target, /=/);
    assert.equal(second?.target, `/api/v3/files/${'cd'.repeat(32)}`);
    for (const { method, body, headers } of fake.seen) {
      assert.equal(method, 'GET');
      assert.equal(body, '');
      assert.deepEqual(Object.keys(headers).sort(), ['accept', 'connection', 'host', 'user-agent', 'x-apikey']);
    }
  });

  it('asks nothing about inner networks, nor about what is no hash', () => {
    for (const url of ['http://intranet/x', 'http://192.168.1.1/', 'https://printer.local/', 'javascript:alert(1)'])
      assert.deepEqual(provider.questions(link(url)), [], url);
    for (const hash of ['', 'xyz', '../users/me', 'ab'.repeat(31)])
      assert.deepEqual(provider.questions({ kind: 'sha256', value: hash }), [], hash);
  });

  const net = (kind: string) => ({ name: 'NetFault', kind });
  const refusal = (kind: string, retryAfterSeconds: number | null = null) => ({
    name: 'ProviderFault',
    kind,
    retryAfterSeconds,
  });
  const page = { status: 404, headers: { 'content-type': 'text/html' }, body: 'Not here' };
  // Codes and statuses as docs.virustotal.com/reference/errors lists them.
  const TROUBLES: readonly [string, Behaviour, object][] = [
    ['BadRequestError', vtError(400, 'BadRequestError'), refusal('unanswerable')],
    ['InvalidArgumentError', vtError(400, 'InvalidArgumentError'), refusal('unanswerable')],
    ['NotAvailableYet', vtError(400, 'NotAvailableYet'), refusal('unanswerable')],
    ['AuthenticationRequiredError', vtError(401, 'AuthenticationRequiredError'), refusal('refused')],
    ['UserNotActiveError', vtError(401, 'UserNotActiveError'), refusal('refused')],
    ['WrongCredentialsError', vtError(401, 'WrongCredentialsError'), refusal('refused')],
    ['ForbiddenError', vtError(403, 'ForbiddenError'), refusal('refused')],
    ['a 404 that is not its own', page, refusal('failed')],
    ['FailedDependencyError', vtError(424, 'FailedDependencyError'), refusal('failed')],
    ['QuotaExceededError', vtError(429, 'QuotaExceededError'), refusal('busy')],
    [
      'TooManyRequestsError with Retry-After',
      vtError(429, 'TooManyRequestsError', '', { 'retry-after': '60' }),
      refusal('busy', 60),
    ],
    ['TransientError', vtError(503, 'TransientError'), refusal('failed')],
    ['DeadlineExceededError', vtError(504, 'DeadlineExceededError'), refusal('failed')],
    ['500 without a word', { status: 500 }, refusal('failed')],
    [
      'a page instead of JSON',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
      net('malformed'),
    ],
    [
      'JSON that ends too early',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"data":' },
      net('malformed'),
    ],
    [
      'counts that are none',
      json({ data: { attributes: { last_analysis_stats: { malicious: '7' } } } }),
      net('malformed'),
    ],
    ['negative counts', json({ data: { attributes: { last_analysis_stats: stats(-7) } } }), net('malformed')],
    ['a huge report', json({ data: 'x'.repeat(200_000) }), net('too-large')],
    ['silence', 'hang', net('timeout')],
    ['an answer without end', 'trickle', net('timeout')],
    ['an answer that is cut short', 'cut-short', net('connection')],
    ['a reset connection', 'reset', net('connection')],
  ];
  for (const [what, trouble, expected] of TROUBLES) {
    it(`tells apart: ${what}`, async () => {
      fake.trouble = trouble;
      await assert.rejects(ask(link('https://birch.example/')), expected);
    });
  }

  it('is refused with a wrong key', async () => {
    const other = createVirusTotal({ key: 'other', baseUrl: fake.url, http });
    const questions = other.questions(link('https://birch.example/'));
    await assert.rejects(other.ask(questions, new AbortController().signal), refusal('refused'));
  });

  it('takes answers from the cache that it does not understand for no answer', () => {
    for (const answer of [7, 'x', {}, { malicious: 9 }, { malicious: -1, suspicious: 0, engines: 9 }, undefined])
      assert.equal(provider.judge(link('https://a.example/'), new Map([['q', answer]])).verdict, 'unknown');
  });
});
