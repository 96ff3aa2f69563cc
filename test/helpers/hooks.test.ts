import { strict as assert } from 'node:assert';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { resolveTxt } from 'node:dns/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';

const DENIED = /tests have no network/;

describe('the network in tests', () => {
  const attempts: Record<string, () => unknown> = {
    'a connection by options': () => net.connect({ host: '192.0.2.1', port: 80 }),
    'a connection by port and host': () => new net.Socket().connect(80, '192.0.2.1'),
    'an HTTP request': () => request('http://192.0.2.1/').end(),
    'a datagram': () => dgram.createSocket('udp4').send('x', 53, '192.0.2.1'),
    'a name lookup': () => dns.lookup('example.org', () => undefined),
    'a DNS query': () => dns.resolveMx('example.org', () => undefined),
    'a DNS query by an own resolver': () => new dns.Resolver().resolve4('example.org', () => undefined),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    it(`${what} elsewhere throws at once`, () => {
      assert.throws(attempt, DENIED);
    });
  }

  it('fetch elsewhere is rejected', async () => {
    await assert.rejects(fetch('http://192.0.2.1/'), (error: Error) =>
      DENIED.test(error.cause instanceof Error ? error.cause.message : error.message),
    );
  });

  it('a promised DNS query is denied, also through a named import', () => {
    assert.throws(() => resolveTxt('example.org'), DENIED);
  });

  it('this machine can be reached', async () => {
    const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), 'here');
    server.closeAllConnections();
    server.close();
  });
});
