import { z } from 'zod';
import type { TokenSet } from '../../../net/oauth-client.js';

/** What a consent brought, as it is sealed with the mailbox. */
export const Granted = z.object({
  kind: z.literal('consent'),
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.iso.datetime(),
  access: z.enum(['read', 'change']),
});
export type Granted = z.infer<typeof Granted>;

/** With the tokens just issued. A refresh token that did not come along stays the one from before. */
export function renewed(before: Granted, tokens: TokenSet): Granted {
  return {
    ...before,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? before.refreshToken,
    expiresAt: tokens.expiresAt.toISOString(),
  };
}
