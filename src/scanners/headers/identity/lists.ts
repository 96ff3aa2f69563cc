import { factScanner } from '../../fact-scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

/** The tenant's allow and block lists. Allowed counts only for a sender who is proven: anyone can write a name on an envelope. */
export const lists = factScanner('headers', 'lists', (message, { tenant, authentication }) => {
  const at = headerPlace(message, 'from');
  const blocked = message.identity.from.find(({ address, domain }) => listed(tenant.block, address, domain) !== null);
  if (blocked !== undefined) {
    return [{ id: 'headers.sender-blocked', evidence: `${blocked.address} is on your block list`, at }];
  }
  const { address, domain } = senderOf(message);
  const entry = authentication.aligned ? listed(tenant.allow, address, domain) : null;
  return entry === null ? [] : [{ id: 'headers.sender-allowed', evidence: `${entry} is on your allow list`, at }];
});

/** An entry is an address, a domain with everything below it, or `@domain` for that domain alone. */
function listed(entries: readonly string[], address: string, domain: string): string | null {
  const whole = address.toLowerCase();
  const match = entries.find((written) => {
    const entry = written.trim().toLowerCase();
    if (entry.startsWith('@')) return domain === entry.slice(1);
    return entry.includes('@') ? whole === entry : entry !== '' && (domain === entry || domain.endsWith(`.${entry}`));
  });
  return match ?? null;
}
