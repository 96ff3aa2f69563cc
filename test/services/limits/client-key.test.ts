import assert from 'node:assert/strict';
import { clientKey } from '../../../src/services/limits/client-key.js';

describe('what one client is for limits', () => {
  it('an IPv4 address is one, however it is written', () => {
    assert.equal(clientKey('192.0.2.1'), '192.0.2.1');
    assert.equal(clientKey('::ffff:192.0.2.1'), '192.0.2.1');
    assert.notEqual(clientKey('192.0.2.2'), clientKey('192.0.2.1'));
  });

  it('all addresses of one IPv6 network of 64 bits are one', () => {
    const same = [
      '2001:db8:1:2::1',
      '2001:DB8:1:2:ffff:ffff:ffff:ffff',
      '2001:0db8:0001:0002::',
      '2001:db8:1:2::192.0.2.1',
    ];
    for (const ip of same) assert.equal(clientKey(ip), '2001:db8:1:2::/64', ip);
    for (const ip of ['2001:db8:1:3::1', '2001:db8::2:0:0:0:1', '::1'])
      assert.notEqual(clientKey(ip), '2001:db8:1:2::/64', ip);
    assert.equal(clientKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.equal(clientKey('::1'), '0:0:0:0::/64');
  });

  it('what is no address stays what it is', () => {
    assert.equal(clientKey('unknown'), 'unknown');
  });
});
