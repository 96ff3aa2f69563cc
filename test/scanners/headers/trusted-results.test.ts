import assert from 'node:assert/strict';
import { authenticate } from '../../../src/scanners/headers/authentication/authenticate.js';
import { readTrustedResults } from '../../../src/scanners/headers/authentication/trusted-results.js';
import { offlineContext } from '../offline-context.js';
import { messageOf, PASSING, RECEIVED, results } from './message-of.js';

const FROM = 'From: Bank <info@bank.example>';
const FORGED = PASSING;

describe('Authentication-Results', () => {
  it('of the server that took the message in is believed', async () => {
    const result = readTrustedResults(await messageOf(RECEIVED, PASSING, FROM), []);
    assert.equal(result?.by, 'mx.corp.example');
    assert.deepEqual(result.spf, { result: 'pass', domain: 'bank.example' });
    assert.deepEqual(result.dkim, [{ result: 'pass', domain: 'bank.example' }]);
    assert.equal(result.dmarc.result, 'pass');
  });

  it('of any other server is not believed', async () => {
    const foreign = results('mx.evil.example', 'dmarc=pass header.from=bank.example');
    assert.equal(readTrustedResults(await messageOf(RECEIVED, foreign, FROM), []), null);
  });

  it('below the fields the sender wrote is not believed', async () => {
    assert.equal(readTrustedResults(await messageOf(RECEIVED, FROM, FORGED), []), null);
    assert.equal(readTrustedResults(await messageOf(RECEIVED, 'DKIM-Signature: v=1', FORGED, FROM), []), null);
  });

  it('below the field of another hop is not believed, whatever name that hop uses', async () => {
    const hop = 'Received: from [192.0.2.66] by mx.corp.example; Tue, 12 May 2026 09:14:00 +0000';
    assert.equal(readTrustedResults(await messageOf(RECEIVED, hop, FORGED, FROM), []), null);
    assert.equal(readTrustedResults(await messageOf(RECEIVED, hop, FORGED, FROM), ['mx.corp.example']), null);
  });

  it('of the same server below a first one does not count', async () => {
    const real = results('mx.corp.example', 'spf=fail smtp.mailfrom=evil.example');
    const result = readTrustedResults(await messageOf(RECEIVED, real, FORGED, FROM), []);
    assert.equal(result?.spf.result, 'fail');
    assert.equal(result.dmarc.result, 'none');
  });

  it('is believed of configured servers only, where any are configured', async () => {
    const message = await messageOf(RECEIVED, PASSING, FROM);
    assert.equal(readTrustedResults(message, ['mx.other.example']), null);
    assert.equal(readTrustedResults(message, ['MX.corp.example'])?.dmarc.result, 'pass');
  });

  it('of a machine inside the receiving organisation is believed past internal hops', async () => {
    const inside =
      'Received: from mx.corp.example ([10.0.0.4])\r\n\tby store.corp.example; Tue, 12 May 2026 09:14:05 +0000';
    const result = readTrustedResults(await messageOf(inside, RECEIVED, PASSING, FROM), []);
    assert.equal(result?.dmarc.result, 'pass');
  });

  it('of Exchange Online, which gives no name, is believed beside its own hop', async () => {
    const hop =
      'Received: from mail.bank.example (192.0.2.10)\r\n\tby AM7EUR03FT1.mail.protection.outlook.com; Tue, 12 May 2026 09:14:03 +0000';
    const written =
      'Authentication-Results: spf=pass (sender IP is 192.0.2.10)\r\n smtp.mailfrom=bank.example; dkim=pass header.d=bank.example;dmarc=pass action=none\r\n header.from=bank.example;compauth=pass reason=100';
    const result = readTrustedResults(await messageOf(hop, written, FROM), []);
    assert.equal(result?.by, 'outlook.com');
    assert.equal(result.dmarc.domain, 'bank.example');
  });

  it('cannot be forged with comments, quotes or words that are no results', async () => {
    for (const text of [
      'dmarc=fail (dmarc=pass header.from=bank.example) header.from=bank.example',
      'dmarc="pass" header.from=evil.example',
      'dmarc=bestguesspass header.from=bank.example',
      'x=y (; dmarc=pass',
    ]) {
      const message = await messageOf(RECEIVED, results('mx.corp.example', text), FROM);
      const result = await authenticate(message, offlineContext({}), null);
      assert.equal(result.aligned, false, text);
    }
  });

  it('that prove another domain than the visible sender do not align', async () => {
    for (const text of [
      'spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example; dmarc=none',
      'dmarc=pass header.from=evil.example',
      'dmarc=pass',
      'dmarc=fail header.from=bank.example; spf=pass smtp.mailfrom=bank.example',
      'spf=pass smtp.mailfrom=bank.example.evil.example',
      'dkim=fail header.d=bank.example; spf=softfail smtp.mailfrom=bank.example',
    ]) {
      const message = await messageOf(RECEIVED, results('mx.corp.example', text), FROM);
      const result = await authenticate(message, offlineContext({}), null);
      assert.equal(result.aligned, false, text);
    }
  });

  it('prove the sender by an aligned signature or server where DMARC says nothing', async () => {
    for (const text of [
      'dkim=pass header.d=mail.bank.example',
      'spf=pass smtp.mailfrom=bounce@mail.bank.example',
      'dkim=pass header.i=@bank.example',
    ]) {
      const message = await messageOf(RECEIVED, results('mx.corp.example', text), FROM);
      assert.equal((await authenticate(message, offlineContext({}), null)).aligned, true, text);
    }
  });

  it('are absent where nobody looked: no guilt, no innocence', async () => {
    const result = await authenticate(await messageOf(RECEIVED, FROM), offlineContext({}), null);
    assert.equal(result.source, 'none');
    assert.equal(result.aligned, false);
  });
});
