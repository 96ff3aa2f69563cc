import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { ProviderFault } from '../../src/intel/provider.js';
import type { IntelProvider, Opinion } from '../../src/intel/provider.js';
import { expressionsOf } from '../../src/intel/safe-browsing/expressions.js';
import { readAnswer } from '../../src/intel/safe-browsing/read-answer.js';
import { createSafeBrowsing } from '../../src/intel/safe-browsing/safe-browsing.js';
import { createHttpClient } from '../../src/net/http-client.js';
import type { HttpClient } from '../../src/net/http-client.js';
import { NetFault } from '../../src/net/net-fault.js';
import type { Behaviour } from '../helpers/web-server.js';
import { googleError, protobuf, searchHashesResponse, startSafeBrowsing, wrongKey } from './fakes/safe-browsing.js';
import type { FakeSafeBrowsing } from './fakes/safe-browsing.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

describe('Safe Browsing', () => {
  let fake: FakeSafeBrowsing;
  let http: HttpClient;
  let provider: IntelProvider;
  before(async () => {
    fake = await startSafeBrowsing('sb-key');
    http = createHttpClient({ timeoutMs: 300, maxBytes: 100_000 });
    provider = createSafeBrowsing({ key: 'sb-key', baseUrl: fake.url, http });
  });
  beforeEach(() => {
    fake.listed.clear();
    fake.strays.length = 0;
    fake.trouble = null;
    fake.cacheSeconds = 300;
  });
  after(async () => {
    await http.close();
    await fake.close();
  });

  const never = new AbortController().signal;
  const ask = (url: string, by = provider) => by.ask(by.questions({ kind: 'url', value: url }), never);
  async function opinion(url: string): Promise<Opinion> {
    const { byQuestion } = await ask(url);
    return provider.judge({ kind: 'url', value: url }, byQuestion);
  }

  // developers.google.com/safe-browsing/reference/URLs.and.Hashing, "Suffix/Prefix Expressions", has these examples.
  const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
    'http://a.b.com/1/2.html?param=1': [
      'a.b.com/1/2.html?param=1',
      'a.b.com/1/2.html',
      'a.b.com/',
      'a.b.com/1/',
      'b.com/1/2.html?param=1',
      'b.com/1/2.html',
      'b.com/',
      'b.com/1/',
    ],
    'http://a.b.c.d.e.f.com/1.html': [
      'a.b.c.d.e.f.com/1.html',
      'a.b.c.d.e.f.com/',
      'c.d.e.f.com/1.html',
      'c.d.e.f.com/',
      'd.e.f.com/1.html',
      'd.e.f.com/',
      'e.f.com/1.html',
      'e.f.com/',
      'f.com/1.html',
      'f.com/',
    ],
    'http://1.2.3.4/1/': ['1.2.3.4/1/', '1.2.3.4/'],
    'http://example.co.uk/1': ['example.co.uk/1', 'example.co.uk/'],
    // "An IPv4-mapped IPv6 address … should be transformed into 1.2.3.4", and so NAT64 addresses.
    'http://[::ffff:1.2.3.4]/': ['1.2.3.4/'],
    'http://[64:ff9b::1.2.3.4]/': ['1.2.3.4/'],
    'http://[2001:0db8:0000::1]/': ['[2001:db8::1]/'],
  };
  for (const [url, expected] of Object.entries(EXPRESSIONS)) {
    it(`looks ${url} up by the documented expressions`, () => {
      assert.deepEqual([...expressionsOf(url)].sort(), [...expected].sort());
    });
  }

  it('never asks more than thirty questions of a link, however long it is', () => {
    const url = `https://${'a.'.repeat(50)}evil.example/${'b/'.repeat(50)}?${'c'.repeat(500)}`;
    assert.equal(expressionsOf(url).length, 30);
  });

  it('knows a listed page, a page below a listed folder, and everything on a listed site', async () => {
    fake.listed.set('evil.example/', [{ type: 2 }]).set('host.example/users/7/', [{ type: 1 }]);
    assert.deepEqual(await opinion('https://login.evil.example/a/b?c=d#e'), {
      verdict: 'malicious',
      says: 'lists it for phishing or deception',
    });
    assert.equal((await opinion('https://host.example/users/7/x.html')).verdict, 'malicious');
    assert.equal((await opinion('https://host.example/users/8/x.html')).verdict, 'unknown');
  });

  it('calls unwanted software suspicious, and nothing it lists clean', async () => {
    fake.listed.set('toolbar.example/', [{ type: 3 }]);
    assert.equal((await opinion('https://toolbar.example/')).verdict, 'suspicious');
    assert.deepEqual(await opinion('https://birch.example/'), { verdict: 'unknown', says: '' });
  });

  it('is not misled by another site whose hash begins the same', async () => {
    const mine = sha256('innocent.example/');
    fake.strays.push(Buffer.concat([mine.subarray(0, 4), randomBytes(28)]).toString('hex'));
    assert.equal((await opinion('https://innocent.example/')).verdict, 'unknown');
  });

  it('passes over kinds and attributes of threats that it does not know, or that must not be acted on', async () => {
    fake.listed
      .set('future.example/', [{ type: 99 }])
      .set('canary.example/', [{ type: 2, attributes: [1] }])
      .set('framed.example/', [{ type: 2, attributes: [2] }])
      .set('strange.example/', [{ type: 1, attributes: [77] }])
      .set('both.example/', [{ type: 99 }, { type: 1 }]);
    for (const host of ['future', 'canary', 'framed', 'strange']) {
      assert.equal((await opinion(`https://${host}.example/`)).verdict, 'unknown', host);
    }
    assert.equal((await opinion('https://both.example/')).verdict, 'malicious');
  });

  it('keeps every answer, also that there is nothing, as long as it was told and never beyond a day', async () => {
    const answers = await ask('https://birch.example/x');
    assert.equal(answers.lastsMs, 300_000);
    assert.deepEqual([...answers.byQuestion.values()], [[], []]);
    fake.cacheSeconds = 90_000_000;
    assert.equal((await ask('https://birch.example/x')).lastsMs, 86_400_000);
  });

  it('lets nothing leave but the key and four bytes of each hash', async () => {
    await ask('https://ann:secret@private.example/letter/7?to=jo.park@corp.example#jo.park');
    const { target, headers, body } = fake.seen.at(-1)!;
    const url = new URL(target, fake.url);
    assert.deepEqual([...new Set(url.searchParams.keys())].sort(), ['hashPrefixes', 'key']);
    const expected = expressionsOf('https://private.example/letter/7?to=jo.park@corp.example').map((text) =>
      sha256(text).subarray(0, 4).toString('base64'),
    );
    assert.deepEqual(url.searchParams.getAll('hashPrefixes'), expected);
    assert.equal(body, '');
    assert.deepEqual(Object.keys(headers).sort(), ['connection', 'host', 'user-agent']);
  });

  it('asks nothing about inner networks, files and other things', () => {
    for (const url of [
      'http://intranet/x',
      'https://wiki.corp/',
      'http://10.1.2.3/',
      'http://[fd00::1]/',
      'ftp://a.example/',
      'mailto:a@b.example',
      'no url',
    ])
      assert.deepEqual(provider.questions({ kind: 'url', value: url }), [], url);
    assert.deepEqual(provider.questions({ kind: 'sha256', value: 'a'.repeat(64) }), []);
  });

  const net = (kind: string) => ({ name: 'NetFault', kind });
  const refusal = (kind: string, retryAfterSeconds: number | null = null) => ({
    name: 'ProviderFault',
    kind,
    retryAfterSeconds,
  });
  // cloud.google.com/apis/design/errors, "Handling errors", for the codes.
  const TROUBLES: readonly [string, Behaviour, object][] = [
    ['400 for a wrong key', wrongKey(), refusal('refused')],
    ['400 for anything else', googleError(400, 'INVALID_ARGUMENT', 'hash prefix'), refusal('failed')],
    ['401', googleError(401, 'UNAUTHENTICATED', ''), refusal('refused')],
    ['403', googleError(403, 'PERMISSION_DENIED', ''), refusal('refused')],
    ['404', googleError(404, 'NOT_FOUND', ''), refusal('failed')],
    ['429', googleError(429, 'RESOURCE_EXHAUSTED', ''), refusal('busy')],
    ['429 with Retry-After', googleError(429, 'RESOURCE_EXHAUSTED', '', { 'retry-after': '90' }), refusal('busy', 90)],
    ['500', googleError(500, 'INTERNAL', ''), refusal('failed')],
    ['503', googleError(503, 'UNAVAILABLE', '', { 'retry-after': '5' }), refusal('failed', 5)],
    ['504', googleError(504, 'DEADLINE_EXCEEDED', ''), refusal('failed')],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, refusal('failed')],
    [
      'a page of a captive portal',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in' },
      net('malformed'),
    ],
    ['JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }, net('malformed')],
    ['bytes that are no message', protobuf(Buffer.from([0x0a, 0xff])), net('malformed')],
    [
      'a hash that is too short',
      protobuf(searchHashesResponse([{ hash: Buffer.alloc(31), details: [] }], 1)),
      net('malformed'),
    ],
    ['a huge answer', protobuf(Buffer.alloc(200_000)), net('too-large')],
    ['silence', 'hang', net('timeout')],
    ['a reset connection', 'reset', net('connection')],
  ];
  for (const [what, trouble, expected] of TROUBLES) {
    it(`tells apart: ${what}`, async () => {
      fake.trouble = trouble;
      await assert.rejects(ask('https://birch.example/'), expected);
    });
  }

  it('never repeats its key in a fault', async () => {
    for (const trouble of [wrongKey(), googleError(500, 'sb-key', 'sb-key'), 'reset', 'hang'] as const) {
      fake.trouble = trouble;
      const fault = await ask('https://birch.example/').catch((error: unknown) => error);
      assert.ok(fault instanceof ProviderFault || fault instanceof NetFault);
      assert.doesNotMatch(fault.message, /sb-key/);
    }
  });

  it('is refused with a key that is not the right one', async () => {
    const other = createSafeBrowsing({ key: 'other', baseUrl: fake.url, http });
    await assert.rejects(ask('https://birch.example/', other), refusal('refused'));
  });

  it('reads any bytes as an answer or as damaged, and nothing else happens', () => {
    const whole = searchHashesResponse([{ hash: sha256('x'), details: [{ type: 1, attributes: [1, 2] }] }], 300);
    const samples = [
      ...Array.from({ length: 2000 }, () => randomBytes(40)),
      ...Array.from(whole, (_, end) => whole.subarray(0, end)),
      ...Array.from(whole, (_, at) => Buffer.concat([whole.subarray(0, at), randomBytes(1), whole.subarray(at + 1)])),
    ];
    for (const bytes of samples) {
      try {
        readAnswer(bytes);
      } catch (error) {
        assert.ok(error instanceof NetFault, `${String(error)} for ${bytes.toString('hex')}`);
      }
    }
  });

  it('takes answers from the cache that it does not understand for no answer', () => {
    const url = 'https://birch.example/';
    for (const answer of [null, 7, 'x', [null], [{}], [{ hash: 1, threats: 1 }], undefined]) {
      const answers = new Map(provider.questions({ kind: 'url', value: url }).map((question) => [question, answer]));
      assert.equal(provider.judge({ kind: 'url', value: url }, answers).verdict, 'unknown');
    }
  });
});
