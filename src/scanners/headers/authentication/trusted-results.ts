import type { Message } from '../../../mail/message.js';
import type { AuthenticationResult, AuthenticationStatus } from '../../scanner.js';
import { findBoundary, sameOrganisation } from './boundary.js';
import { readResultsField } from './results-field.js';
import type { MethodResult, ResultsField } from './results-field.js';

/** Fields a sender's program writes; below the first of them stands nothing the receiver added. */
const ORIGINATOR = new Set(
  'from sender reply-to to cc subject date message-id in-reply-to references mime-version content-type dkim-signature'.split(
    ' ',
  ),
);

/**
 * Authentication results written by a server that can be believed; null when there are none.
 *
 * With `trusted` authserv-ids only theirs count, above the boundary or beside it. Without any, one field is believed: the topmost,
 * if the server that took the message in wrote it in its own name, among the trace fields it put on top. RFC 8601 §5 has that server
 * remove forged ones; where it may not, configure the trusted ids.
 */
export function readTrustedResults(message: Message, trusted: readonly string[]): AuthenticationResult | null {
  const fields = trusted.length > 0 ? configured(message, trusted) : byDefault(message);
  const [first] = fields;
  if (first === undefined) return null;
  const spf = topmost(fields, 'spf')[0];
  const dmarc = topmost(fields, 'dmarc')[0];
  return {
    source: 'trusted-header',
    by: first.authservId,
    spf: { result: status(spf), domain: domainOf(spf, 'smtp.mailfrom', 'smtp.envelope-from', 'smtp.helo') },
    dkim: topmost(fields, 'dkim').map((one) => ({
      result: status(one),
      domain: domainOf(one, 'header.d', 'header.i'),
    })),
    dmarc: {
      result: status(dmarc),
      domain: domainOf(dmarc, 'header.from', 'policy.from'),
      policy: dmarc?.properties.get('policy.dmarc') ?? dmarc?.properties.get('policy.published-domain-policy') ?? null,
    },
    arc: { result: status(topmost(fields, 'arc')[0]) },
    aligned: false,
  };
}

function configured(message: Message, trusted: readonly string[]): readonly ResultsField[] {
  const boundary = findBoundary(message);
  const ids = trusted.map((id) => id.toLowerCase());
  return resultsFields(message, boundary?.end ?? message.headers.length, boundary?.hop.by ?? '').filter(
    ({ authservId }) => ids.includes(authservId),
  );
}

function byDefault(message: Message): readonly ResultsField[] {
  const boundary = findBoundary(message);
  if (boundary === null) return [];
  const originator = message.headers.findIndex(({ name }) => ORIGINATOR.has(name));
  const end = originator === -1 ? boundary.end : Math.min(boundary.end, originator);
  const by = boundary.hop.by ?? '';
  const [first] = resultsFields(message, end, by);
  return first !== undefined && sameOrganisation(first.authservId, by) ? [first] : [];
}

/** The readable fields above `end`. Exchange Online names nobody: then it is the server that took the message in. */
function resultsFields(message: Message, end: number, by: string): readonly ResultsField[] {
  return message.headers.slice(0, end).flatMap(({ name, raw }) => {
    const field = name === 'authentication-results' ? readResultsField(raw) : null;
    if (field === null) return [];
    if (field.authservId !== '') return [field];
    return by.endsWith('.outlook.com') ? [{ ...field, authservId: 'outlook.com' }] : [];
  });
}

/** Of several fields only the topmost that speaks of a method counts for it: a forged one can only stand below. */
function topmost(fields: readonly ResultsField[], method: string): readonly MethodResult[] {
  for (const { results } of fields) {
    const own = results.filter((result) => result.method === method);
    if (own.length > 0) return own;
  }
  return [];
}

const STATUSES: Readonly<Record<string, AuthenticationStatus>> = {
  pass: 'pass',
  fail: 'fail',
  hardfail: 'fail',
  softfail: 'softfail',
  neutral: 'neutral',
  none: 'none',
  policy: 'policy',
  temperror: 'temperror',
  permerror: 'permerror',
};

/** Words outside RFC 8601, such as Microsoft's `bestguesspass`, verify nothing. */
function status(result: MethodResult | undefined): AuthenticationStatus {
  return STATUSES[result?.result ?? 'none'] ?? 'none';
}

function domainOf(result: MethodResult | undefined, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = result?.properties.get(name);
    if (value === undefined) continue;
    const domain = value
      .slice(value.lastIndexOf('@') + 1)
      .replace(/[<>]/g, '')
      .replace(/\.$/, '')
      .toLowerCase();
    if (domain !== '') return domain;
  }
  return null;
}
