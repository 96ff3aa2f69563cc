import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { LookupFunction } from 'node:net';

/** Code of the error for a name that leads into an inner network. */
export const NOT_PUBLIC = 'POSTERN_NOT_PUBLIC';

/** What IANA's special-purpose registries (RFC 6890) do not call globally reachable, and multicast. */
const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Only 2000::/3 is given out for the internet; in it, what carries an IPv4 address inside or is for examples. */
const V6_GLOBAL = '2000::/3';
const V6_EXCEPT = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const blocked4 = listOf(V4, 'ipv4');
const global6 = listOf([V6_GLOBAL], 'ipv6');
const blocked6 = listOf(V6_EXCEPT, 'ipv6');

/** Whether an IP address belongs to the public internet; false for anything that is no IP address. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0) return false;
  if (isIPv6(bare)) return global6.check(bare, 'ipv6') && !blocked6.check(bare, 'ipv6');
  return !blocked4.check(bare, 'ipv4');
}

export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/**
 * A lookup for sockets that fails with NOT_PUBLIC when any address of a name is not public. It runs at connect time and hands over the
 * very addresses it has checked, so that a name cannot change its mind in between.
 */
export function publicLookup(resolve: Resolve = systemResolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (found) => {
        const bad = found.find(({ address }) => !isPublicAddress(address));
        const [first] = found;
        if (bad !== undefined || first === undefined) {
          const error = new Error(`${host} has no public address`) as NodeJS.ErrnoException;
          error.code = first === undefined ? 'ENOTFOUND' : NOT_PUBLIC;
          callback(error, []);
        } else if (options.all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

const systemResolve: Resolve = (host) =>
  new Promise((done, fail) => {
    lookUp(host, { all: true, verbatim: true }, (error, found) => (error === null ? done(found) : fail(error)));
  });

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
