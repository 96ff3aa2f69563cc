import type { ARCData, DKIMResult } from 'mailauth';
import type { Message } from '../../../mail/message.js';
import type { AuthenticationResult, AuthenticationStatus, Lookup } from '../../scanner.js';
import { checkSpf } from '../spf/check-host.js';
import { findBoundary } from './boundary.js';
import { readTagList } from './tag-list.js';

/** Thrown into mailauth, which reads the code: nothing there, or nobody to ask. */
class LookupError extends Error {
  constructor(
    readonly code: 'ENODATA' | 'ETIMEOUT',
    message: string,
  ) {
    super(message);
  }
}

/**
 * SPF, DKIM, DMARC and ARC from the raw message, by DNS; null when no name server can be asked. The client's address and name are
 * those the boundary's Received field tells. SPF is our own: mailauth's reads a record only as far as it matches, and so accepts
 * what RFC 7208 calls permanent errors.
 */
export async function verify(message: Message, raw: Uint8Array, lookup: Lookup): Promise<AuthenticationResult | null> {
  const [sender] = message.identity.from;
  const probe = await lookup.dns(`_dmarc.${sender?.domain ?? 'invalid'}`, 'TXT');
  if ('unavailable' in probe) return null;
  // Loaded only where DNS is at hand: it costs a worker 40 ms to start.
  const { arc: verifyArc, dkimVerify, dmarc: verifyDmarc } = await import('mailauth');
  const resolver = limitedResolver(lookup);
  const spf = await spfOf(message, lookup);
  const dkim = await dkimVerify(Buffer.from(raw), { resolver });
  const arc = dkim.arc === undefined ? false : await verifyArc(dkim.arc as ARCData, { resolver });
  const dmarc = await verifyDmarc({
    headerFrom: dkim.headerFrom,
    spfDomains: spf?.result === 'pass' && spf.domain !== null ? [spf.domain] : [],
    dkimDomains: dkim.results.filter((one) => signature(one) === 'pass').map((one) => ({ domain: one.signingDomain })),
    ...(arc === false ? {} : { arcResult: arc }),
    resolver,
  });
  return {
    source: 'verified',
    by: null,
    spf: spf ?? { result: 'none', domain: null },
    dkim: dkim.results
      // For a message without a signature mailauth reports one without a domain.
      .filter(({ signingDomain }) => Boolean(signingDomain))
      .map((one) => ({ result: signature(one), domain: one.signingDomain })),
    dmarc: dmarc
      ? { result: status(dmarc.status.result), domain: dmarc.domain, policy: policyOf(dmarc) }
      : { result: 'none', domain: null, policy: null },
    arc: { result: arc ? arcStatus(message, status(arc.status.result)) : 'none' },
    aligned: false,
  };
}

/**
 * A signature over the beginning of the body only (`l=`) lets anyone write the rest, and one that leaves out From lets anyone write
 * the sender (RFC 6376 §5.4 forbids it, mailauth lets it pass): neither proves anything about what is read.
 */
function signature(one: DKIMResult & { readonly signingHeaders?: { readonly keys?: string } }): AuthenticationStatus {
  const result = status(one.status.result);
  if (result !== 'pass') return result;
  const signedFields = (one.signingHeaders?.keys ?? '').toLowerCase().split(/\s*:\s*/);
  if (!signedFields.includes('from')) return 'permerror';
  return one.status.underSized ? 'policy' : 'pass';
}

async function spfOf(message: Message, lookup: Lookup): Promise<AuthenticationResult['spf'] | null> {
  const hop = findBoundary(message)?.hop;
  if (hop?.ip === undefined || hop.ip === null) return null;
  return checkSpf({ ip: hop.ip, helo: hop.from ?? '', mailFrom: message.identity.mailFrom ?? '' }, lookup);
}

/** Absent, against its type, where the domain publishes none. */
function policyOf({ policy }: { readonly policy?: string }): string | null {
  return policy ?? null;
}

/** mailauth passes over broken tag lists in seals, which RFC 8617 §4.1 forbids. */
function arcStatus({ headers }: Message, result: AuthenticationStatus): AuthenticationStatus {
  if (result !== 'pass') return result;
  const seals = headers.filter(({ name }) => name === 'arc-seal').map(({ raw }) => readTagList(raw));
  const complete = seals.every(
    (tags) => tags !== null && ['i', 'a', 'b', 'cv', 'd', 's'].every((name) => tags.has(name)),
  );
  return complete ? 'pass' : 'fail';
}

/** Whoever puts a thousand signatures on a message shall not make the name server work for them. */
const MOST_LOOKUPS = 50;

function limitedResolver(lookup: Lookup): (name: string, type: string) => Promise<string[] | string[][]> {
  let asked = 0;
  return (name, type) => {
    asked += 1;
    if (asked > MOST_LOOKUPS) throw new LookupError('ETIMEOUT', 'the message asks for too many names');
    return resolve(lookup, name, type);
  };
}

/** mailauth takes an empty answer for an error, and a TXT record as its strings. */
async function resolve(lookup: Lookup, name: string, type: string): Promise<string[] | string[][]> {
  const found = await lookup.dns(name, type);
  if ('unavailable' in found) throw new LookupError('ETIMEOUT', found.unavailable);
  if (found.answer.length === 0) throw new LookupError('ENODATA', `no ${type} for ${name}`);
  return found.answer.map((record) => (typeof record === 'string' ? [record] : [...record]));
}

const STATUSES = new Set<string>(['pass', 'fail', 'softfail', 'neutral', 'none', 'policy', 'temperror', 'permerror']);

function status(result: string): AuthenticationStatus {
  if (result === 'temperr') return 'temperror';
  return STATUSES.has(result) ? (result as AuthenticationStatus) : 'none';
}
