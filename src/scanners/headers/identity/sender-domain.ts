import { factScanner } from '../../fact-scanner.js';
import { isAmong } from '../../model/infrastructure.js';
import { isRandomLooking } from '../../lexical/random-looking.js';
import type { Finding } from '../../scanner.js';
import { brandedSenderOf, headerPlace, isCustomerDomain } from '../../sender.js';

/** What the sender's domain itself looks like. Each is weak alone: small firms have odd domains too. */
export const senderDomain = factScanner('headers', 'sender-domain', (message, { tenant }) => {
  const { domain, organisation, local, address, owner } = brandedSenderOf(message, tenant);
  if (domain === '') return [];
  const findings: Finding[] = [];
  const at = headerPlace(message, 'from');
  if (isCustomerDomain(domain)) {
    findings.push({
      id: 'headers.sender-on-trial-domain',
      evidence: `${domain} is an address anyone gets with a trial account`,
      at,
    });
  } else if (owner === null && isAmong('cheapSuffixes', organisation)) {
    findings.push({
      id: 'headers.sender-cheap-suffix',
      evidence: `${organisation} ends in .${organisation.slice(organisation.indexOf('.') + 1)}`,
      at,
    });
  }
  const label = organisation.split('.')[0] ?? '';
  const odd = isRandomLooking(label) ? label : isRandomLooking(local) ? local : null;
  if (odd !== null && owner === null) {
    findings.push({
      id: 'headers.sender-random',
      evidence: `“${odd.slice(0, 60)}” in ${address.slice(0, 120)} looks made up by a program`,
      at,
    });
  }
  return findings;
});
