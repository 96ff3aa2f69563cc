import assert from 'node:assert/strict';
import { createResolver } from '../../src/net/resolver.js';
import { createLookup } from '../../src/services/scanning/lookup.js';
import { startNameServer } from './name-server.js';
import type { NameServer } from './name-server.js';

describe('asking name servers', () => {
  let server: NameServer;
  let now = 0;
  before(async () => {
    server = await startNameServer({
      'TXT shop.example': [['v=spf1 ip4:192.0.2.10 ', '-all'], 'another record'],
      'A mail.shop.example': ['192.0.2.10', '192.0.2.11'],
      'AAAA mail.shop.example': ['2001:db8:0:0:0:0:0:10'],
      'MX shop.example': [['10', 'mail.shop.example']],
      'PTR 10.2.0.192.in-addr.arpa': ['mail.shop.example'],
      'TXT empty.example': [],
      'TXT busy.example': 'refused',
      'TXT deaf.example': 'silent',
    });
  });
  after(() => server.close());

  const resolver = () => createResolver({ servers: [server.address], timeoutMs: 100, now: () => now });
  const asking = () => {
    const one = resolver();
    return { resolve: (name: string, type: string) => one.resolve(name, type) };
  };

  it('gives records in the form that the checks read', async () => {
    const { resolve } = asking();
    assert.deepEqual(await resolve('shop.example', 'TXT'), [['v=spf1 ip4:192.0.2.10 ', '-all'], ['another record']]);
    assert.deepEqual(await resolve('mail.shop.example', 'A'), ['192.0.2.10', '192.0.2.11']);
    assert.deepEqual(await resolve('mail.shop.example', 'AAAA'), ['2001:db8::10']);
    assert.deepEqual(await resolve('shop.example', 'MX'), [['10', 'mail.shop.example']]);
    assert.deepEqual(await resolve('10.2.0.192.in-addr.arpa', 'PTR'), ['mail.shop.example']);
  });

  it('tells "there is nothing" from "nobody answered"', async () => {
    const lookup = createLookup({ resolver: resolver() });
    assert.deepEqual(await lookup.dns('nowhere.example', 'TXT'), { answer: [] });
    assert.deepEqual(await lookup.dns('empty.example', 'TXT'), { answer: [] });
    assert.deepEqual(await lookup.dns('not a name', 'TXT'), { answer: [] });
    assert.match(
      JSON.stringify(await lookup.dns('busy.example', 'TXT')),
      /"unavailable":"the name servers did not answer \(EREFUSED\)"/,
    );
    assert.match(JSON.stringify(await lookup.dns('deaf.example', 'TXT')), /ETIMEOUT/);
  });

  it('asks once for the same at the same time and for a minute after, and again after a failure', async () => {
    const { resolve } = asking();
    const count = (question: string) => server.asked.filter((asked) => asked === question).length;
    const before = count('TXT shop.example');
    await Promise.all([resolve('shop.example', 'TXT'), resolve('SHOP.example', 'TXT')]);
    await resolve('shop.example', 'TXT');
    assert.equal(count('TXT shop.example'), before + 1);
    now += 60_001;
    await resolve('shop.example', 'TXT');
    assert.equal(count('TXT shop.example'), before + 2);
    const refused = count('TXT busy.example');
    await assert.rejects(resolve('busy.example', 'TXT'));
    const once = count('TXT busy.example') - refused;
    await assert.rejects(resolve('busy.example', 'TXT'));
    assert.equal(count('TXT busy.example') - refused, once * 2);
  });

  it('without name servers nothing is asked', async () => {
    const before = server.asked.length;
    assert.deepEqual(await createLookup({}).dns('shop.example', 'TXT'), { unavailable: 'offline' });
    assert.equal(server.asked.length, before);
  });
});
