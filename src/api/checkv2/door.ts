import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { PosternError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import { admitKey } from '../../services/api-keys/admit-key.js';
import { authenticateKey } from '../../services/api-keys/authenticate-key.js';
import type { MemberContext, Parts } from '../../services/context.js';
import { createScan } from '../../services/scans/create-scan.js';
import { UploadBudget } from '../request/upload-budget.js';
import { readBody } from './read-body.js';
import { toReply, toSkipped } from './reply.js';
import type { Reply } from './reply.js';
import { readCheckRequest } from './request.js';
import type { CheckRequest } from './request.js';

export interface DoorOptions {
  readonly parts: Parts;
  /** Bytes of the largest message. */
  readonly uploadLimit: number;
  /** An API key for requests of this machine that bring no Password. */
  readonly key: string | null;
}

/** Messages in flight hold this many times the limit together. */
const MESSAGES_AT_ONCE = 16;

/**
 * What a mail server is told about a message that could not be examined. Busy: it comes again, nothing is lost. What postern cannot
 * read goes on to its reader, marked as not examined, or no mail server would ever be rid of it.
 */
const SKIPPED: { readonly [C in ErrorCode]?: () => Reply } = {
  'scan.queue-full': () => toSkipped('soft reject', 'not examined', 'Try again in a few minutes'),
  'database.unavailable': () => toSkipped('soft reject', 'not examined', 'Try again in a few minutes'),
  'request.too-large': () => toSkipped('no action', 'not examined; too large'),
  'message.too-large': () => toSkipped('no action', 'not examined; too large'),
  'message.empty': () => toSkipped('add header', 'not examined; empty'),
  'message.not-a-message': () => toSkipped('add header', 'not examined; no header'),
};

/** Answers the clients of Rspamd: `POST /checkv2` with the message as the body, and `GET /ping`. */
export function createDoor({ parts, uploadLimit, key }: DoorOptions): RequestListener {
  const budget = new UploadBudget(uploadLimit * MESSAGES_AT_ONCE);

  async function check(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const asked = readCheckRequest(request, parts.now());
    // Before the body is read: nobody without a key makes the server buffer anything.
    const ctx = await contextOf(request, asked);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const held = budget.open();
    try {
      const raw = await readBody(request, uploadLimit, held);
      const { envelope, submitted } = asked;
      const input = { raw, source: 'checkv2', envelope, submitted, signal: gone.signal } as const;
      return toReply(await createScan({ ctx, input }));
    } finally {
      held.release();
    }
  }

  async function contextOf(request: IncomingMessage, { password }: CheckRequest): Promise<MemberContext> {
    const ip = request.socket.remoteAddress ?? '';
    const secret = password ?? (isLoopback(ip) ? key : null);
    if (secret === null) throw new PosternError('auth.required', 'An API key belongs into the header Password.');
    const client = { ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 300) };
    const ctx = await authenticateKey({ ctx: { parts, client }, input: { secret } });
    await admitKey({ ctx, input: { scope: 'scan:write' } });
    return ctx;
  }

  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (request.method === 'GET' && path === '/ping') {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('pong\r\n');
      return;
    }
    if (request.method !== 'POST' || path !== '/checkv2') {
      refuse(response, new PosternError('request.not-found', 'There is POST /checkv2 and GET /ping.'));
      return;
    }
    const started = performance.now();
    check(request, response)
      .catch((error: unknown) => skipped(error))
      .then((reply) => send(response, 200, reply))
      .catch((error: unknown) => refuse(response, error))
      .finally(() => {
        // What was not read of a refused message would be taken for the next request.
        if (!request.complete) request.resume();
        const milliseconds = Math.round(performance.now() - started);
        parts.log.debug({ status: response.statusCode, milliseconds }, 'checkv2');
      });
  };

  function refuse(response: ServerResponse, thrown: unknown): void {
    const known = thrown instanceof PosternError;
    const error = known ? thrown : new PosternError('internal', 'Something broke here. The log says more.');
    if (response.closed) return;
    if (error.status >= 500) parts.log.error({ err: thrown }, error.message);
    send(response, error.status, { error: error.message });
  }
}

/** Throws again what is no matter of this one message. */
function skipped(error: unknown): Reply {
  const reply = error instanceof PosternError ? SKIPPED[error.code] : undefined;
  if (reply === undefined) throw error;
  return reply();
}

function send(response: ServerResponse, status: number, body: Reply | { readonly error: string }): void {
  if (response.closed) return;
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}
