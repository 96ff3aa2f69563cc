import type { RequestHandler } from 'express';
import type { Log } from '../../log.js';
import { requestIdOf } from './request-id.js';

/**
 * One line a request, at level debug. The path without its query, and of a rendering without its ticket: neither a search nor a
 * key belongs into a log.
 */
export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const path = request.path.replace(/^(\/render\/).*/, '$1…');
    response.once('close', () => {
      const milliseconds = Math.round(performance.now() - started);
      const { statusCode: status, writableFinished: complete } = response;
      log.debug(
        { requestId: requestIdOf(response), method: request.method, path, status, complete, milliseconds },
        'request',
      );
    });
    next();
  };
}
