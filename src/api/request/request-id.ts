import type { RequestHandler, Response } from 'express';
import { randomFromPool } from '../../crypto/random.js';

const HEADER = 'X-Request-Id';

/** Names each request, in the answer and in the log. Made here: a client's own would let it write into the log. */
export const nameRequest: RequestHandler = (_request, response, next) => {
  response.set(HEADER, Buffer.from(randomFromPool(9)).toString('base64url'));
  next();
};

export function requestIdOf(response: Response): string {
  return response.get(HEADER) ?? '';
}
