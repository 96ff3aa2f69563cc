import type { FindingId } from '../../catalogue.js';
import type { Finding, ScanContext } from '../../scanner.js';
import type { SenderView } from '../../sender.js';
import { listFindings } from './lists.js';
import { impersonationFindings } from './tenant.js';

/** Findings that follow from the sender, the authentication and the tenant's profile alone: no content is needed to report them anew. */
export const OF_PROFILE: ReadonlySet<string> = new Set<FindingId>([
  'headers.sender-allowed',
  'headers.sender-blocked',
  'headers.own-domain-spoofed',
  'headers.own-domain-look-alike',
  'headers.person-impersonated',
]);

export function findingsOfProfile(
  message: SenderView,
  context: Pick<ScanContext, 'tenant' | 'authentication'>,
): readonly Finding[] {
  return [...listFindings(message, context), ...impersonationFindings(message, context)];
}
