import type { Message } from '../../../mail/message.js';
import type { AuthenticationResult, ScanContext } from '../../scanner.js';
import { sameOrganisation } from './boundary.js';
import { identityConflict } from './identity-conflict.js';
import { readTrustedResults } from './trusted-results.js';
import { verify } from './verify.js';

/** Nobody looked: neither guilt nor innocence. */
export const NOT_AUTHENTICATED: AuthenticationResult = {
  source: 'none',
  by: null,
  spf: { result: 'none', domain: null },
  dkim: [],
  dmarc: { result: 'none', domain: null, policy: null },
  arc: { result: 'none' },
  aligned: false,
};

/**
 * Who the message comes from, as far as it can be known. Verified here when the raw message and DNS are at hand; otherwise, or when
 * signatures no longer match because a server rewrote the message on its way (Exchange Online does), as read from a trusted
 * Authentication-Results field. `known` is the result of an earlier scan, used when the raw message is gone.
 */
export async function authenticate(
  message: Message,
  { raw, lookup, tenant }: Pick<ScanContext, 'raw' | 'lookup' | 'tenant'>,
  known: AuthenticationResult | null,
): Promise<AuthenticationResult> {
  const verified = raw === null ? (known?.source === 'verified' ? known : null) : await verify(message, raw, lookup);
  const checked = verified === null ? null : withAlignment(message, verified);
  if (checked?.aligned === true) return checked;
  if (checked !== null && tenant.trustedAuthservIds.length === 0) return checked;
  const read = readTrustedResults(message, tenant.trustedAuthservIds);
  const believed = read === null ? null : withAlignment(message, read);
  if (checked !== null && believed?.aligned !== true) return checked;
  return believed ?? NOT_AUTHENTICATED;
}

/** RFC 7489 §3.1, relaxed: the visible sender's domain is the one that was proven. Without an undoubted sender there is none. */
function withAlignment(message: Message, result: AuthenticationResult): AuthenticationResult {
  const domain = identityConflict(message) === null ? (message.identity.from[0]?.domain ?? '') : '';
  return { ...result, aligned: domain !== '' && isAligned(domain, result) };
}

function isAligned(domain: string, { spf, dkim, dmarc }: AuthenticationResult): boolean {
  if (dmarc.result === 'fail') return false;
  if (dmarc.result === 'pass') return dmarc.domain !== null && sameOrganisation(dmarc.domain, domain);
  const proven = [...dkim, spf].filter(({ result }) => result === 'pass').map((one) => one.domain ?? '');
  return proven.some((one) => sameOrganisation(one, domain));
}
