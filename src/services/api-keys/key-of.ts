import type { MemberContext } from '../context.js';

/** Which program asked, for the audit. */
export function keyOf({ identity }: MemberContext): { readonly api_key?: string } {
  return identity.apiKey === undefined ? {} : { api_key: identity.apiKey.id };
}
