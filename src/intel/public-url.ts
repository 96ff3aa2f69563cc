import { BlockList, isIPv4 } from 'node:net';
import { isIpAddress } from '../mail/domains.js';

/** Names that mean something inside a network only: special-use domains, and what administrators commonly pick. */
const INTERNAL = /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;

const PRIVATE = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(address, bits, 'ipv6');

/** Whether an address is one that others could know: how a company names its inner servers is nobody's business. */
export function isPublicUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false;
  const host = parsed.hostname.replace(/\.$/, '');
  if (!isIpAddress(host)) return host.includes('.') && !INTERNAL.test(host);
  const bare = host.replace(/^\[|\]$/g, '');
  return !PRIVATE.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
}
