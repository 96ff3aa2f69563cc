import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { createAppServer } from '../../src/api/app-server.js';
import { goneSignal } from '../../src/api/event-stream.js';
import { listen } from '../../src/serve.js';

describe('the server of the application', () => {
  const signals: AbortSignal[] = [];
  const born: [object, object][] = [];
  const app = express();
  const { server, serve } = createAppServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let port = 0;

  before(async () => {
    app.get('/', (_request, response) => {
      signals.push(goneSignal(response));
      response.json({});
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      born.push([Object.getPrototypeOf(request) as object, Object.getPrototypeOf(response) as object]),
    );
    serve(app);
    port = await listen(server, '127.0.0.1', 0);
  });
  after(() => {
    agent.destroy();
    server.close();
  });

  async function ask(): Promise<void> {
    const [response] = (await once(get({ port, agent }), 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    await once(response.resume(), 'end');
  }

  it('makes requests and responses that Express need not change', async () => {
    await ask();
    assert.deepEqual(born, [[app.request, app.response]]);
    assert.equal(typeof app.request.get, 'function');
  });

  it('gives a connection one signal, which aborts when the connection is gone and not before', async () => {
    signals.splice(0);
    await ask();
    await ask();
    const [first, second] = signals;
    assert.ok(first !== undefined && first === second);
    assert.equal(first.aborted, false);
    const aborted = once(first, 'abort');
    agent.destroy();
    await aborted;
  });
});
