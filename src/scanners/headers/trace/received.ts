import { isIpAddress } from '../../../mail/domains.js';
import { brandsOf } from '../../brands/brand-list.js';
import { factScanner } from '../../fact-scanner.js';
import type { Finding } from '../../scanner.js';
import { findBoundary } from '../authentication/boundary.js';
import { brandedSenderOf } from '../../sender.js';

/** Names of machines in homes and mobile networks. */
const DYNAMIC =
  /(?:^|[.-])(?:dsl|adsl|vdsl|cable|dialup|dial|dyn|dynamic|pool|ppp|dhcp|broadband|mobile|client|cust|customer|user)[\d.-]/i;
const NUMBERED = /(?:\d{1,3}[.-]){3}\d{1,3}/;

/** How the sending machine introduced itself to the server that took the message in. */
export const received = factScanner('headers', 'received', (message, { tenant, authentication }) => {
  const boundary = findBoundary(message);
  const helo = boundary?.hop.from ?? null;
  if (boundary === null || helo === null || authentication.aligned) return [];
  const at = { kind: 'header', index: boundary.index } as const;
  const findings: Finding[] = [];
  const bare = helo.replace(/^\[|\]$/g, '');
  if (!isIpAddress(bare) && bare !== 'unknown' && !bare.includes('.')) {
    findings.push({
      id: 'headers.sending-host-odd',
      evidence: `the sending machine calls itself “${helo.slice(0, 80)}”`,
      at,
    });
  } else if (isIpAddress(bare) || (DYNAMIC.test(bare) && NUMBERED.test(bare))) {
    const evidence = `sent from ${helo.slice(0, 80)}, which is no mail server’s name`;
    findings.push({ id: 'headers.sending-host-odd', evidence, at, strength: 0.8 });
  }
  const sender = brandedSenderOf(message, tenant);
  if (
    sender.owner !== null &&
    !sender.freeMail &&
    brandsOf(tenant).ownerOf(bare) !== sender.owner &&
    authentication.source !== 'none'
  ) {
    const evidence = `${sender.domain} belongs to ${sender.owner.name}, but the message came from ${helo.slice(0, 80)} without proof`;
    findings.push({ id: 'headers.known-brand-unproven', evidence, at });
  }
  return findings;
});
