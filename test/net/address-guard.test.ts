import assert from 'node:assert/strict';
import { AddressRefused, createAddressGuard } from '../../src/net/address-guard.js';
import { NetFault } from '../../src/net/net-fault.js';

describe('the guard of addresses that somebody else chose', () => {
  const refused = (host: string, allowed: readonly string[] = []) =>
    assert.rejects(createAddressGuard(allowed).resolve(host), AddressRefused, host);

  it('lets public addresses pass, of either family', async () => {
    const guard = createAddressGuard([]);
    assert.equal(await guard.resolve('93.184.215.14'), '93.184.215.14');
    assert.equal(await guard.resolve('[2606:2800:21f:cb07::1]'), '2606:2800:21f:cb07::1');
  });

  it('refuses what leads into a network, however it is written', async () => {
    for (const host of [
      ...[
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '0.0.0.0',
        '224.0.0.1',
      ],
      ...['::1', '::', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::1', '[::1]'],
    ]) {
      await refused(host);
    }
  });

  it('refuses a name that leads there', async () => {
    await refused('localhost');
    await refused('LOCALHOST.');
  });

  it('lets pass what the operator listed, and nothing beside it', async () => {
    assert.equal(await createAddressGuard(['10.20.0.0/16']).resolve('10.20.1.1'), '10.20.1.1');
    await refused('10.21.1.1', ['10.20.0.0/16']);
    assert.equal(await createAddressGuard(['10.20.1.1']).resolve('10.20.1.1'), '10.20.1.1');
    await refused('10.20.1.2', ['10.20.1.1']);
    assert.match(await createAddressGuard(['loopback']).resolve('localhost'), /^(127\.|::1)/);
    assert.match(await createAddressGuard(['Localhost']).resolve('localhost'), /^(127\.|::1)/);
    await refused('192.168.1.1', ['loopback', 'linklocal']);
  });

  it('says when a name leads nowhere', async () => {
    await assert.rejects(createAddressGuard([]).resolve('name.invalid'), NetFault);
  });
});
