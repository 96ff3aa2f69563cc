import assert from 'node:assert/strict';
import { addressOfPush, createPushVerifier } from '../../../src/connectors/gmail/verify-push.js';
import type { PushVerifier } from '../../../src/connectors/gmail/verify-push.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import type { HttpClient } from '../../../src/net/http-client.js';
import { startGoogle } from '../../peers/google/google.js';
import type { GooglePeer } from '../../peers/google/google.js';

const AUDIENCE = 'https://mail.example/webhooks/gmail';
const ACCOUNT = 'pusher@acme.iam.gserviceaccount.com';

describe('the token of a Pub/Sub push', () => {
  let google: GooglePeer;
  let http: HttpClient;
  let verifier: PushVerifier;
  const seconds = Math.floor(Date.now() / 1000);
  const good = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    email: ACCOUNT,
    email_verified: true,
    iat: seconds,
    exp: seconds + 3600,
  };

  before(async () => {
    google = await startGoogle();
    http = createHttpClient({ timeoutMs: 2000 });
    verifier = createPushVerifier({
      http,
      certsUrl: `${google.url}/oauth2/v3/certs`,
      audience: () => AUDIENCE,
      account: ACCOUNT,
    });
  });
  after(async () => {
    await http.close();
    await google.close();
  });

  it('is valid when Google signed it for this address and that account', async () => {
    assert.equal(await verifier.verify(await google.pushToken(good)), 'valid');
    assert.equal(await verifier.verify(await google.pushToken({ ...good, iss: 'accounts.google.com' })), 'valid');
  });

  it('the keys are fetched once for many pushes', async () => {
    for (let n = 0; n < 5; n += 1) await verifier.verify(await google.pushToken(good));
    assert.equal(google.requests.filter(({ path }) => path === '/oauth2/v3/certs').length, 1);
  });

  const forgeries: Record<string, object> = {
    'another issuer': { iss: 'https://accounts.example' },
    'another audience': { aud: 'https://other.example/webhooks/gmail' },
    'another account': { email: 'somebody@gmail.com' },
    'an address that is not verified': { email_verified: false },
    'a time that has passed': { exp: seconds - 120 },
    'no end': { exp: undefined },
    'no address': { email: undefined },
  };
  for (const [what, change] of Object.entries(forgeries)) {
    it(`is refused with ${what}`, async () => {
      assert.equal(await verifier.verify(await google.pushToken({ ...good, ...change })), 'invalid');
    });
  }

  it('is refused when somebody else signed it, when it is unsigned, changed, missing or huge', async () => {
    const genuine = await google.pushToken(good);
    const [head, , signature] = genuine.split('.');
    const changed = Buffer.from(JSON.stringify({ ...good, email: 'eve@example.test' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const token of [
      await google.pushToken(good, { alien: true }),
      `${head}.${changed}.${signature}`,
      `${none}.${changed}.`,
      'a.b.c',
      '',
      'x'.repeat(100_000),
    ])
      assert.equal(await verifier.verify(token), 'invalid', token.slice(0, 40));
    assert.equal(await verifier.verify(null), 'invalid');
  });

  it('is neither valid nor invalid while the keys of Google cannot be had', async () => {
    const fresh = createPushVerifier({
      http,
      certsUrl: `${google.url}/gone`,
      audience: () => AUDIENCE,
      account: ACCOUNT,
    });
    assert.equal(await fresh.verify(await google.pushToken(good)), 'unknown');
  });

  it('names a mailbox, or nothing that is read further', () => {
    const data = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
    const push = (value: unknown) => ({ message: { data: data(value), messageId: '1' }, subscription: 's' });
    assert.equal(addressOfPush(push({ emailAddress: 'Ann@Example.test', historyId: '9' })), 'ann@example.test');
    for (const other of [push({ historyId: 1 }), push(null), { message: { data: '!!' } }, null, [], 'x'])
      assert.equal(addressOfPush(other), null);
  });
});
