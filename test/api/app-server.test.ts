import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { createAppServer } from '../../src/api/app-server.js';
import { goneSignal } from '../../src/api/event-stream.js';
import { listen } from '../../src/serve.js';

describe('the server of the application', () => {
  const signals: AbortSignal[] = [];
  const born: [object, object][] = [];
  const app = express();
  const { server, serve } = createAppServer();
  let slow: () => void = () => undefined;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let port = 0;

  before(async () => {
    app.get('/', (_request, response) => {
      signals.push(goneSignal(response));
      response.json({});
    });
    app.get('/slow', (_request, response) => {
      slow = () => response.json({});
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
    server.closeAllConnections();
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

  it('gives a signal also to a request whose answer waits for an earlier one', async () => {
    signals.splice(0);
    const socket = connect(port, '127.0.0.1');
    const head = ' HTTP/1.1\r\nHost: here\r\n\r\n';
    socket.write(`GET /slow${head}GET /${head}`);
    while (signals.length === 0) await sleep(5);
    assert.equal(signals[0]?.aborted, false);
    slow();
    await once(socket, 'data');
    socket.destroy();
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
