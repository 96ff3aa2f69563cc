import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

export interface Post {
  /** Made by `connectionsTo`. */
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Connections that are kept open; nothing may take longer than 30 seconds. */
export function connectionsTo(port: number): Pool {
  return new Pool(`http://127.0.0.1:${port}`, { connections: 64, headersTimeout: 30_000, bodyTimeout: 30_000 });
}

/**
 * One request to loopback. The client shares the processors with what is measured, so it is the leanest there is: `dispatch` costs less
 * than `node:http`, and much less than `fetch`.
 */
export function post({ pool, path, headers, body }: Post): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_, code) => void (status = code),
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks).toString() }),
      onResponseError: (_, error) => reject(error),
    };
    pool.dispatch(
      { path, method: 'POST', headers, body: Buffer.from(body.buffer, body.byteOffset, body.length) },
      handler,
    );
  });
}
