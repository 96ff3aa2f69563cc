import type { Response } from 'express';
import type { AppliedLimit } from '../../services/limits/limit-request.js';
import { RATE_WINDOW_SECONDS } from '../../services/rate-limits.js';
import type { RateState } from '../../services/rate-limits.js';

/** How a request stands to one limit, in seconds. */
interface Standing {
  readonly name: string;
  readonly limit: number;
  readonly window: number;
  readonly remaining: number;
  readonly resetsIn: number;
}

/** Tells the limits on all requests. */
export function tellLimits(response: Response, limits: readonly AppliedLimit[]): void {
  for (const { windowMs, resetMs, ...limit } of limits) {
    tell(response, { ...limit, window: Math.ceil(windowMs / 1000), resetsIn: Math.ceil(resetMs / 1000) });
  }
}

/** Tells the limits on scans, which stand beside the others under names of their own. */
export function tellScanLimits(response: Response): (states: readonly RateState[]) => void {
  return (states) => {
    if (response.headersSent) return;
    for (const { name, ...state } of states) {
      tell(response, { ...state, name: `scans-${name}`, window: RATE_WINDOW_SECONDS });
    }
  };
}

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: quota and window, then what remains and
 * the seconds until there is more. `Retry-After` comes with the refusal itself.
 */
function tell(response: Response, { name, limit, window, remaining, resetsIn }: Standing): void {
  response.append('RateLimit-Policy', `"${name}";q=${limit};w=${window}`);
  response.append('RateLimit', `"${name}";r=${remaining};t=${resetsIn}`);
}
