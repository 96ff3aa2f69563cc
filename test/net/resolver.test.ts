import assert from 'node:assert/strict';
import { createResolver } from '../../src/net/resolver.js';
import type { Resolver } from '../../src/net/resolver.js';
import { readNameServers } from '../../src/net/name-servers.js';
import { startNameServer } from '../helpers/name-server.js';
import type { NameServer } from '../helpers/name-server.js';

const LONG = 'k='.padEnd(700, 'x');

describe('the resolver', () => {
  let server: NameServer;
  let resolver: Resolver;
  let clock = 0;
  before(async () => {
    server = await startNameServer({
      records: [
        { type: 'TXT', name: 'bank.example', ttl: 60, data: ['v=spf1 ', '-all'] },
        {
          type: 'TXT',
          name: 'long.example',
          ttl: 60,
          data: [LONG.slice(0, 250), LONG.slice(250, 500), LONG.slice(500)],
        },
        { type: 'A', name: 'bank.example', ttl: 60, data: '192.0.2.1' },
        { type: 'AAAA', name: 'bank.example', ttl: 60, data: '2001:db8::1' },
        { type: 'MX', name: 'bank.example', ttl: 60, data: { preference: 10, exchange: 'mx.bank.example' } },
        { type: 'PTR', name: '1.2.0.192.in-addr.arpa', ttl: 60, data: 'mx.bank.example' },
        ...Array.from({ length: 250 }, (_, n) => ({
          ...{ type: 'A' as const, name: 'crowd.example', ttl: 60, data: `192.0.2.${n}` },
        })),
      ],
      silent: ['silent.example'],
      broken: ['broken.example'],
    });
    resolver = createResolver({ servers: [server.address], timeoutMs: 100, tries: 1, now: () => clock });
  });
  after(async () => {
    resolver.close();
    await server.close();
  });
  beforeEach(() => (server.questions.length = 0));

  it('gives records as SPF and DKIM read them', async () => {
    const ask = (name: string, type: string) => resolver.resolve(name, type);
    assert.deepEqual(await ask('bank.example', 'TXT'), { records: [['v=spf1 ', '-all']] });
    assert.deepEqual(await ask('bank.example', 'A'), { records: ['192.0.2.1'] });
    assert.deepEqual(await ask('bank.example', 'AAAA'), { records: ['2001:db8::1'] });
    assert.deepEqual(await ask('bank.example', 'MX'), { records: [['10', 'mx.bank.example']] });
    assert.deepEqual(await ask('1.2.0.192.in-addr.arpa', 'PTR'), { records: ['mx.bank.example'] });
  });

  it('asks over TCP for what fits no datagram', async () => {
    const answer = await resolver.resolve('long.example', 'TXT');
    assert.ok('records' in answer);
    assert.equal([answer.records[0]].flat().join(''), LONG);
    assert.deepEqual(server.questions, ['TXT long.example udp', 'TXT long.example tcp']);
  });

  it('tells nothing there from nobody answering', async () => {
    assert.deepEqual(await resolver.resolve('nothing.example', 'TXT'), { records: [] });
    assert.deepEqual(await resolver.resolve('bank.example', 'CNAME'), { records: [] });
    const silent = await resolver.resolve('silent.example', 'TXT');
    assert.deepEqual(silent, { unavailable: 'the name server did not answer (ETIMEOUT)' });
    const broken = await resolver.resolve('broken.example', 'TXT');
    assert.deepEqual(broken, { unavailable: 'the name server did not answer (ESERVFAIL)' });
  });

  it('asks once for many, and again only after minutes', async () => {
    const name = 'once.bank.example';
    await Promise.all(Array.from({ length: 20 }, () => resolver.resolve(name, 'TXT')));
    await resolver.resolve(`${name.toUpperCase()}.`, 'TXT');
    assert.equal(server.questions.length, 1);
    clock += 61_000;
    await resolver.resolve(name, 'TXT');
    assert.equal(server.questions.length, 2);
  });

  it('asks again at once where nobody answered', async () => {
    await resolver.resolve('broken.example', 'A');
    await resolver.resolve('broken.example', 'A');
    assert.equal(server.questions.filter((question) => question.startsWith('A broken')).length, 2);
  });

  it('does not ask for what cannot stand in DNS', async () => {
    for (const name of [
      '',
      '.',
      'a..b',
      'a b.example',
      'a\0.example',
      'é.example',
      `${'x'.repeat(64)}.example`,
      'a\\b.example',
    ])
      assert.deepEqual(await resolver.resolve(name, 'TXT'), { records: [] }, name);
    assert.deepEqual(server.questions, []);
  });

  it('takes no answer with hundreds of records', async () => {
    assert.deepEqual(await resolver.resolve('crowd.example', 'A'), { unavailable: 'the answer is too large' });
  });
});

describe('the setting of name servers', () => {
  it('takes off, system, and addresses', () => {
    assert.equal(readNameServers('off'), 'off');
    assert.equal(readNameServers('system'), 'system');
    assert.deepEqual(readNameServers('10.0.0.53, [::1]:5353,127.0.0.1:53'), [
      '10.0.0.53',
      '[::1]:5353',
      '127.0.0.1:53',
    ]);
  });

  it('refuses names, ports that are none, and nothing', () => {
    for (const text of ['', 'dns.example', '127.0.0.1:0', '127.0.0.1:70000', '1.2.3', 'system,10.0.0.53'])
      assert.throws(() => readNameServers(text), /must be off, system/, text);
  });
});
