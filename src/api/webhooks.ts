import express, { Router } from 'express';
import type { Request, Response } from 'express';
import { PosternError } from '../errors.js';
import type { Parts } from '../services/context.js';
import { receiveGmailPush } from '../services/mailboxes/push/receive-gmail-push.js';
import { receiveGraphPush } from '../services/mailboxes/push/receive-graph-push.js';
import { clientOf } from './request/client.js';

/** Far more than any notification of either. */
const GMAIL_LIMIT = 16_000;
const GRAPH_LIMIT = 512_000;
const TOKEN_LIMIT = 1000;

/**
 * Where providers call when there is news. Not part of the API: each has its own way to prove itself. Nothing is done here but to
 * queue a look at the mailbox, so that the answer comes well within the three seconds that Microsoft waits.
 */
export function webhooks(parts: Parts): Router {
  const router = Router();
  const contextOf = (request: Request) => ({ parts, client: clientOf(request) });

  router.post('/webhooks/gmail', express.json({ limit: GMAIL_LIMIT }), async (request, response) => {
    const body: unknown = request.body;
    await receiveGmailPush({ ctx: contextOf(request), input: { bearer: bearerOf(request), body } });
    response.status(204).end();
  });

  router.post('/webhooks/microsoft', validate, express.json({ limit: GRAPH_LIMIT }), async (request, response) => {
    const body: unknown = request.body;
    await receiveGraphPush({ ctx: contextOf(request), input: { body } });
    response.status(202).end();
  });

  router.all('/webhooks/:name', (_request, response) => {
    response.set('Allow', 'POST');
    throw new PosternError('request.method-not-allowed', 'This address answers to POST.');
  });
  return router;
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
