import type { Server } from 'node:http';
import type { Server as PlainServer } from 'node:net';
import { PosternError } from './errors.js';

/** Requests under way get this long when postern stops. */
const GRACE_MS = 10_000;

/**
 * Resolves to the port, also where any free one was asked for. Throws `config.invalid` where it cannot be had; `setting` is the one
 * that names another.
 */
export async function listen(server: PlainServer, host: string, port: number, setting = 'PORT'): Promise<number> {
  if (isHttp(server)) beStrict(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'something else listens there' : (cause.code ?? cause.message);
      reject(
        new PosternError('config.invalid', `postern cannot listen on ${host}:${port}: ${why}. Set ${setting}.`, {
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function isHttp(server: PlainServer): server is Server {
  return 'headersTimeout' in server;
}

function beStrict(server: Server): void {
  // An upload over a slow line takes its time; what sends no header does not.
  server.requestTimeout = 300_000;
  server.headersTimeout = 20_000;
  // Longer than the idle time of common balancers, which would otherwise send a request into a closing connection.
  server.keepAliveTimeout = 65_000;
}

/** Takes no new connections, lets requests finish for a while, then cuts what is left (event streams never end by themselves). */
export async function closeGently(server: Server, graceMs: number = GRACE_MS): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A connection that becomes idle after its answer would otherwise be kept for the next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
