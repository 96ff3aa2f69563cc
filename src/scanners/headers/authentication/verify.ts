import type { Message } from '../../../mail/message.js';
import type { AuthenticationResult, AuthenticationStatus, Lookup } from '../../scanner.js';
import { findBoundary } from './boundary.js';

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
 * those the boundary's Received field tells.
 */
export async function verify(message: Message, raw: Uint8Array, lookup: Lookup): Promise<AuthenticationResult | null> {
  const [sender] = message.identity.from;
  const probe = await lookup.dns(`_dmarc.${sender?.domain ?? 'invalid'}`, 'TXT');
  if ('unavailable' in probe) return null;
  // Loaded only where DNS is at hand: it costs a worker 40 ms to start.
  const { authenticate } = await import('mailauth');
  const hop = findBoundary(message)?.hop;
  const result = await authenticate(Buffer.from(raw), {
    resolver: (name, type) => resolve(lookup, name, type),
    disableBimi: true,
    mta: 'postern.invalid',
    ...(hop?.ip === undefined || hop.ip === null
      ? {}
      : { ip: hop.ip, helo: hop.from ?? '', sender: message.identity.mailFrom ?? '' }),
  });
  const { spf, dkim, dmarc, arc } = result;
  return {
    source: 'verified',
    by: null,
    spf: { result: spf ? status(spf.status.result) : 'none', domain: spf ? spf.domain : null },
    dkim: dkim.results
      .filter(({ signingDomain }) => signingDomain !== '')
      .map((one) => ({ result: status(one.status.result), domain: one.signingDomain })),
    dmarc: dmarc
      ? { result: status(dmarc.status.result), domain: dmarc.domain, policy: dmarc.policy }
      : { result: 'none', domain: null, policy: null },
    arc: { result: arc ? status(arc.status.result) : 'none' },
    aligned: false,
  };
}

/** mailauth wants MX as objects; the lookup gives them as `[priority, exchange]`. An empty answer is an error to it. */
async function resolve(lookup: Lookup, name: string, type: string): Promise<string[] | string[][]> {
  const found = await lookup.dns(name, type);
  if ('unavailable' in found) throw new LookupError('ETIMEOUT', found.unavailable);
  if (found.answer.length === 0) throw new LookupError('ENODATA', `no ${type} for ${name}`);
  const answer =
    type === 'MX'
      ? found.answer.map((record) => ({ priority: Number(record[0]), exchange: record[1] ?? '' }))
      : found.answer.map((record) => (type === 'TXT' && typeof record === 'string' ? [record] : record));
  return answer as unknown as string[][];
}

const STATUSES = new Set<string>(['pass', 'fail', 'softfail', 'neutral', 'none', 'policy', 'temperror', 'permerror']);

function status(result: string): AuthenticationStatus {
  if (result === 'temperr') return 'temperror';
  return STATUSES.has(result) ? (result as AuthenticationStatus) : 'none';
}
