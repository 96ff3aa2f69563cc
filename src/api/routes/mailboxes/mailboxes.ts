import { browseMailbox } from '../../../services/mailboxes/browse-mailbox.js';
import { connectImap } from '../../../services/mailboxes/connect-imap.js';
import { disconnectMailbox } from '../../../services/mailboxes/disconnect-mailbox.js';
import { followMailbox } from '../../../services/mailboxes/follow-mailbox.js';
import { getMailbox } from '../../../services/mailboxes/get-mailbox.js';
import { listMailboxes } from '../../../services/mailboxes/list-mailboxes.js';
import { pauseMailbox } from '../../../services/mailboxes/pause-mailbox.js';
import { reconnectImap } from '../../../services/mailboxes/reconnect-imap.js';
import { goneSignal, streamEvents } from '../../event-stream.js';
import { answer, route } from '../../route.js';
import {
  BrowsePage,
  BrowseQuery,
  ConnectedMailbox,
  DisconnectedMailbox,
  ImapConnection,
  ImapReconnection,
  MailboxDetail,
  MailboxesQuery,
  MailboxId,
  MailboxPage,
} from '../../schemas/mailboxes/mailbox.js';

const serverErrors = ['mailbox.login-refused', 'mailbox.unreachable'] as const;
const loginErrors = [...serverErrors, 'request.rate-limited'] as const;

export const MAILBOX_ROUTES = [
  route({
    method: 'get',
    path: '/mailboxes',
    name: 'listMailboxes',
    tag: 'Mailboxes',
    summary: 'Connected mailboxes and how they are',
    description: 'Your own; administrators see those of the whole organisation, but nothing in them.',
    access: 'bearer',
    scope: 'mailbox:read',
    query: MailboxesQuery,
    responses: { 200: { description: 'One page, by address; disconnected ones too.', schema: MailboxPage } },
    errors: ['request.cursor-invalid'],
    async handle({ ctx, query: { text = null, state = null, limit, cursor = null } }) {
      return answer(200, await listMailboxes({ ctx, input: { text, state, limit, cursor } }));
    },
  }),

  route({
    method: 'post',
    path: '/mailboxes/imap',
    name: 'connectImap',
    tag: 'Mailboxes',
    summary: 'Connect a mailbox over IMAP',
    description: 'Signs in first; nothing is kept of a login that does not work.',
    access: 'bearer',
    scope: 'mailbox:manage',
    body: ImapConnection,
    responses: { 201: { description: 'It is connected, and being read.', schema: ConnectedMailbox } },
    errors: [...loginErrors, 'mailbox.exists'],
    async handle({ ctx, body }) {
      const { backfill_days: backfillDays, ...login } = body;
      const mailbox = await connectImap({ ctx, input: { ...login, backfillDays } });
      return answer(201, mailbox, { Location: `/api/v1/mailboxes/${mailbox.id}` });
    },
  }),

  route({
    method: 'get',
    path: '/mailboxes/{id}',
    name: 'getMailbox',
    tag: 'Mailboxes',
    summary: 'A mailbox, with what could not be scanned',
    access: 'bearer',
    scope: 'mailbox:read',
    params: MailboxId,
    responses: { 200: { description: 'The mailbox.', schema: MailboxDetail } },
    errors: ['mailbox.not-found'],
    async handle({ ctx, params }) {
      return answer(200, await getMailbox({ ctx, input: params }));
    },
  }),

  route({
    method: 'delete',
    path: '/mailboxes/{id}',
    name: 'disconnectMailbox',
    tag: 'Mailboxes',
    summary: 'Disconnect a mailbox',
    description:
      'Destroys the credentials at once and ends at the provider what can be ended. Verdicts stay until they expire.',
    access: 'bearer',
    scope: 'mailbox:manage',
    params: MailboxId,
    responses: { 200: { description: 'What ended, and what the provider still holds.', schema: DisconnectedMailbox } },
    errors: ['mailbox.not-found', 'mailbox.of-organisation'],
    async handle({ ctx, params }) {
      return answer(200, await disconnectMailbox({ ctx, input: params }));
    },
  }),

  route({
    method: 'post',
    path: '/mailboxes/{id}/pause',
    name: 'pauseMailbox',
    tag: 'Mailboxes',
    summary: 'Stop reading a mailbox for now',
    access: 'bearer',
    scope: 'mailbox:manage',
    params: MailboxId,
    responses: { 200: { description: 'The mailbox.', schema: ConnectedMailbox } },
    errors: ['mailbox.not-found', 'mailbox.not-connected', 'mailbox.of-organisation'],
    async handle({ ctx, params }) {
      return answer(200, await pauseMailbox({ ctx, input: { id: params.id, paused: true } }));
    },
  }),

  route({
    method: 'post',
    path: '/mailboxes/{id}/resume',
    name: 'resumeMailbox',
    tag: 'Mailboxes',
    summary: 'Go on reading where it stopped',
    access: 'bearer',
    scope: 'mailbox:manage',
    params: MailboxId,
    responses: { 200: { description: 'The mailbox.', schema: ConnectedMailbox } },
    errors: ['mailbox.not-found', 'mailbox.not-connected', 'mailbox.of-organisation'],
    async handle({ ctx, params }) {
      return answer(200, await pauseMailbox({ ctx, input: { id: params.id, paused: false } }));
    },
  }),

  route({
    method: 'post',
    path: '/mailboxes/{id}/reconnect',
    name: 'reconnectImap',
    tag: 'Mailboxes',
    summary: 'Give an IMAP mailbox a new password',
    description: 'Signs in first. What arrived in between is scanned now.',
    access: 'bearer',
    scope: 'mailbox:manage',
    params: MailboxId,
    body: ImapReconnection,
    responses: { 200: { description: 'It is connected again.', schema: ConnectedMailbox } },
    errors: [...loginErrors, 'mailbox.not-found', 'mailbox.not-connected'],
    async handle({ ctx, params, body }) {
      const { host, port, security, user, password } = body;
      const login = {
        password,
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ...(security === undefined ? {} : { security }),
        ...(user === undefined ? {} : { user }),
      };
      return answer(200, await reconnectImap({ ctx, input: { id: params.id, login } }));
    },
  }),

  route({
    method: 'get',
    path: '/mailboxes/{id}/messages',
    name: 'browseMailbox',
    tag: 'Mailboxes',
    summary: 'Browse or search your own mailbox',
    description: 'As it is at the provider, newest first, with the verdicts there are. Nothing of it is stored.',
    access: 'bearer',
    scope: 'mailbox:browse',
    params: MailboxId,
    query: BrowseQuery,
    responses: { 200: { description: 'One page.', schema: BrowsePage } },
    errors: ['mailbox.not-found', 'mailbox.not-connected', ...serverErrors, 'request.cursor-invalid'],
    async handle({ ctx, params, query, response }) {
      const { text, folder, limit, cursor = null } = query;
      const input = {
        ...{ id: params.id, limit, cursor, signal: goneSignal(response) },
        ...(text === undefined ? {} : { text }),
        ...(folder === undefined ? {} : { folder }),
      };
      return answer(200, await browseMailbox({ ctx, input }));
    },
  }),

  route({
    method: 'get',
    path: '/mailboxes/{id}/events',
    name: 'followMailbox',
    tag: 'Mailboxes',
    summary: 'Follow a mailbox as server-sent events',
    description: '`mailbox` with the MailboxDetail: at once, and again whenever something about it has changed.',
    access: 'bearer',
    scope: 'mailbox:read',
    params: MailboxId,
    responses: { 200: { description: 'The events.', type: 'text/event-stream' } },
    errors: ['mailbox.not-found'],
    async handle({ ctx, params, response }) {
      const signal = goneSignal(response);
      await streamEvents(response, await followMailbox({ ctx, input: { id: params.id, signal } }));
      return null;
    },
  }),
] as const;
