import { isIpAddress } from '../mail/domains.js';
import { isPublicAddress } from '../net/public-address.js';

/** Names that mean something inside a network only: special-use domains, and what administrators commonly pick. */
const INTERNAL = /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;

/** Whether an address is one that others could know: how a company names its inner servers is nobody's business. */
export function isPublicUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false;
  const host = parsed.hostname.replace(/\.$/, '');
  if (!isIpAddress(host)) return host.includes('.') && !INTERNAL.test(host);
  return isPublicAddress(host);
}
