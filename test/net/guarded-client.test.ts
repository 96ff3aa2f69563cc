import assert from 'node:assert/strict';
import { createGuardedClient } from '../../src/net/guarded-client.js';
import type { HttpClient } from '../../src/net/http-client.js';
import { isPublicAddress, NOT_PUBLIC, publicLookup } from '../../src/net/public-address.js';
import { startWebServer } from '../helpers/web-server.js';
import type { WebServer } from '../helpers/web-server.js';

describe('requests to addresses that a user chose', () => {
  let server: WebServer;
  const clients: HttpClient[] = [];
  before(async () => {
    server = await startWebServer(({ target }) =>
      target === '/moved' ? { status: 302, headers: { location: 'http://127.0.0.1/' } } : { status: 200, body: 'ok' },
    );
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  after(() => server.close());

  function client(names: Readonly<Record<string, readonly string[]>> = {}, allowed: readonly string[] = []) {
    const asked: string[] = [];
    const made = createGuardedClient({
      limits: { timeoutMs: 1000 },
      allowed,
      resolve: (host) => {
        asked.push(host);
        const found = names[host] ?? [];
        return Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
      },
    });
    clients.push(made);
    return { asked, send: (url: string) => made.send({ url: new URL(url) }) };
  }
  const forbidden = { name: 'NetFault', kind: 'forbidden' };

  it('reach no inner address, however it is written', async () => {
    const { send } = client();
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '10.1.2.3', '169.254.169.254', '[::1]', '[fd00::1]'])
      await assert.rejects(send(`https://${host}/`), forbidden, host);
    await assert.rejects(send('https://[::ffff:127.0.0.1]/'), forbidden);
  });

  // The name is the one that a test may connect to; what it resolves to is what counts.
  it('reach no inner address by way of a name, not even where another address of it is public', async () => {
    for (const found of [['10.0.0.7'], ['8.8.8.8', '127.0.0.1'], ['169.254.169.254'], ['::1']]) {
      const { send, asked } = client({ localhost: found });
      await assert.rejects(send('https://localhost/'), forbidden, found.join());
      assert.deepEqual(asked, ['localhost']);
    }
  });

  it('connect to the very address that was checked: a name that changes gets no second question', async () => {
    let turn = 0;
    const lookup = publicLookup(() => {
      turn += 1;
      return Promise.resolve([{ address: turn === 1 ? '8.8.8.8' : '127.0.0.1', family: 4 }]);
    });
    const ask = (all: boolean) =>
      new Promise((done) => lookup('rebind.example', { all }, (error, address) => done(error?.code ?? address)));
    assert.deepEqual(await ask(true), [{ address: '8.8.8.8', family: 4 }]);
    assert.equal(await ask(true), NOT_PUBLIC);
    assert.equal(await ask(false), NOT_PUBLIC);
  });

  it('go in the clear to nobody, and carry no password in the address', async () => {
    const { send } = client({ localhost: ['8.8.8.8'] });
    await assert.rejects(send('http://localhost/'), forbidden);
    await assert.rejects(send('https://user:secret@localhost/'), forbidden);
  });

  it('reach what the operator has named, that port of it and no other', async () => {
    const { send } = client({}, [server.url]);
    assert.equal((await send(`${server.url}/api`)).status, 200);
    await assert.rejects(send('http://127.0.0.1:1/'), forbidden);
  });

  it('follow no redirect', async () => {
    const before = server.seen.length;
    assert.equal((await client({}, [server.url]).send(`${server.url}/moved`)).status, 302);
    assert.equal(server.seen.length, before + 1);
  });

  it('know the public internet from everything else', () => {
    const inner = [
      '0.0.0.0',
      '100.64.0.1',
      '172.31.255.255',
      '192.0.2.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ];
    const inner6 = ['::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::'];
    for (const address of [...inner, ...inner6, '', 'localhost', '1.2.3'])
      assert.equal(isPublicAddress(address), false);
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '[2606:4700::1111]'])
      assert.equal(isPublicAddress(address), true, address);
  });
});
