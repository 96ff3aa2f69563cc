import type { Request, Response, Router } from 'express';

const HEADERS = 'authorization, content-type, idempotency-key, prefer';
const READABLE = 'content-location, location, retry-after, ratelimit, ratelimit-policy, x-request-id';
const PREFLIGHT_SECONDS = '600';

/**
 * Lets browsers ask whether a page of another origin may call an operation that API keys may use. The answer is yes for any: which page
 * may, the key decides, and without one nothing is told. Cookies are never sent along.
 */
export function answerPreflights(router: Router, path: string, methods: readonly string[]): void {
  router.options(path, (request, response, next) => {
    const origin = request.get('origin');
    if (origin === undefined || request.get('access-control-request-method') === undefined) {
      next();
      return;
    }
    allow(response, origin);
    response.set('Access-Control-Allow-Methods', methods.join(', '));
    response.set('Access-Control-Allow-Headers', HEADERS);
    response.set('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    response.status(204).end();
  });
}

/** The page may read the answer: the key it called with is bound to its origin, or to none. */
export function allowPage(request: Request, response: Response): void {
  const origin = request.get('origin');
  if (origin === undefined) return;
  allow(response, origin);
  response.set('Access-Control-Expose-Headers', READABLE);
}

function allow(response: Response, origin: string): void {
  response.set('Access-Control-Allow-Origin', origin);
  response.vary('Origin');
}
