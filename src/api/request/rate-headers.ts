import type { Response } from 'express';
import type { AppliedLimit } from '../../services/limits/limit-request.js';

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: quota and window, then what remains and
 * the seconds until there is more. `Retry-After` comes with the refusal itself.
 */
export function tellLimits(response: Response, limits: readonly AppliedLimit[]): void {
  for (const { name, limit, windowMs, remaining, resetMs } of limits) {
    response.append('RateLimit-Policy', `"${name}";q=${limit};w=${Math.ceil(windowMs / 1000)}`);
    response.append('RateLimit', `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`);
  }
}
