import type { Message } from '../../../mail/message.js';
import type { AuthenticationResult, ScanContext } from '../../scanner.js';

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

/** Who the message comes from, as far as it can be known; never throws for what the message holds. */
export async function authenticate(
  _message: Message,
  _context: Pick<ScanContext, 'raw' | 'lookup' | 'tenant'>,
  known: AuthenticationResult | null,
): Promise<AuthenticationResult> {
  return known ?? NOT_AUTHENTICATED;
}
