import type { RequestHandler, Response } from 'express';
import type { Parts } from '../../services/context.js';
import { limitPage, refuseOverLimit } from '../../services/limits/limit-request.js';
import type { WindowState } from '../../services/limits/shared-window.js';
import { clientOf } from './client.js';
import { tellLimits } from './rate-headers.js';

/** Tells the client how it stands. Throws `request.rate-limited` where it has had its share. */
export function enforceLimits(response: Response, limits: readonly WindowState[]): void {
  tellLimits(response, limits);
  refuseOverLimit(limits);
}

/** For everything that is no operation of the API: pages, files, what is not there. */
export function limitPages(parts: Parts): RequestHandler {
  return (request, response, next) => {
    enforceLimits(response, limitPage({ parts, client: clientOf(request) }));
    next();
  };
}
