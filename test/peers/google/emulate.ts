import { Server } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import type { Emulator } from 'emulate';

export const EMULATED = { clientId: 'emulated-client', clientSecret: 'emulated-secret' };
export const EMULATED_REDIRECT = 'http://127.0.0.1:9/connect/callback';

/** Somebody else's idea of Google: Gmail and its OAuth, as the package `emulate` understands them. On this machine only. */
export async function startEmulate(email: string): Promise<Emulator> {
  const port = await freePort();
  const seed = {
    google: {
      users: [{ email, name: 'Ann' }],
      oauth_clients: [
        {
          client_id: EMULATED.clientId,
          client_secret: EMULATED.clientSecret,
          name: 'postern',
          redirect_uris: [EMULATED_REDIRECT],
        },
      ],
      labels: [{ id: 'Label_projects', name: 'Projects' }],
    },
  };
  // It names no address to listen on, which would be all of them.
  const original = Reflect.get(Server.prototype, 'listen') as (...args: unknown[]) => Server;
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    return original.call(this, ...(typeof args[0] === 'number' ? [args[0], '127.0.0.1'] : args));
  } as typeof Server.prototype.listen;
  try {
    return await createEmulator({ service: 'google', port, seed, baseUrl: `http://127.0.0.1:${port}` });
  } finally {
    Server.prototype.listen = original as typeof Server.prototype.listen;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
