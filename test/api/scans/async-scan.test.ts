import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { LAYERS } from '../../../src/scanners/scanner.js';
import type { Parts } from '../../../src/services/context.js';
import { phish } from '../../services/parts.js';
import { readEvents } from '../events.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

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

  /** Holds every scan back until `work` is done. */
  const whileScanning = async (work: () => Promise<void>) => {
    const { pool } = server.parts;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held: Parts['pool'] = { ...pool, scan: (request) => gate.then(() => pool.scan(request)) };
    Object.assign(server.parts, { pool: held });
    try {
      await work();
    } finally {
      release();
      Object.assign(server.parts, { pool });
      await server.parts.running.settle();
    }
  };

  it('is 202 at its address while it runs, for its owner, and does not exist for anybody else', async () => {
    const stranger = await server.member('org_owner');
    let address = '';
    await whileScanning(async () => {
      const { id, events } = await begin(phish());
      address = `/scan/${id}`;
      const answer = await server.send('GET', address, { as: ann });
      assert.equal(answer.status, 202);
      assert.equal(answer.headers.get('retry-after'), '1');
      assert.deepEqual(await answer.json(), { id, status: 'queued', events });
      for (const other of [bob, stranger]) {
        assert.equal((await server.send('GET', address, { as: other })).status, 404);
        assert.equal((await server.send('GET', `${address}/events`, { as: other })).status, 404);
      }
    });
    assert.equal((await server.send('GET', address, { as: ann })).status, 200);
    assert.equal((await server.send('GET', address, { as: stranger })).status, 404);
  });

  it('an event stream that its reader leaves is let go', async () => {
    await whileScanning(async () => {
      const leave = new AbortController();
      const { id, events } = await begin(phish());
      const answer = await fetch(server.url + events, {
        headers: { authorization: `Bearer ${ann.token}` },
        signal: leave.signal,
      });
      const scan = server.parts.running.find(id, ann);
      assert.ok(scan !== null);
      const followers = () => scan.followers;
      assert.equal(followers(), 1);
      leave.abort();
      await assert.rejects(answer.text());
      for (let waited = 0; waited < 20_000 && followers() > 0; waited += 10) await sleep(10);
      assert.equal(followers(), 0);
    });
  });
});
