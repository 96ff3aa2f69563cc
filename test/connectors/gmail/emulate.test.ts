import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Emulator } from 'emulate';
import { createGmailConnector } from '../../../src/connectors/gmail/gmail.js';
import type { Connector, HoldReceipt } from '../../../src/connectors/connector.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import type { HttpClient } from '../../../src/net/http-client.js';
import { createOAuthClient } from '../../../src/net/oauth-client.js';
import { message } from '../../contracts/connector-contract.js';
import { EMULATED, EMULATED_REDIRECT, startEmulate } from '../../peers/google/emulate.js';
import { memoryTokens } from '../../peers/tokens.js';

const SCOPES = ['https://www.googleapis.com/auth/gmail.modify'];
const ANN = 'ann@example.test';
const signal = new AbortController().signal;

/** The way things go when they go well, against an emulator that nobody here has written. */
describe('Gmail, as the package emulate understands it', function () {
  this.timeout(20_000);
  let google: Emulator;
  let http: HttpClient;
  let connector: Connector;
  let accessToken: string;

  before(async () => {
    google = await startEmulate(ANN);
    http = createHttpClient();
    const oauth = createOAuthClient({
      ...EMULATED,
      http,
      authorizeUrl: `${google.url}/o/oauth2/v2/auth`,
      tokenUrl: `${google.url}/oauth2/token`,
    });
    const verifier = randomBytes(48).toString('base64url');
    const asked = new URL(
      oauth.authorizationUrl({
        redirectUri: EMULATED_REDIRECT,
        scopes: SCOPES,
        state: 'state-state-state-state',
        challenge: createHash('sha256').update(verifier).digest('base64url'),
        extra: { access_type: 'offline', prompt: 'consent' },
      }),
    );
    assert.equal((await fetch(asked)).status, 200, 'the sign-in page knows the client and the redirect');
    const form = new URLSearchParams([...asked.searchParams, ['email', ANN]]);
    const back = await fetch(`${google.url}/o/oauth2/v2/auth/callback`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    assert.equal(searchParams.get('state'), 'state-state-state-state');
    const code = searchParams.get('code') ?? '';
    const first = await oauth.exchange({ code, verifier, redirectUri: EMULATED_REDIRECT });
    const tokens = memoryTokens(oauth, { accessToken: first.accessToken, refreshToken: first.refreshToken ?? '' });
    // The one before is given up at once: what follows runs on a refreshed token.
    accessToken = await tokens.get(first.accessToken, signal);
    assert.notEqual(accessToken, first.accessToken);
    connector = createGmailConnector({
      ...{ http, tokens, baseUrl: google.url, mayChange: true, maxBytes: 1_000_000 },
      topic: 'projects/acme/topics/mail',
      revoke: null,
    });
  });
  after(async () => {
    await http.close();
    await google.close();
  });

  async function deliver(raw: Buffer, labelIds = ['INBOX', 'UNREAD']) {
    const answer = await fetch(`${google.url}/gmail/v1/users/me/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ raw: raw.toString('base64url'), labelIds }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as { id: string; historyId: string };
  }

  it('new messages are found by history, with the cursor that history gave', async () => {
    const { historyId } = await deliver(message('before'));
    const { id } = await deliver(message('after'));
    const page = await connector.changes(historyId, signal);
    assert.deepEqual(
      page.messages.map((ref) => [ref.id, ref.folder]),
      [[id, 'INBOX']],
    );
    assert.deepEqual((await connector.changes(page.cursor, signal)).messages, []);
  });

  it('the bytes of a message come as they were handed over', async () => {
    const raw = message('bytes', 'Grüße aus Zürich');
    const { id } = await deliver(raw, ['INBOX', 'UNREAD', 'Label_projects']);
    const fetched = await connector.fetch({ id, folder: '' }, signal);
    assert.equal(Buffer.from(fetched.bytes).toString(), raw.toString());
    assert.deepEqual(fetched.flags, { read: false, flagged: false });
    assert.deepEqual(fetched.labels, ['Projects']);
    assert.ok(fetched.ref.receivedAt instanceof Date);
  });

  it('the inbox is listed with what a message is recognised by', async () => {
    await deliver(message('about elephants'));
    const page = await connector.list({ folder: 'INBOX', summaries: true, limit: 50 }, null, signal);
    const found = page.messages.find(({ summary }) => summary?.subject === 'about elephants');
    assert.equal(found?.summary?.fromAddress, 'sender@example.test');
  });

  it('a message is held, labelled and released', async () => {
    const { id } = await deliver(message('held'));
    const ref = { id, folder: 'INBOX' };
    const kept: HoldReceipt[] = [];
    const keep = (receipt: HoldReceipt) => Promise.resolve(void kept.push(receipt));
    const receipt = await connector.hold!.quarantine(ref, randomUUID(), keep, signal);
    assert.equal(kept.length, 1);
    assert.equal((await connector.fetch(ref, signal)).ref.folder, 'Held by postern');
    await connector.hold!.release(receipt, signal);
    await connector.annotate!.annotate(ref, { add: ['Looked at'], remove: [] }, signal);
    const back = await connector.fetch(ref, signal);
    assert.equal(back.ref.folder, 'INBOX');
    assert.equal(back.flags.read, false);
    assert.deepEqual(back.labels, ['Looked at']);
  });

  it('a watch is begun, with a time to renew it', async () => {
    const lease = await connector.push!.start(() => undefined, signal);
    assert.ok(lease.renewInMs !== null && lease.renewInMs > 0);
  });
});
