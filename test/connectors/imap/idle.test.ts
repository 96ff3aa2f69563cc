import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createIdle } from '../../../src/connectors/imap/idle.js';
import { createAddressGuard } from '../../../src/net/address-guard.js';

/** As much of RFC 9051 as a client needs to get to IDLE, which is answered by `onIdle`. Dovecot cannot be made to misbehave. */
async function startServer(onIdle: (socket: Socket, tag: string) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [tag = '', command = ''] = line.split(' ');
        if (command === 'IDLE') onIdle(socket, tag);
        else if (command === 'EXAMINE' || command === 'SELECT') {
          socket.write(`* 1 EXISTS\r\n* OK [UIDVALIDITY 1] v\r\n* OK [UIDNEXT 2] n\r\n${tag} OK [READ-ONLY] done\r\n`);
        } else if (command === 'CAPABILITY') {
          socket.write(`* CAPABILITY IMAP4rev1 IDLE\r\n${tag} OK done\r\n`);
        } else if (command === 'LIST') socket.write(`* LIST () "/" INBOX\r\n${tag} OK done\r\n`);
        else if (command !== '') socket.write(`${tag} OK done\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('news of an IMAP mailbox', () => {
  const settings = { guard: createAddressGuard(['loopback']), plainLoopback: true, maxBytes: 1_000_000 };
  const start = async (port: number, signal: AbortSignal) => {
    const account = { host: '127.0.0.1', port, security: 'plain', user: 'ann' } as const;
    return await createIdle(account, { password: 'secret' }, settings).start(() => undefined, signal);
  };

  it('end with a fault where the server refuses to tell them, and are asked for once', async () => {
    let asked = 0;
    const server = await startServer((socket, tag) => {
      asked += 1;
      socket.write(`${tag} NO not today\r\n`);
    });
    try {
      const { ended } = await start(server.port, new AbortController().signal);
      await assert.rejects(ended ?? Promise.resolve(), { kind: 'unavailable' });
      assert.equal(asked, 1);
    } finally {
      await server.close();
    }
  });

  it('end with a fault where the server says goodbye', async () => {
    const server = await startServer((socket) => socket.end('+ waiting\r\n* BYE going down\r\n'));
    try {
      const { ended } = await start(server.port, new AbortController().signal);
      await assert.rejects(ended ?? Promise.resolve(), { kind: 'unavailable' });
    } finally {
      await server.close();
    }
  });

  it('are not asked for without a breath of a server that has nothing to wait for', async () => {
    let asked = 0;
    const server = await startServer((socket, tag) => {
      asked += 1;
      socket.write(`+ waiting\r\n${tag} OK done\r\n`);
    });
    const leave = new AbortController();
    try {
      const { ended } = await start(server.port, leave.signal);
      await sleep(1100);
      assert.ok(asked >= 1 && asked <= 4, `${asked} times in a second`);
      leave.abort();
      await ended;
    } finally {
      await server.close();
    }
  });
});
