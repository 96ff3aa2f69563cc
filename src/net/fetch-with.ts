import type { HttpClient, HttpRequest } from './http-client.js';

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'] as const;
/** The Fetch standard allows no body with these. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * `fetch` for clients that others wrote, over our own: bounded in time and size, redirects not followed, the body complete before it
 * resolves. Of the answer's headers only Content-Type and Retry-After are handed on. Throws NetFault, or the signal's reason.
 */
export function fetchWith(http: HttpClient): typeof fetch {
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError('a URL is needed');
    const method = METHODS.find((known) => known === (init.method ?? 'GET').toUpperCase());
    if (method === undefined) throw new TypeError(`no client here sends ${String(init.method)}`);
    const headers = new Headers(init.headers);
    // The answer would come compressed, and whoever set the header would have to unpack it.
    headers.delete('accept-encoding');
    const request: HttpRequest = {
      url: new URL(input),
      method,
      headers: Object.fromEntries(headers),
      ...(typeof init.body === 'string' || init.body instanceof URLSearchParams ? { body: init.body.toString() } : {}),
      ...(init.signal === null || init.signal === undefined ? {} : { signal: init.signal }),
    };
    const answer = await http.send(request);
    const body = WITHOUT_BODY.has(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(body, {
      status: answer.status,
      headers: {
        ...(answer.contentType === '' ? {} : { 'content-type': answer.contentType }),
        ...(answer.retryAfterSeconds === null ? {} : { 'retry-after': String(answer.retryAfterSeconds) }),
      },
    });
  };
}
