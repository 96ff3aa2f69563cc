import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for a service outside, on this machine. It answers what it knows and refuses everything else. */
export interface Peer {
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: PeerRequest[];
  /** The next requests that match are answered with this instead. */
  fail(match: RegExp, answer: PeerAnswer, times?: number): void;
  /** The next requests that match get no answer: the connection is cut. */
  cut(match: RegExp, times?: number): void;
  /** Everything is cut, and nothing answered, until it is back. */
  goAway(): void;
  comeBack(): void;
  /** Forgets what `fail` and `cut` have planned. */
  uncut(): void;
  close(): Promise<void>;
}

export interface PeerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface PeerAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by what answers, to refuse. */
export class PeerRefusal extends Error {
  constructor(readonly answer: PeerAnswer) {
    super(`refused with ${answer.status}`);
  }
}

export async function startPeer(answer: (request: PeerRequest) => PeerAnswer | Promise<PeerAnswer>): Promise<Peer> {
  const requests: PeerRequest[] = [];
  const plans: { match: RegExp; answer: PeerAnswer | 'cut'; times: number }[] = [];

  async function respond(request: PeerRequest): Promise<PeerAnswer | 'cut'> {
    requests.push(request);
    const line = `${request.method} ${request.path}?${request.query.toString()}`;
    const plan = plans.find(({ match, times }) => times > 0 && match.test(line));
    if (plan !== undefined) {
      plan.times -= 1;
      return plan.answer;
    }
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof PeerRefusal) return error.answer;
      return { status: 500, json: { fault: String(error) } };
    }
  }

  let away = false;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://peer');
      const request = {
        method: incoming.method ?? '',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      void respond(request).then((given) => {
        if (given === 'cut' || away) {
          incoming.socket.destroy();
          return;
        }
        const body = given.bytes ?? given.text ?? (given.json === undefined ? '' : JSON.stringify(given.json));
        const type = given.json === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' };
        outgoing.writeHead(given.status, { ...type, ...given.headers }).end(body);
      });
    });
  });
  server.on('connection', (socket) => {
    if (away) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (match, given, times = 1) => plans.push({ match, answer: given, times }),
    cut: (match, times = 1) => plans.push({ match, answer: 'cut', times }),
    goAway() {
      away = true;
      server.closeAllConnections();
    },
    comeBack: () => void (away = false),
    uncut: () => void plans.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Refuses parameters that are not known, not given once, or do not look like it; those with a `!` in front have to be there. */
export function checked(
  given: URLSearchParams,
  known: Readonly<Record<string, RegExp>>,
  refuse: (what: string) => PeerRefusal,
  repeated: readonly string[] = [],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of given) {
    const pattern = known[name] ?? known[`!${name}`];
    if (pattern === undefined) throw refuse(`unknown parameter ${name}`);
    if (name in values && !repeated.includes(name)) throw refuse(`parameter ${name} twice`);
    if (!pattern.test(value)) throw refuse(`parameter ${name} is not valid`);
    values[name] = value;
  }
  for (const name of Object.keys(known)) {
    if (name.startsWith('!') && !(name.slice(1) in values)) throw refuse(`parameter ${name.slice(1)} is missing`);
  }
  return values;
}
