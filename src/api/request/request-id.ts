import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const HEADER = 'X-Request-Id';

/** Names each request, in the answer and in the log. Made here: a client's own would let it write into the log. */
export const nameRequest: RequestHandler = (_request, response, next) => {
  response.set(HEADER, randomBytes(9).toString('base64url'));
  next();
};

export function requestIdOf(response: Response): string {
  return response.get(HEADER) ?? '';
}
