import { toMessageView } from '../../../services/scans/content/message-view.js';
import { openMessage } from '../../../services/scans/content/open-message.js';
import { issueTicket } from '../../../services/scans/content/rendering.js';
import { answer, route } from '../../route.js';
import { MessageView } from '../../schemas/scans/message.js';
import { AccessReason, RenderingTicket, ScanId } from '../../schemas/scans/scan.js';

/** What the message itself holds. Opening it is audited. */
export const CONTENT_ROUTES = [
  route({
    method: 'get',
    path: '/scan/{id}/message',
    name: 'getMessage',
    tag: 'Scans',
    summary: 'The message, as it was read',
    description:
      "Texts, header fields, links and attachments. Opening another person's message needs a reason. Every opening is audited.",
    access: 'bearer',
    scope: 'content:read',
    params: ScanId,
    query: AccessReason,
    responses: { 200: { description: 'The message.', schema: MessageView } },
    errors: ['scan.not-found', 'scan.content-gone', 'auth.forbidden'],
    async handle({ ctx, params, query }) {
      const { message } = await openMessage({ ctx, input: { id: params.id, reason: query.reason, purpose: 'view' } });
      return answer(200, toMessageView(message));
    },
  }),

  route({
    method: 'post',
    path: '/scan/{id}/rendering',
    name: 'renderMessage',
    tag: 'Scans',
    summary: 'An address that shows the sanitised message once',
    description:
      'For a sandboxed frame. The address works once, for a minute, and without being signed in. `#finding-<n>` at its end shows where ' +
      'the evidence of the n-th finding stands, counted from 0.',
    access: 'bearer',
    scope: 'content:read',
    params: ScanId,
    query: AccessReason,
    responses: { 200: { description: 'The address.', schema: RenderingTicket } },
    errors: ['scan.not-found', 'auth.forbidden'],
    async handle({ ctx, params, query }) {
      const { ticket, expiresAt } = await issueTicket({ ctx, input: { id: params.id, reason: query.reason } });
      return answer(200, { url: `/render/${ticket}`, expires_at: expiresAt.toISOString() });
    },
  }),
] as const;
