import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { PosternError } from '../../errors.js';
import type { UploadBudget } from './upload-budget.js';

/** Reads the JSON body of a request into `request.body`. `holder`: whose share of the budget it takes. */
export type BodyReader = (request: Request, response: Response, holder: string) => Promise<void>;

/**
 * `limit` in bytes. Where bodies may be as large as uploads, `budget` bounds what all of them hold until they are answered: what is
 * announced, or the limit where nothing is.
 */
export function jsonReader(limit: number, budget: UploadBudget | null): BodyReader {
  const parser: RequestHandler = express.json({ limit, strict: true });
  return async (request, response, holder) => {
    if (request.is('application/json') === false) {
      throw new PosternError('request.unsupported-media-type', 'The body must be application/json.');
    }
    if (budget !== null) {
      const held = budget.open(holder);
      held.take(Math.min(Number(request.get('content-length') ?? limit), limit));
      response.once('close', () => held.release());
    }
    await new Promise<void>((resolve, reject) => {
      parser(request, response, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the body could not be read', { cause: error }));
      });
    });
    // express.json leaves a request without a body undefined; the schema then names the fields that are missing.
    request.body ??= {};
  };
}
