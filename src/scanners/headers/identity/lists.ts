import { factScanner } from '../../fact-scanner.js';
import type { Finding, ScanContext } from '../../scanner.js';
import { headerPlace, senderOf } from '../../sender.js';
import type { SenderView } from '../../sender.js';

/** The tenant's allow and block lists. Allowed counts only for a sender who is proven: anyone can write a name on an envelope. */
export const lists = factScanner('headers', 'lists', listFindings);

export function listFindings(
  message: SenderView,
  { tenant, authentication }: Pick<ScanContext, 'tenant' | 'authentication'>,
): readonly Finding[] {
  const at = headerPlace(message, 'from');
  const blocked = message.identity.from.find(({ address, domain }) => listed(tenant.block, address, domain) !== null);
  if (blocked !== undefined) {
    return [{ id: 'headers.sender-blocked', evidence: `${blocked.address} is on your block list`, at }];
  }
  const { address, domain } = senderOf(message);
  const entry = authentication.aligned ? listed(tenant.allow, address, domain) : null;
  return entry === null ? [] : [{ id: 'headers.sender-allowed', evidence: `${entry} is on your allow list`, at }];
}

/** An entry is an address, a domain with everything below it, or `@domain` for that domain alone. */
function listed(entries: readonly string[], address: string, domain: string): string | null {
  if (entries.length === 0 || domain === '') return null;
  // Lists have up to ten thousand entries: what would match is worked out once, not tried on each.
  const matching = new Set(entriesFor(address, domain));
  return entries.find((entry) => matching.has(entry.trim().toLowerCase())) ?? null;
}

/** Every entry that would match a sender. `domain` is ASCII and in lower case. */
export function entriesFor(address: string, domain: string): readonly string[] {
  const entries = [address.toLowerCase(), `@${domain}`];
  for (let rest = domain; rest !== ''; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '') {
    entries.push(rest);
  }
  return entries;
}
