import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { NetFault } from './net-fault.js';
import { isPublicAddress } from './public-address.js';

/** Decides where postern may connect when somebody else chose the host. */
export interface AddressGuard {
  /**
   * The address to connect to: the name is looked up once and what is returned has been checked, so that a second answer of the
   * name server changes nothing. Throws AddressRefused, or NetFault where the name has no address.
   */
  resolve(host: string): Promise<string>;
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Public addresses, and what the operator lists: host names, addresses, networks, or `loopback`, `linklocal`, `uniquelocal`. */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const networks = new BlockList();
  const hosts = new Set<string>();
  for (const item of allowed.flatMap((entry) => NAMED[entry] ?? [entry])) {
    const [address = '', prefix] = item.split('/');
    const family = isIP(address);
    if (family === 0) hosts.add(plain(item));
    else networks.addSubnet(address, prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix), of(family));
  }
  return {
    async resolve(host) {
      const name = plain(host);
      const found = isIP(name) === 0 ? await addressesOf(name) : [name];
      const usable = found.find(
        (address) => hosts.has(name) || isPublicAddress(address) || networks.check(address, of(isIP(address))),
      );
      if (usable === undefined)
        throw new AddressRefused('The address is not a public one, and the operator has not listed it.');
      return usable;
    },
  };
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new NetFault('connection', 'the name of the server is not known', { cause });
  }
}

function of(family: number): 'ipv4' | 'ipv6' {
  return family === 6 ? 'ipv6' : 'ipv4';
}

function plain(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
