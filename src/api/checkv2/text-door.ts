import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { PosternError } from '../../errors.js';
import type { HeldBytes } from '../request/upload-budget.js';
import { asRefusal, createCheck } from './check.js';
import type { DoorOptions } from './check.js';
import { MARK_SCORE, REJECT_SCORE } from './action.js';
import type { Reply } from './reply.js';

/** As Exim speaks it with `variant=rspamd`: a line, headers, an empty line, the message; one question a connection. */
const COMMAND = /^(?:CHECK|SYMBOLS) RSPAMC\/1\.\d$/;
const HEAD_BYTES = 64 * 1024;
const IDLE_MS = 60_000;
const GRACE_MS = 10_000;

export interface TextDoor {
  readonly server: Server;
  /** Takes no new questions and lets those there are be answered, for a while. */
  close(graceMs?: number): Promise<void>;
}

/** Answers Rspamd's protocol from before it was HTTP. */
export function createTextDoor(options: DoorOptions): TextDoor {
  const check = createCheck(options);
  const { log } = options.parts;
  const open = new Set<Socket>();
  // The other side may have finished writing and still waits for the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', (error) => log.debug({ err: error }, 'a mail server broke off'));
    answer(socket)
      .catch((thrown: unknown) => failure(asRefusal(thrown, { log })))
      .then((text) => socket.end(text, () => socket.resume()))
      .catch((error: unknown) => log.error({ err: error }, 'a mail server was not answered'));
  });

  return {
    server,
    async close(graceMs = GRACE_MS) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => open.forEach((socket) => socket.destroy()), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };

  async function answer(socket: Socket): Promise<string> {
    const bytes = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
    const { headers, rest } = await readHead(bytes);
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    const reply = await check({
      headers: (name) => headers.get(name) ?? null,
      ip: socket.remoteAddress ?? '',
      readBody: (limit, held) => readMessage(bytes, rest, Number(headers.get('content-length')), limit, held),
      signal: gone.signal,
    });
    return success(reply);
  }
}

async function readHead(
  bytes: AsyncIterator<Buffer, undefined>,
): Promise<{ readonly headers: ReadonlyMap<string, string>; readonly rest: Buffer }> {
  let head = Buffer.alloc(0);
  let end = -1;
  while (end === -1) {
    const { value, done } = await bytes.next();
    if (done === true || head.length > HEAD_BYTES) throw new PosternError('request.invalid', 'The request has no end.');
    head = Buffer.concat([head, value]);
    end = head.indexOf('\r\n\r\n');
  }
  const [command = '', ...lines] = head.toString('latin1', 0, end).split('\r\n');
  if (!COMMAND.test(command)) throw new PosternError('request.invalid', 'Only CHECK RSPAMC/1.3 is understood.');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, rest: head.subarray(end + 4) };
}

async function readMessage(
  bytes: AsyncIterator<Buffer, undefined>,
  first: Buffer,
  announced: number,
  limit: number,
  held: HeldBytes,
): Promise<Uint8Array> {
  if (!(announced >= 0)) throw new PosternError('request.invalid', 'The header Content-Length is missing.');
  if (announced > limit) {
    throw new PosternError('request.too-large', `The message is larger than the ${limit} bytes that are accepted.`);
  }
  held.take(announced);
  const chunks = [first];
  for (let size = first.length; size < announced;) {
    const { value, done } = await bytes.next();
    if (done === true) throw new PosternError('request.invalid', 'The message was broken off.');
    size += value.length;
    chunks.push(value);
  }
  return Buffer.concat(chunks).subarray(0, announced);
}

function success({ action, score, symbols, ...reply }: Reply): string {
  const lines = [
    'RSPAMD/1.3 0 EX_OK',
    `Metric: default; ${action === 'no action' ? 'False' : 'True'}; ${score.toFixed(2)} / ${MARK_SCORE.toFixed(2)} / ${REJECT_SCORE.toFixed(2)}`,
    `Action: ${action}`,
    ...Object.values(symbols).map(({ name, score: points }) => `Symbol: ${name}(${points.toFixed(2)})`),
    `Message-ID: ${reply['message-id']}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function failure(error: PosternError): string {
  return `RSPAMD/1.3 1 ${error.message}\r\n\r\n`;
}
