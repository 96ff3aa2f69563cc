import { z } from 'zod';
import { NetFault } from '../../net/net-fault.js';
import { ConnectorFault } from '../connector.js';

/** developers.google.com/workspace/gmail/api/guides/handle-errors: reasons in `error.errors`. */
const Refusal = z.object({
  error: z.object({
    message: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});
const TOO_OFTEN = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'dailyLimitExceeded']);

export interface GmailAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly retryAfterMs: number | null;
}

/** What a refusal means to the sync. 401 is not here: the caller tries a fresh token first. */
export function faultOf({ status, data, retryAfterMs }: GmailAnswer): ConnectorFault {
  const refusal = Refusal.safeParse(data);
  const reasons = refusal.success ? (refusal.data.error.errors ?? []).map(({ reason }) => reason ?? '') : [];
  const options = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 429 || (status === 403 && reasons.some((reason) => TOO_OFTEN.has(reason))))
    return new ConnectorFault('rate-limited', 'Gmail asks for fewer requests.', options);
  if (status === 401 || status === 403)
    return new ConnectorFault('auth-revoked', 'Gmail does not allow this with the permission that was given.');
  if (status === 404 || status === 410) return new ConnectorFault('not-found', 'Gmail no longer has this message.');
  if (status >= 500) return new ConnectorFault('unavailable', `Gmail is in trouble (status ${status}).`, options);
  return new ConnectorFault('malformed', `Gmail did not understand this request (status ${status}).`);
}

/** What went wrong on the way, from inside the errors that Google's client wraps around it. */
export function faultOnTheWay(error: unknown): ConnectorFault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ConnectorFault) return cause;
    if (!(cause instanceof NetFault)) continue;
    if (cause.kind === 'too-large')
      return new ConnectorFault('malformed', 'The message is too large to be scanned.', { cause });
    return new ConnectorFault('unavailable', `Gmail could not be reached: ${cause.message}.`, { cause });
  }
  return new ConnectorFault('unavailable', 'Gmail could not be reached.', { cause: error });
}
