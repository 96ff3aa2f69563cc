import { z } from 'zod';
import { NetFault } from '../../net/net-fault.js';
import { ConnectorFault } from '../connector.js';

/** learn.microsoft.com/graph/errors */
const Refusal = z.object({ error: z.object({ code: z.string() }) });

export interface GraphRefusal {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;
}

/** What a refusal means to the sync. 401 is not here: the caller tries a fresh token first. */
export function faultOf({ status, body, retryAfterMs }: GraphRefusal): ConnectorFault {
  const code = codeOf(body);
  const options = retryAfterMs === null ? {} : { retryAfterMs };
  // learn.microsoft.com/graph/delta-query-overview: "410 Gone … restart"; Exchange says the same with a code of its own.
  if (status === 410 || /^(syncStateNotFound|syncStateInvalid|resyncRequired)$/i.test(code))
    return new ConnectorFault('cursor-expired', 'Microsoft 365 no longer knows the changes since the last look.');
  if (status === 429) return new ConnectorFault('rate-limited', 'Microsoft 365 asks for fewer requests.', options);
  if (code === 'MailboxNotEnabledForRESTAPI')
    return new ConnectorFault('auth-revoked', 'This account has no mailbox in Exchange Online that can be opened.');
  if (status === 401 || status === 403)
    return new ConnectorFault('auth-revoked', 'Microsoft 365 does not allow this with the permission that was given.');
  if (status === 404) return new ConnectorFault('not-found', 'Microsoft 365 no longer has this.');
  if (status >= 500 || status === 408 || status === 409 || status === 412 || status === 423)
    return new ConnectorFault('unavailable', `Microsoft 365 is in trouble (status ${status}).`, options);
  return new ConnectorFault('malformed', `Microsoft 365 did not understand this request (status ${status}).`);
}

function codeOf(body: string): string {
  try {
    return Refusal.parse(JSON.parse(body)).error.code;
  } catch {
    return '';
  }
}

export function faultOnTheWay(cause: unknown): ConnectorFault {
  if (cause instanceof ConnectorFault) return cause;
  if (cause instanceof NetFault && cause.kind === 'too-large')
    return new ConnectorFault('malformed', 'The message is too large to be scanned.', { cause });
  const why = cause instanceof NetFault ? `: ${cause.message}` : '';
  return new ConnectorFault('unavailable', `Microsoft 365 could not be reached${why}.`, { cause });
}
