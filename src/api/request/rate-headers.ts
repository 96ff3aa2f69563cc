import type { Response } from 'express';
import { RATE_WINDOW_SECONDS } from '../../services/rate-limits.js';
import type { RateState } from '../../services/rate-limits.js';

/** Says in the answer how it stands to the limits (draft-ietf-httpapi-ratelimit-headers): `"key";r=1199;t=60`. */
export function rateHeaders(response: Response): (states: readonly RateState[]) => void {
  return (states) => {
    if (response.headersSent) return;
    const policies = states.map(({ name, limit }) => `"${name}";q=${limit};w=${RATE_WINDOW_SECONDS}`);
    const standing = states.map(({ name, remaining, resetsIn }) => `"${name}";r=${remaining};t=${resetsIn}`);
    response.set('RateLimit-Policy', policies.join(', ')).set('RateLimit', standing.join(', '));
  };
}
