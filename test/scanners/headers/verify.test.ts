import assert from 'node:assert/strict';
import { readMessage } from '../../../src/mail/read-message.js';
import { authenticate } from '../../../src/scanners/headers/authentication/authenticate.js';
import type { AuthenticationResult } from '../../../src/scanners/scanner.js';
import { offlineContext } from '../offline-context.js';
import { PASSING, rawOf, RECEIVED, results } from './message-of.js';
import { FIELDS, PUBLIC_KEY, signed } from './signed-message.js';
import { lookupIn } from './suite-zones.js';

const ZONES = {
  'bank.example': [{ TXT: 'v=spf1 ip4:192.0.2.10 -all' }],
  '_dmarc.bank.example': [{ TXT: 'v=DMARC1; p=reject' }],
  's1._domainkey.bank.example': [{ TXT: PUBLIC_KEY }],
};

const ELSEWHERE = RECEIVED.replace('192.0.2.10', '203.0.113.9');
describe('a message verified by DNS', () => {
  it('is proven by its signature and by the server it came from', async () => {
    const result = await check(await signed(RECEIVED));
    assert.equal(result.source, 'verified');
    assert.deepEqual(result.spf, { result: 'pass', domain: 'bank.example' });
    assert.deepEqual(result.dkim, [{ result: 'pass', domain: 'bank.example' }]);
    assert.deepEqual(result.dmarc, { result: 'pass', domain: 'bank.example', policy: 'reject' });
    assert.equal(result.aligned, true);
  });

  it('is proven by its signature alone when it was forwarded', async () => {
    const result = await check(await signed(ELSEWHERE));
    assert.equal(result.spf.result, 'fail');
    assert.equal(result.aligned, true);
  });

  it('is not proven when its text was changed, even where a forged field says so', async () => {
    const raw = Buffer.from(
      (await signed(ELSEWHERE)).toString('latin1').replace('Hello', 'Hullo').replace('From:', `${PASSING}\r\nFrom:`),
      'latin1',
    );
    const result = await check(raw);
    assert.equal(result.dmarc.result, 'fail');
    assert.equal(result.aligned, false);
  });

  it('is not proven by a signature over the beginning of its text only', async () => {
    const raw = Buffer.concat([
      await signed(ELSEWHERE, { maxBodyLength: 3 }),
      Buffer.from('and then something else\r\n'),
    ]);
    const result = await check(raw);
    assert.deepEqual(result.dkim, [{ result: 'policy', domain: 'bank.example' }]);
    assert.equal(result.aligned, false);
  });

  it('is not proven by a signature that leaves the sender out', async () => {
    const result = await check(await signed(ELSEWHERE, { headerList: 'subject:to:date' }));
    assert.equal(result.aligned, false);
  });

  it('is not proven when a second From was put on top of the signed one', async () => {
    const raw = Buffer.from(
      (await signed(RECEIVED)).toString('latin1').replace('From:', 'From: Chief <chief@corp.example>\r\nFrom:'),
      'latin1',
    );
    assert.equal((await check(raw)).aligned, false);
  });

  it('is believed of a configured server where the mailbox rewrote the text after checking it', async () => {
    const pass = results('mx.corp.example', 'dkim=pass header.d=bank.example; dmarc=pass header.from=bank.example');
    const raw = rawOf(ELSEWHERE, pass, ...FIELDS);
    assert.equal((await check(raw)).source, 'verified');
    const trusting = await check(raw, ['mx.corp.example']);
    assert.equal(trusting.source, 'trusted-header');
    assert.equal(trusting.aligned, true);
  });

  it('asks for no more names than a message can need, however many signatures it carries', async () => {
    const one = (await signed(RECEIVED)).toString('latin1');
    const signature = /DKIM-Signature:(?:.|\r\n[ \t])*\r\n/.exec(one)?.[0] ?? '';
    assert.notEqual(signature, '');
    const many = Array.from({ length: 300 }, (_, n) => signature.replace(/\bs=s1\b/, `s=s${n + 2}`)).join('');
    let asked = 0;
    const zones = lookupIn(ZONES);
    const lookup = { ...zones, dns: (name: string, type: string) => ((asked += 1), zones.dns(name, type)) };
    const raw = Buffer.from(many + one, 'latin1');
    const result = await authenticate(await readMessage(raw), offlineContext({ raw, lookup }), null);
    assert.equal(result.source, 'verified');
    assert.ok(asked < 80, `${asked} lookups`);
  });

  it('is read from its fields when no name server answers', async () => {
    const raw = rawOf(RECEIVED, PASSING, ...FIELDS);
    const result = await authenticate(await readMessage(raw), offlineContext({ raw }), null);
    assert.equal(result.source, 'trusted-header');
  });
});

async function check(raw: Uint8Array, trustedAuthservIds: readonly string[] = []): Promise<AuthenticationResult> {
  const context = offlineContext({ raw, lookup: lookupIn(ZONES), tenant: { trustedAuthservIds } });
  return authenticate(await readMessage(raw), context, null);
}
