import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { asRefusal, createCheck } from './check.js';
import type { DoorOptions } from './check.js';
import { readBody } from './read-body.js';
import type { Reply } from './reply.js';

/** Answers the clients of Rspamd over HTTP: `POST /checkv2` with the message as the body, and `GET /ping`. */
export function createDoor(options: DoorOptions): RequestListener {
  const check = createCheck(options);
  const { log } = options.parts;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return await check({
      headers: (name) => request.headersDistinct[name]?.[0] ?? null,
      ip: request.socket.remoteAddress ?? '',
      readBody: (limit, held) => readBody(request, limit, held),
      signal: gone.signal,
    });
  }

  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (request.method === 'GET' && path === '/ping') {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('pong\r\n');
      return;
    }
    if (request.method !== 'POST' || path !== '/checkv2') {
      send(response, 404, { error: 'There is POST /checkv2 and GET /ping.' });
      return;
    }
    const started = performance.now();
    answer(request, response)
      .then(
        (reply) => send(response, 200, reply),
        (thrown: unknown) => refuse(response, thrown),
      )
      .finally(() => {
        // What was not read of a refused message would be taken for the next request.
        if (!request.complete) request.resume();
        const milliseconds = Math.round(performance.now() - started);
        log.debug({ status: response.statusCode, milliseconds }, 'checkv2');
      })
      .catch((error: unknown) => log.error({ err: error }, 'a mail server was not answered'));
  };

  function refuse(response: ServerResponse, thrown: unknown): void {
    if (response.closed) return;
    const error = asRefusal(thrown, { log });
    send(response, error.status, { error: error.message });
  }
}

function send(response: ServerResponse, status: number, body: Reply | { readonly error: string }): void {
  if (response.closed) return;
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}
