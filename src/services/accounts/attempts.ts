import { PosternError } from '../../errors.js';
import type { PublicContext } from '../context.js';
import type { SharedWindow } from '../limits/shared-window.js';

/** Counts one attempt in each window; throws `request.rate-limited` where one is full. */
export async function countAttempts(...windows: readonly (readonly [SharedWindow, string])[]): Promise<void> {
  const waitMs = Math.max(...(await Promise.all(windows.map(([window, key]) => window.hit(key)))));
  if (waitMs === 0) return;
  const retryAfter = Math.ceil(waitMs / 1000);
  throw new PosternError('request.rate-limited', `Too many attempts. Try again in ${inWords(retryAfter)}.`, {
    details: { retry_after: retryAfter },
  });
}

/** For routes that need no token. */
export async function countRequest(ctx: PublicContext): Promise<void> {
  await countAttempts([ctx.parts.accounts.byClient, ctx.client.ip]);
}

/** For messages that anybody can ask for: counted the same whether the address has an account. */
export async function countMessage(ctx: PublicContext, email: string): Promise<void> {
  await countAttempts([ctx.parts.accounts.byClient, ctx.client.ip], [ctx.parts.accounts.byRecipient, email]);
}

function inWords(seconds: number): string {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}
