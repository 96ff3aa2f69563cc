import assert from 'node:assert/strict';
import { LAYERS } from '../../src/scanners/scanner.js';
import { phish } from '../services/parts.js';
import { readEvents } from './events.js';
import { fileForm, startTestServer } from './server.js';
import type { Member, TestServer } from './server.js';

describe('a scan that is answered before it is done', () => {
  let server: TestServer;
  let ann: Member;
  let bob: Member;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    ann = await server.member('org_member');
    bob = await server.member('org_owner', ann.tenantId);
  });
  after(() => server.close());

  const begin = async (message: string | Uint8Array) => {
    const headers = { prefer: 'wait=10, Respond-Async' };
    const answer = await server.send('POST', '/scan/upload', { as: ann, body: fileForm(message), headers });
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get('preference-applied'), 'respond-async');
    const body = (await answer.json()) as { id: string; events: string };
    assert.equal(answer.headers.get('location'), `/api/v1/scan/${body.id}`);
    return body;
  };

  it('tells each layer and then the result, which is the one that is stored', async () => {
    const { id, events } = await begin(phish());
    const seen = await readEvents(server, events, ann);
    assert.deepEqual(
      seen.map(({ event }) => event),
      ['queued', ...LAYERS.map(() => 'layer'), 'result'],
    );
    assert.deepEqual(
      seen.flatMap(({ event, data }) => (event === 'layer' ? [data['layer']] : [])),
      [...LAYERS],
    );
    assert.deepEqual(seen.at(-1)?.data, await (await server.send('GET', `/scan/${id}`, { as: ann })).json());
  });

  it('tells whoever comes late, or a second time, the same', async () => {
    const { events } = await begin(phish());
    const first = await readEvents(server, events, ann);
    assert.deepEqual(await readEvents(server, events, ann), first);
  });

  it('gives the result of a scan that nobody waits for any more', async () => {
    const answer = await server.send('POST', '/scan/upload', { as: ann, body: fileForm(phish()) });
    const scan = (await answer.json()) as { id: string };
    const seen = await readEvents(server, `/api/v1/scan/${scan.id}/events`, ann);
    assert.deepEqual(seen, [{ event: 'result', data: scan }]);
  });

  it('tells why a message was refused, in the stream and at its address', async () => {
    const { id, events } = await begin('');
    const last = (await readEvents(server, events, ann)).at(-1);
    assert.equal(last?.event, 'problem');
    assert.equal(last.data['code'], 'message.empty');
    const answer = await server.send('GET', `/scan/${id}`, { as: ann });
    assert.equal(answer.status, 422);
  });

  it('is told to nobody else while it runs, not even to the owner of the organisation', async () => {
    const { id } = await begin(phish());
    for (const path of [`/scan/${id}/events`, `/scan/${id}`]) {
      // Once it is stored an administrator sees its verdict; what must not be seen is its progress.
      const answer = await server.send('GET', path, { as: bob });
      if (answer.status === 200) assert.doesNotMatch(await answer.text(), /event: (queued|layer)/);
      else assert.equal(answer.status, 404);
    }
    const stranger = await server.member('org_owner');
    assert.equal((await server.send('GET', `/scan/${id}/events`, { as: stranger })).status, 404);
  });

  it('is 202 at its address while it runs', async () => {
    // The worker is kept busy, so that the scan has to wait.
    const busy = Array.from({ length: 20 }, () => begin(phish()));
    const { id } = await begin(phish());
    const answer = await server.send('GET', `/scan/${id}`, { as: ann });
    if (answer.status === 202) {
      assert.equal(answer.headers.get('retry-after'), '1');
      assert.equal(((await answer.json()) as { id: string }).id, id);
    } else assert.equal(answer.status, 200);
    await Promise.all(busy);
    await server.parts.running.settle();
    assert.equal((await server.send('GET', `/scan/${id}`, { as: ann })).status, 200);
  });

  it('an event stream that its reader leaves is let go', async () => {
    const leave = new AbortController();
    const { events } = await begin(phish());
    const answer = await fetch(server.url + events, {
      headers: { authorization: `Bearer ${ann.token}` },
      signal: leave.signal,
    });
    leave.abort();
    await assert.rejects(answer.text());
    assert.equal((await server.send('GET', '/auth/me', { as: ann })).status, 200);
  });
});
