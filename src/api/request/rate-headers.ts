import type { Response } from 'express';
import type { WindowState } from '../../services/limits/shared-window.js';

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: quota and window, then what remains and
 * the seconds until there is more. `Retry-After` comes with the refusal itself.
 */
export function tellLimits(response: Response, states: readonly WindowState[]): void {
  if (response.headersSent) return;
  for (const { name, limit, windowMs, remaining, resetMs } of states) {
    response.append('RateLimit-Policy', `"${name}";q=${limit};w=${Math.ceil(windowMs / 1000)}`);
    response.append('RateLimit', `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`);
  }
}
