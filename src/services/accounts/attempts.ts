import type { PublicContext } from '../context.js';
import { clientKey } from '../limits/client-key.js';
import { countTogether } from '../limits/count-together.js';
import { refuseOverLimit } from '../limits/limit-request.js';
import type { SharedWindow } from '../limits/shared-window.js';

/** Counts one attempt in each window, or in none where one is full; then throws `request.rate-limited`. */
export async function countAttempts(...windows: readonly (readonly [SharedWindow, string])[]): Promise<void> {
  const states = await countTogether(windows.map(([window, key]) => ({ window, key })));
  refuseOverLimit(states, () => 'Too many attempts');
}

/** For routes that need no token. */
export async function countRequest(ctx: PublicContext): Promise<void> {
  await countAttempts([ctx.parts.accounts.byClient, clientKey(ctx.client.ip)]);
}

/** For messages that anybody can ask for: counted the same whether the address has an account. */
export async function countMessage(ctx: PublicContext, email: string): Promise<void> {
  const { byClient, byRecipient } = ctx.parts.accounts;
  await countAttempts([byClient, clientKey(ctx.client.ip)], [byRecipient, email]);
}
