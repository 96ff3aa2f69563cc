import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { delegatedTokens } from '../../../src/connectors/gmail/delegation.js';
import { createGmailConnector } from '../../../src/connectors/gmail/gmail.js';
import { createQuota } from '../../../src/connectors/gmail/quota.js';
import type { GmailOptions } from '../../../src/connectors/gmail/gmail.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { createOAuthClient } from '../../../src/net/oauth-client.js';
import { message } from '../../contracts/connector-contract.js';
import { GOOGLE_CLIENT, startGoogle } from '../../peers/google/google.js';
import { memoryTokens } from '../../peers/tokens.js';
import { faults, inTrouble } from '../in-trouble.js';

const SCOPE = 'https://www.googleapis.com/auth/gmail.';
const signal = new AbortController().signal;

describe('Gmail when things go wrong', () => {
  const given = inTrouble(startGoogle);

  function open(scope: string, options: Partial<GmailOptions> = {}): Connector {
    const oauth = createOAuthClient({
      ...GOOGLE_CLIENT,
      http: given.http,
      authorizeUrl: '',
      tokenUrl: `${given.peer.url}/token`,
    });
    return createGmailConnector({
      http: given.http,
      baseUrl: given.peer.url,
      tokens: memoryTokens(oauth, given.peer.grant([`${SCOPE}${scope}`])),
      mayChange: true,
      maxBytes: 100_000,
      topic: null,
      revoke: null,
      sleep: given.sleep,
      ...options,
    });
  }

  it('an access token that has expired is replaced without anybody noticing', async () => {
    const connector = open('readonly');
    const { cursor } = await connector.changes(null, signal);
    given.peer.expireAccess();
    given.peer.mailbox.add(message('later'));
    assert.equal((await connector.changes(cursor, signal)).messages.length, 1);
  });

  it('gmail.readonly reads, and is refused when it changes something', async () => {
    const connector = open('readonly');
    const id = given.peer.mailbox.add(message('m'));
    assert.equal((await connector.list({}, null, signal)).messages.length, 1);
    await faults('auth-revoked', connector.annotate!.annotate({ id, folder: '' }, { add: ['x'], remove: [] }, signal));
  });

  it('without gmail.modify a connector does not offer to hold or to label', () => {
    const connector = open('readonly', { mayChange: false });
    assert.equal(connector.hold, undefined);
    assert.equal(connector.annotate, undefined);
  });

  for (const [what, answer] of Object.entries({
    'a 429': {
      status: 429,
      json: { error: { errors: [{ reason: 'rateLimitExceeded' }] } },
      headers: { 'retry-after': '7' },
    },
    'a 403 with rateLimitExceeded': { status: 403, json: { error: { errors: [{ reason: 'userRateLimitExceeded' }] } } },
    'a 500': { status: 500, json: { error: { errors: [{ reason: 'backendError' }] } } },
    'a 503 that is no JSON': { status: 503, text: '<html>' },
  })) {
    it(`${what} is waited for and asked again`, async () => {
      given.peer.fail(/ .*\/profile/, answer, 2);
      await open('readonly').changes(null, signal);
      assert.equal(given.waits.length, 2);
      if (what === 'a 429') assert.ok(given.waits.every((ms) => ms >= 7000));
      else assert.ok(given.waits[0]! >= 500 && given.waits[1]! >= 1000, given.waits.join());
    });
  }

  it('a longer wait than a request can stand is passed on', async () => {
    given.peer.fail(/ .*\/profile/, { status: 429, json: {}, headers: { 'retry-after': '300' } });
    await assert.rejects(open('readonly').changes(null, signal), { kind: 'rate-limited', retryAfterMs: 300_000 });
    assert.deepEqual(given.waits, []);
  });

  it('a history that has expired says so', async () => {
    const connector = open('readonly');
    const { cursor } = await connector.changes(null, signal);
    given.peer.mailbox.expireHistory();
    await faults('cursor-expired', connector.changes(cursor, signal));
  });

  it('history ids beyond what a number holds are kept to the digit', async () => {
    const { cursor } = await open('readonly').changes(null, signal);
    assert.equal(cursor, String(given.peer.mailbox.current));
    assert.notEqual(String(Number(cursor)), cursor);
  });

  it('what is sent, drafted, or spam is not taken for new mail, and spam is once somebody moves it to the inbox', async () => {
    const connector = open('modify');
    const { cursor } = await connector.changes(null, signal);
    given.peer.mailbox.add(message('sent'), ['SENT']);
    given.peer.mailbox.add(message('draft'), ['DRAFT']);
    const spam = given.peer.mailbox.add(message('spam'), ['SPAM']);
    const toMyself = given.peer.mailbox.add(message('to myself'), ['SENT', 'INBOX']);
    const page = await connector.changes(cursor, signal);
    assert.deepEqual(
      page.messages.map(({ id }) => id),
      [toMyself],
    );
    given.peer.mailbox.change(spam, ['INBOX'], ['SPAM']);
    const next = await connector.changes(page.cursor, signal);
    assert.deepEqual(
      next.messages.map(({ id }) => id),
      [spam],
    );
  });

  it('the quota of a minute is not overdrawn: who asks for more waits for what comes in, in order', async () => {
    let at = 0;
    const pause = (ms: number) => {
      given.waits.push(ms);
      return Promise.resolve();
    };
    const quota = createQuota(pause, () => at);
    // Four fifths of 6,000 units are there at first; 80 come in each second.
    for (let n = 0; n < 240; n += 1) await quota.take(20, signal);
    assert.deepEqual(given.waits, []);
    await quota.take(20, signal);
    await quota.take(20, signal);
    assert.deepEqual(given.waits, [250, 500]);
    at = 60_000;
    await quota.take(4760, signal);
    assert.deepEqual(given.waits, [250, 500], 'a minute later it is full again, less what was owed');
    await quota.take(20, signal);
    assert.equal(given.waits.length, 3);
  });

  it('every call is paid for', async () => {
    const taken: number[] = [];
    const quota = { take: (units: number) => Promise.resolve(void taken.push(units)) };
    const connector = open('readonly', { quota });
    const id = given.peer.mailbox.add(message('m'));
    const { cursor } = await connector.changes(null, signal);
    await connector.changes(cursor, signal);
    await connector.fetch({ id, folder: '' }, signal);
    assert.deepEqual(taken, [1, 2, 1, 20]);
  });

  it('watches the topic, renews within a day, and stops on disconnecting', async () => {
    const topic = 'projects/acme/topics/mail';
    const connector = open('readonly', { topic, revoke: () => Promise.resolve(true) });
    const lease = await connector.push!.start(() => undefined, signal);
    assert.equal(given.peer.mailbox.watchedBy, topic);
    assert.ok(lease.renewInMs! <= 86_400_000);
    assert.deepEqual(await connector.disconnect(), { revoked: true, stillHeld: [] });
    assert.equal(given.peer.mailbox.watchedBy, null);
  });

  it('a delegated service account reads the mailbox of the person it names, and no other', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const account = 'scanner@acme.iam.gserviceaccount.com';
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    given.peer.delegations.set(account, {
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      scopes: [`${SCOPE}readonly`],
    });
    const tokens = (address: string) =>
      delegatedTokens({
        http: given.http,
        tokenUrl: `${given.peer.url}/token`,
        audience: 'https://oauth2.googleapis.com/token',
        key: { type: 'service_account', client_email: account, private_key: pem },
        address,
        scopes: [`${SCOPE}readonly`],
        now: () => new Date(),
      });
    given.peer.mailbox.add(message('m'));
    const connector = open('readonly', { tokens: tokens('ann@example.test') });
    assert.equal((await connector.list({}, null, signal)).messages.length, 1);
    given.peer.expireAccess();
    assert.equal((await connector.list({}, null, signal)).messages.length, 1);
    await faults('auth-revoked', open('readonly', { tokens: tokens('bob@example.test') }).changes(null, signal));
    const report = await connector.disconnect();
    assert.equal(report.revoked, false);
    assert.match(report.stillHeld[0]!, /Admin console/);
  });
});
