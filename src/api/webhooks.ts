import express, { Router } from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { PosternError } from '../errors.js';
import type { Parts } from '../services/context.js';
import { limitUnproven, unprovenSoFar } from '../services/limits/limit-request.js';
import { admitGmailPush, receiveGmailPush } from '../services/mailboxes/push/receive-gmail-push.js';
import { receiveGraphPush } from '../services/mailboxes/push/receive-graph-push.js';
import { clientOf } from './request/client.js';
import { enforceLimits } from './request/limits.js';

/** Far more than any notification of either. */
const GMAIL_LIMIT = 16_000;
const GRAPH_LIMIT = 512_000;
/** Still a dozen of them, which is more than usually come at once; Microsoft sends again what was refused. */
const DISTRUSTED_LIMIT = 16_000;
const TOKEN_LIMIT = 1000;

/**
 * Where providers call when there is news. Not part of the API: each has its own way to prove itself. Nothing is done here but to
 * queue a look at the mailbox, so that the answer comes well within the three seconds that Microsoft waits.
 *
 * Providers call from few addresses and often: only what does not prove itself is counted against an address, and what does is taken
 * from any address, however much else came from there.
 */
export function webhooks(parts: Parts): Router {
  const router = Router();
  const contextOf = (request: Request) => ({ parts, client: clientOf(request) });

  // Google signs a header: nothing of the body is read for anybody else.
  const admit: RequestHandler = async (request, _response, next) => {
    await admitGmailPush({ ctx: contextOf(request), input: { bearer: bearerOf(request) } });
    next();
  };
  router.post('/webhooks/gmail', admit, express.json({ limit: GMAIL_LIMIT }), async (request, response) => {
    const body: unknown = request.body;
    await receiveGmailPush({ ctx: contextOf(request), input: { body } });
    response.status(204).end();
  });

  const readAll: RequestHandler = express.json({ limit: GRAPH_LIMIT });
  const readLittle: RequestHandler = express.json({ limit: DISTRUSTED_LIMIT });
  const read: RequestHandler = (request, response, next) => {
    const distrusted = unprovenSoFar(contextOf(request)).some(({ waitMs }) => waitMs > 0);
    (distrusted ? readLittle : readAll)(request, response, next);
  };
  router.post('/webhooks/microsoft', validate, read, async (request, response) => {
    const ctx = contextOf(request);
    const body: unknown = request.body;
    const { proven } = await receiveGraphPush({ ctx, input: { body } });
    if (!proven) enforceLimits(response, limitUnproven(ctx));
    response.status(202).end();
  });

  router.all('/webhooks/:name', (_request, response) => {
    response.set('Allow', 'POST');
    throw new PosternError('request.method-not-allowed', 'This address answers to POST.');
  });
  router.use('/webhooks', (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (isRefusal(error)) enforceLimits(response, limitUnproven(contextOf(request)));
    next(error);
  });
  return router;
}

/** What the caller did wrong, as against what went wrong here. */
function isRefusal(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status < 500 && status !== 429;
}

/**
 * Microsoft makes sure that somebody here wants its notifications: the token comes back as plain text
 * (learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation). Escaped, since anybody can send one.
 */
function validate(request: Request, response: Response, next: () => void): void {
  const token = request.query['validationToken'];
  if (token === undefined) {
    next();
    return;
  }
  if (typeof token !== 'string' || token.length > TOKEN_LIMIT)
    throw new PosternError('request.invalid', 'This is no validation token.');
  const escaped = token.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  response.status(200).type('text/plain').send(escaped);
}

function bearerOf(request: Request): string | null {
  return /^Bearer ([\w.-]+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null;
}
