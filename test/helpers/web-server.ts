import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived: all that left the machine. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A reply, or a way to treat the connection badly. `begins`: sends this much of an answer, then falls silent or breaks off. */
export type Behaviour =
  Reply | { readonly begins: Reply; readonly then: 'silence' | 'break' } | 'hang' | 'reset' | 'trickle' | 'cut-short';

export interface WebServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** A server on this machine that records everything and answers as told. */
export async function startWebServer(
  answer: (request: SeenRequest) => Behaviour | Promise<Behaviour>,
): Promise<WebServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const one = { ...headOf(request), body: await bodyOf(request) };
      seen.push(one);
      behave(response, await answer(one));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (behaviour === 'trickle') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  } else if (behaviour === 'cut-short') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{', () => response.socket?.destroy());
  } else if ('begins' in behaviour) {
    const { begins, then } = behaviour;
    response.writeHead(begins.status, begins.headers);
    response.write(begins.body ?? '', () => {
      if (then === 'break') response.socket?.destroy();
    });
  } else {
    response.writeHead(behaviour.status, behaviour.headers);
    response.end(behaviour.body);
  }
}

function headOf(request: IncomingMessage): Omit<SeenRequest, 'body'> {
  return { method: request.method ?? '', target: request.url ?? '', headers: request.headers };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
