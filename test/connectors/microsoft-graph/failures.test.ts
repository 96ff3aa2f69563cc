import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorFault } from '../../../src/connectors/connector.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { pathOfLink } from '../../../src/connectors/microsoft-graph/client.js';
import { createGraphConnector } from '../../../src/connectors/microsoft-graph/microsoft-graph.js';
import type { GraphOptions } from '../../../src/connectors/microsoft-graph/microsoft-graph.js';
import { applicationTokens } from '../../../src/connectors/microsoft-graph/application.js';
import { createOAuthClient } from '../../../src/net/oauth-client.js';
import { message } from '../../contracts/connector-contract.js';
import { GraphMailbox } from '../../peers/microsoft/mailbox.js';
import { MICROSOFT_CLIENT, MICROSOFT_TENANT, startMicrosoft } from '../../peers/microsoft/microsoft.js';
import { memoryTokens } from '../../peers/tokens.js';
import { faults, inTrouble } from '../in-trouble.js';

const signal = new AbortController().signal;

describe('Microsoft 365 when things go wrong', () => {
  const given = inTrouble(startMicrosoft);

  const oauth = () =>
    createOAuthClient({
      ...MICROSOFT_CLIENT,
      http: given.http,
      authorizeUrl: '',
      tokenUrl: `${given.peer.url}/${MICROSOFT_TENANT}/oauth2/v2.0/token`,
    });
  function open(options: Partial<GraphOptions> = {}, scopes = ['Mail.ReadWrite', 'User.Read']): Connector {
    return createGraphConnector({
      http: given.http,
      baseUrl: given.peer.url,
      tokens: memoryTokens(oauth(), given.peer.grant(scopes)),
      address: null,
      mayChange: true,
      maxBytes: 100_000,
      push: null,
      sleep: given.sleep,
      ...options,
    });
  }

  it('tokens that are replaced with every use are replaced, and each is used once', async () => {
    const connector = open();
    let { cursor } = await connector.changes(null, signal);
    for (let n = 0; n < 3; n += 1) {
      given.peer.expireAccess();
      given.peer.mailbox.add(message(`m${n}`));
      const page = await connector.changes(cursor, signal);
      assert.equal(page.messages.length, 1);
      ({ cursor } = page);
    }
  });

  it('a 429 is waited for as long as it says', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    given.peer.fail(/messages\/delta/, { status: 429, headers: { 'retry-after': '12' } }, 2);
    await connector.changes(cursor, signal);
    assert.equal(given.waits.length, 2);
    assert.ok(given.waits.every((ms) => ms >= 12_000));
  });

  it('a longer wait than a request can stand is passed on', async () => {
    given.peer.fail(/./, { status: 429, headers: { 'retry-after': '600' } }, 50);
    await assert.rejects(open().changes(null, signal), { kind: 'rate-limited', retryAfterMs: 600_000 });
  });

  it('at most four requests are under way for one mailbox', async () => {
    const connector = open();
    const ids = Array.from({ length: 40 }, (_, n) => given.peer.mailbox.add(message(`m${n}`)).id);
    await Promise.all(ids.map((id) => connector.fetch({ id, folder: '' }, signal)));
    assert.ok(given.peer.busiest() <= 4, `${given.peer.busiest()} at once`);
    assert.ok(given.peer.busiest() > 1, 'and more than one');
  });

  it('a delta token that Microsoft has forgotten means to start over', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    given.peer.mailbox.generation += 1;
    await faults('cursor-expired', connector.changes(cursor, signal));
  });

  it('a folder that is made later is watched too, also one below another, and what is thrown away is not', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    const projects = given.peer.mailbox.addFolder('Projects');
    const zurich = given.peer.mailbox.addFolder('Zürich', { parent: projects.id });
    const thrown = given.peer.mailbox.addFolder('Old', { parent: given.peer.mailbox.folder('deleteditems')!.id });
    given.peer.mailbox.add(message('there'), zurich.id);
    given.peer.mailbox.add(message('gone'), thrown.id);
    given.peer.mailbox.add(message('junk'), 'junkemail');
    const page = await connector.changes(cursor, signal);
    assert.deepEqual(
      page.messages.map(({ folder }) => folder),
      ['Projects/Zürich'],
    );
  });

  it('a folder that is deleted ends nothing', async () => {
    const connector = open();
    const projects = given.peer.mailbox.addFolder('Projects');
    const { cursor } = await connector.changes(null, signal);
    given.peer.mailbox.folders.delete(projects.id);
    given.peer.mailbox.add(message('m'));
    assert.equal((await connector.changes(cursor, signal)).messages.length, 1);
  });

  it('a mailbox that gets thousands of messages begins its delta query anew before Microsoft would stop telling', async () => {
    const connector = open();
    let { cursor } = await connector.changes(null, signal);
    const seen = new Set<string>();
    for (let batch = 0; batch < 5; batch += 1) {
      for (let n = 0; n < 1000; n += 1) given.peer.mailbox.add('Subject: x\r\n\r\n');
      for (let more = true; more;) {
        const page = await connector.changes(cursor, signal);
        for (const { id } of page.messages) seen.add(id);
        ({ cursor, more } = page);
      }
    }
    assert.equal(seen.size, 5000);
    const firsts = given.peer.requests.filter(
      ({ path, query }) =>
        path.endsWith('/messages/delta') &&
        query.has('$filter') &&
        path.includes(given.peer.mailbox.folder('inbox')!.id),
    );
    assert.equal(firsts.length, 2);
  }).timeout(20_000);

  it('Mail.Read reads, and is refused when it changes something', async () => {
    const connector = open({}, ['Mail.Read']);
    const { id } = given.peer.mailbox.add(message('m'));
    assert.equal((await connector.list({}, null, signal)).messages.length, 1);
    await faults('auth-revoked', connector.annotate!.annotate({ id, folder: '' }, { add: ['x'], remove: [] }, signal));
  });

  it('every call asks for immutable ids and a message keeps its id when it is moved', async () => {
    const connector = open();
    const { cursor } = await connector.changes(null, signal);
    const stored = given.peer.mailbox.add(message('m'));
    const projects = given.peer.mailbox.addFolder('Projects');
    given.peer.mailbox.move(stored, projects.id);
    const page = await connector.changes(cursor, signal);
    assert.deepEqual([...new Set(page.messages.map(({ id }) => id))], [stored.id]);
    for (const { headers, path } of given.peer.requests) {
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
    given.peer.applicationAccess.mailboxes = [bob];
    given.peer.applicationAccess.roles = ['Mail.Read'];
    const tokens = applicationTokens({
      ...{ http: given.http, loginUrl: given.peer.url, resource: 'https://graph.microsoft.com', now: () => new Date() },
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
      const [subscription] = given.peer.subscriptions.values();
      const left = Date.parse(subscription!.expirationDateTime) - Date.now();
      assert.ok(Math.abs(first.renewInMs! - left / 2) < 5000, 'half of what the answer said');
      assert.equal(subscription!.lifecycleNotificationUrl, notificationUrl);
      const again = await connector.push!.start(() => undefined, signal, first.state);
      assert.equal(again.state, first.state);
      assert.equal(given.peer.subscriptions.size, 1);
      given.peer.subscriptions.clear();
      const anew = await connector.push!.start(() => undefined, signal, again.state);
      assert.notEqual(anew.state, first.state);
      const report = await connector.disconnect();
      assert.equal(given.peer.subscriptions.size, 0);
      assert.equal(report.revoked, false);
      assert.match(report.stillHeld.join(' '), /myapps\.microsoft\.com/);
    } finally {
      hook.closeAllConnections();
      hook.close();
    }
  });

  it('on disconnecting, silence is worth another try, and a permission that has ended is not', async () => {
    const push = { notificationUrl: `${given.peer.url}/webhooks/microsoft`, clientState: 'x' };
    given.peer.cut(/subscriptions/, 50);
    const silent = await open({ push }).disconnect();
    given.peer.uncut();
    const connector = open({ push });
    given.peer.withdraw();
    const ended = await connector.disconnect();
    for (const { stillHeld } of [silent, ended]) assert.match(stillHeld.join(' '), /^Microsoft did not confirm/);
    assert.deepEqual([silent.again, ended.again], [true, undefined]);
  });

  it('a notification address that does not answer the handshake is told apart from trouble', async () => {
    const push = { notificationUrl: `${given.peer.url}/nowhere`, clientState: 'x' };
    await faults(
      'malformed',
      open({ push }).push!.start(() => undefined, signal),
    );
  });
});
