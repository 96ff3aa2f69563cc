import type { Socket } from 'node:net';
import type { Response } from 'express';

/** Proxies drop a connection that is silent for long. */
const HEARTBEAT_MS = 15_000;

export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** One a connection, not a request: on Node.js 20 a minor collection keeps what hangs on a signal, which is all of a request. */
const signals = new WeakMap<Socket, AbortSignal>();

/**
 * Aborts when the client's connection is gone. It is the request's: a response has none while an earlier one is being written. The
 * request's own 'close' is no sign of it, and comes as soon as its body has been read.
 */
export function goneSignal({ req: { socket } }: Response): AbortSignal {
  if (socket.destroyed) return AbortSignal.abort();
  const known = signals.get(socket);
  if (known !== undefined) return known;
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  signals.set(socket, gone.signal);
  return gone.signal;
}

/** Writes server-sent events until the source ends. The source must end when the client goes away (`goneSignal`). */
export async function streamEvents(response: Response, source: AsyncIterable<StreamEvent>): Promise<void> {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const { event, data } of source) {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
