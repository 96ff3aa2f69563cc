import type { Response } from 'express';
import { z } from 'zod';
import { PosternError } from '../errors.js';
import type { Log } from '../log.js';

/** What each status is called when nothing better is known; the `detail` says what happened. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Signing in is needed',
  402: 'The quota is used up',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with what is there',
  410: 'Gone',
  413: 'Too large',
  415: 'This media type is not supported',
  422: 'The content cannot be used',
  429: 'Too many requests',
  500: 'Something broke here',
  503: 'Busy',
};

/** The body of a refusal (RFC 9457). Never holds the cause, which only the operator may read. */
export function toProblem(error: PosternError, requestId: string): Record<string, unknown> {
  return {
    type: `/docs#${error.code}`,
    title: TITLES[error.status] ?? 'Refused',
    status: error.status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...error.details,
  };
}

/** Answers with problem details; what broke unexpectedly goes to the log with its cause. */
export function sendProblem(response: Response, thrown: unknown, log: Log, requestId: string): void {
  // The client has left, and with it whatever was being done for it.
  if (response.closed) return;
  const error = asPosternError(thrown);
  if (error.status >= 500 && error.code !== 'scan.queue-full') {
    log.error({ err: thrown, cause: error.cause, requestId }, error.message);
  }
  if (response.headersSent) {
    // Too late for an answer: cutting the connection at least shows the client that this one is not complete.
    response.destroy();
    return;
  }
  if (error.status === 401) response.set('WWW-Authenticate', 'Bearer');
  const retryAfter = error.details['retry_after'];
  if (typeof retryAfter === 'number') response.set('Retry-After', String(retryAfter));
  else if (error.status === 503) response.set('Retry-After', '5');
  response
    .status(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, requestId)));
}

function asPosternError(thrown: unknown): PosternError {
  if (thrown instanceof PosternError) return thrown;
  if (thrown instanceof z.ZodError) return invalidRequest(thrown, '');
  return (
    fromBodyParser(thrown) ??
    new PosternError('internal', 'Something broke here. The log says more.', { cause: thrown })
  );
}

/** `place` is where the fields stand: 'body', 'query' or 'path'. */
export function invalidRequest(error: z.ZodError, place: string): PosternError {
  const errors = error.issues.flatMap((issue) => {
    const path = [place, ...issue.path.map(String)].filter((step) => step !== '');
    // Unknown fields are named one by one: "Unrecognized keys" at the object is of no use to a form.
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not known' }));
    }
    return [{ path: path.join('.'), message: issue.message }];
  });
  const [first] = errors;
  const detail = first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}`;
  return new PosternError('request.invalid', detail, { details: { errors } });
}

/** express.json and the router throw plain errors with a `type` or a status of the 400s. */
function fromBodyParser(thrown: unknown): PosternError | null {
  if (!(thrown instanceof Error)) return null;
  const { type, status, limit } = thrown as Error & { type?: unknown; status?: unknown; limit?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return new PosternError('request.malformed-json', 'The body is not valid JSON.', { cause: thrown });
    case 'entity.too.large':
      return new PosternError('request.too-large', 'The body is larger than is accepted.', { details: { limit } });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new PosternError('request.unsupported-media-type', 'This encoding of the body is not supported.');
    default:
      if (typeof status === 'number' && status >= 400 && status < 500) {
        return new PosternError('request.invalid', 'The request is not valid.', { cause: thrown });
      }
      return null;
  }
}
