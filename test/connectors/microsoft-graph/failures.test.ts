import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorFault } from '../../../src/connectors/connector.js';
import type { Connector, ConnectorFaultKind } from '../../../src/connectors/connector.js';
import { pathOfLink } from '../../../src/connectors/microsoft-graph/client.js';
import { createGraphConnector } from '../../../src/connectors/microsoft-graph/microsoft-graph.js';
import type { GraphOptions } from '../../../src/connectors/microsoft-graph/microsoft-graph.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import type { HttpClient } from '../../../src/net/http-client.js';
import { applicationTokens } from '../../../src/connectors/microsoft-graph/application.js';
import { createOAuthClient } from '../../../src/net/oauth-client.js';
import { message } from '../../contracts/connector-contract.js';
import { GraphMailbox } from '../../peers/microsoft/mailbox.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT, startMicrosoft } from '../../peers/microsoft/microsoft.js';
import type { MicrosoftPeer } from '../../peers/microsoft/microsoft.js';
import { memoryTokens } from '../../peers/tokens.js';

const signal = new AbortController().signal;

describe('Microsoft 365 when things go wrong', () => {
  let microsoft: MicrosoftPeer;
  let http: HttpClient;
  let waits: number[];

  const oauth = () =>
    createOAuthClient({
      ...MICROSOFT_CLIENT,
      http,
      authorizeUrl: '',
      tokenUrl: `${microsoft.url}/${MICROSOFT_TENANT}/oauth2/v2.0/token`,
    });
  function open(options: Partial<GraphOptions> = {}, scopes = ['Mail.ReadWrite', 'User.Read']): Connector {
    return createGraphConnector({
      http,
      baseUrl: microsoft.url,
      tokens: memoryTokens(oauth(), microsoft.grant(scopes)),
      address: null,
      mayChange: true,
      maxBytes: 100_000,
      push: null,
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      ...options,
    });
  }
  const faults = (kind: ConnectorFaultKind, work: Promise<unknown>) =>
    assert.rejects(work, (error) => error instanceof ConnectorFault && error.kind === kind);

  beforeEach(async () => {
    microsoft = await startMicrosoft();
    http = createHttpClient({ timeoutMs: 2000 });
    waits = [];
  });
  afterEach(async () => {
    await http.close();
    await microsoft.close();
  });

  it('tokens that are replaced with every use are replaced, and each is used once', async () => {
    const connector = open();
    let { cursor } = await connector.changes(null, signal);
    for (let n = 0; n < 3; n += 1) {
      microsoft.expireAccess();
      microsoft.mailbox.add(message(`m${n}`));
      const page = await connector.changes(cursor, signal);
      assert.equal(page.messages.length, 1);
      ({ cursor } = page);
    }
  });

  it('a 429 is waited for as long as it says', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    microsoft.fail(/messages\/delta/, { status: 429, headers: { 'retry-after': '12' } }, 2);
    await connector.changes(cursor, signal);
    assert.equal(waits.length, 2);
    assert.ok(waits.every((ms) => ms >= 12_000));
  });

  it('a longer wait than a request can stand is passed on', async () => {
    microsoft.fail(/./, { status: 429, headers: { 'retry-after': '600' } }, 50);
    await assert.rejects(open().changes(null, signal), { kind: 'rate-limited', retryAfterMs: 600_000 });
  });

  it('at most four requests are under way for one mailbox', async () => {
    const connector = open();
    const ids = Array.from({ length: 40 }, (_, n) => microsoft.mailbox.add(message(`m${n}`)).id);
    await Promise.all(ids.map((id) => connector.fetch({ id, folder: '' }, signal)));
    assert.ok(microsoft.busiest() <= 4, `${microsoft.busiest()} at once`);
    assert.ok(microsoft.busiest() > 1, 'and more than one');
  });

  it('a delta token that Microsoft has forgotten means to start over', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    microsoft.mailbox.generation += 1;
    await faults('cursor-expired', connector.changes(cursor, signal));
  });

  it('a folder that is made later is watched too, also one below another, and what is thrown away is not', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    const projects = microsoft.mailbox.addFolder('Projects');
    const zurich = microsoft.mailbox.addFolder('Zürich', { parent: projects.id });
    const thrown = microsoft.mailbox.addFolder('Old', { parent: microsoft.mailbox.folder('deleteditems')!.id });
    microsoft.mailbox.add(message('there'), zurich.id);
    microsoft.mailbox.add(message('gone'), thrown.id);
    microsoft.mailbox.add(message('junk'), 'junkemail');
    const page = await connector.changes(cursor, signal);
    assert.deepEqual(
      page.messages.map(({ folder }) => folder),
      ['Projects/Zürich'],
    );
  });

  it('a folder that is deleted ends nothing', async () => {
    const connector = open();
    const projects = microsoft.mailbox.addFolder('Projects');
    const { cursor } = await connector.changes(null, signal);
    microsoft.mailbox.folders.delete(projects.id);
    microsoft.mailbox.add(message('m'));
    assert.equal((await connector.changes(cursor, signal)).messages.length, 1);
  });

  it('a mailbox that gets thousands of messages begins its delta query anew before Microsoft would stop telling', async () => {
    const connector = open();
    let { cursor } = await connector.changes(null, signal);
    const seen = new Set<string>();
    for (let batch = 0; batch < 5; batch += 1) {
      for (let n = 0; n < 1000; n += 1) microsoft.mailbox.add('Subject: x\r\n\r\n');
      for (let more = true; more;) {
        const page = await connector.changes(cursor, signal);
        for (const { id } of page.messages) seen.add(id);
        ({ cursor, more } = page);
      }
    }
    assert.equal(seen.size, 5000);
    const firsts = microsoft.requests.filter(
      ({ path, query }) =>
        path.endsWith('/messages/delta') &&
        query.has('$filter') &&
        path.includes(microsoft.mailbox.folder('inbox')!.id),
    );
    assert.equal(firsts.length, 2);
  }).timeout(20_000);

  it('Mail.Read reads, and is refused when it changes something', async () => {
    const connector = open({}, ['Mail.Read']);
    const { id } = microsoft.mailbox.add(message('m'));
    assert.equal((await connector.list({}, null, signal)).messages.length, 1);
    await faults('auth-revoked', connector.annotate!.annotate({ id, folder: '' }, { add: ['x'], remove: [] }, signal));
  });

  it('every call asks for immutable ids and a message keeps its id when it is moved', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    const stored = microsoft.mailbox.add(message('m'));
    const projects = microsoft.mailbox.addFolder('Projects');
    microsoft.mailbox.move(stored, projects.id);
    const page = await connector.changes(cursor, signal);
    assert.deepEqual([...new Set(page.messages.map(({ id }) => id))], [stored.id]);
    for (const { headers, path } of microsoft.requests) {
      if (path.startsWith('/v1.0/')) assert.match(String(headers.prefer), /IdType="ImmutableId"/);
    }
  });

  it('links in answers never lead the token elsewhere', () => {
    assert.equal(pathOfLink('https://elsewhere.example/v1.0/me/messages?$skip=10'), '/me/messages?$skip=10');
    for (const link of ['https://graph.microsoft.com/beta/me', 'not a link', 'https://graph.microsoft.com/'])
      assert.throws(() => pathOfLink(link), ConnectorFault);
  });

  it('an application opens the mailboxes it was allowed, and no other', async () => {
    const [bob, eve] = [new GraphMailbox('bob@acme.example'), new GraphMailbox('eve@acme.example')];
    microsoft.applicationAccess.mailboxes = [bob];
    microsoft.applicationAccess.roles = ['Mail.Read'];
    const tokens = applicationTokens({
      ...{ http, loginUrl: microsoft.url, resource: 'https://graph.microsoft.com', now: () => new Date() },
      key: {
        ...{ tenant: MICROSOFT_TENANT, clientId: MICROSOFT_CLIENT.clientId },
        proof: { secret: MICROSOFT_CLIENT.clientSecret },
      },
    });
    bob.add(message('for bob'));
    const page = await open({ tokens, address: bob.address }).list({ summaries: true }, null, signal);
    assert.equal(page.messages[0]!.summary?.subject, 'for bob');
    await faults('auth-revoked', open({ tokens, address: eve.address }).list({}, null, signal));
  });

  it('subscribes after the handshake, renews what stands, makes anew what is gone, and ends it on disconnecting', async () => {
    const hook = createServer((request, response) => {
      const token = new URL(request.url ?? '/', 'http://x').searchParams.get('validationToken');
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(token);
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => hook.once('listening', resolve));
      const notificationUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/webhooks/microsoft`;
      const connector = open({ push: { notificationUrl, clientState: 'c'.repeat(86) } });
      const first = await connector.push!.start(() => undefined, signal);
      const [subscription] = microsoft.subscriptions.values();
      const left = Date.parse(subscription!.expirationDateTime) - Date.now();
      assert.ok(Math.abs(first.renewBy!.getTime() - Date.now() - left / 2) < 5000, 'half of what the answer said');
      assert.equal(subscription!.lifecycleNotificationUrl, notificationUrl);
      const again = await connector.push!.start(() => undefined, signal, first.state);
      assert.equal(again.state, first.state);
      assert.equal(microsoft.subscriptions.size, 1);
      microsoft.subscriptions.clear();
      const anew = await connector.push!.start(() => undefined, signal, again.state);
      assert.notEqual(anew.state, first.state);
      const report = await connector.disconnect();
      assert.equal(microsoft.subscriptions.size, 0);
      assert.equal(report.revoked, false);
      assert.match(report.stillHeld.join(' '), /myapps\.microsoft\.com/);
    } finally {
      hook.closeAllConnections();
      hook.close();
    }
  });

  it('a notification address that does not answer the handshake is told apart from trouble', async () => {
    const push = { notificationUrl: `${microsoft.url}/nowhere`, clientState: 'x' };
    await faults(
      'malformed',
      open({ push }).push!.start(() => undefined, signal),
    );
  });
});
