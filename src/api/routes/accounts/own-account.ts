import { z } from 'zod';
import { requestEmailChange, requestEmailConfirmation } from '../../../services/accounts/change-email.js';
import { changeName } from '../../../services/accounts/change-name.js';
import { changePassword } from '../../../services/accounts/passwords/change-password.js';
import { getSecurity } from '../../../services/accounts/get-security.js';
import { endOtherSessions, endSession, listSessions } from '../../../services/accounts/sessions/own-sessions.js';
import type { OwnSession } from '../../../services/accounts/sessions/own-sessions.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import {
  AccountName,
  AccountSecurity,
  EmailChange,
  PasswordChange,
  SessionList,
} from '../../schemas/accounts/security.js';

const toSession = (session: OwnSession) => ({
  ...{ id: session.id, current: session.current, tenant: session.tenantName, user_agent: session.userAgent },
  ...{ address: session.clientAddress, method: session.method, started_at: session.startedAt.toISOString() },
  ...{ used_at: session.usedAt.toISOString(), expires_at: session.expiresAt.toISOString() },
});

/** One's own name, address, password and sessions. */
export const OWN_ACCOUNT_ROUTES: readonly Route[] = [
  route({
    method: 'patch',
    path: '/account',
    name: 'changeName',
    tag: 'Account',
    summary: 'Change your name',
    access: 'bearer',
    body: AccountName,
    responses: { 204: { description: 'Changed.' } },
    async handle({ ctx, body }) {
      await changeName({ ctx, input: { displayName: body.display_name } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/account/password',
    name: 'changePassword',
    tag: 'Account',
    summary: 'Change your password',
    description: 'Ends every other session.',
    access: 'bearer',
    body: PasswordChange,
    responses: { 204: { description: 'Changed.' } },
    errors: ['account.confirmation-needed', 'account.password-weak', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await changePassword({ ctx, input: { password: body.password, newPassword: body.new_password } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/account/email',
    name: 'requestEmailChange',
    tag: 'Account',
    summary: 'Change your e-mail address',
    description:
      'Sends a link to the new address; the change happens when it is opened, and the address before is told.',
    access: 'bearer',
    body: EmailChange,
    responses: { 202: { description: 'A message is on its way.' } },
    errors: ['account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await requestEmailChange({ ctx, input: body });
      return answer(202);
    },
  }),

  route({
    method: 'post',
    path: '/account/email/confirmation',
    name: 'requestEmailConfirmation',
    tag: 'Account',
    summary: 'Ask for a link to confirm your address',
    access: 'bearer',
    responses: { 202: { description: 'A message is on its way.' } },
    errors: ['request.rate-limited'],
    async handle({ ctx }) {
      await requestEmailConfirmation({ ctx });
      return answer(202);
    },
  }),

  route({
    method: 'get',
    path: '/account/security',
    name: 'getSecurity',
    tag: 'Account',
    summary: 'How your account is protected',
    access: 'bearer',
    responses: {
      200: { description: 'Password, second factors, what organisations demand.', schema: AccountSecurity },
    },
    async handle({ ctx }) {
      return answer(200, await getSecurity({ ctx }));
    },
  }),

  route({
    method: 'get',
    path: '/account/sessions',
    name: 'listSessions',
    tag: 'Account',
    summary: 'Where you are signed in',
    access: 'bearer',
    responses: { 200: { description: 'Your sessions, the latest used first.', schema: SessionList } },
    async handle({ ctx }) {
      return answer(200, { sessions: (await listSessions({ ctx })).map(toSession) });
    },
  }),

  route({
    method: 'delete',
    path: '/account/sessions/{session}',
    name: 'endSession',
    tag: 'Account',
    summary: 'End one of your sessions',
    access: 'bearer',
    params: z.object({ session: z.uuid() }),
    responses: { 204: { description: 'Ended.' } },
    errors: ['account.not-found'],
    async handle({ ctx, params }) {
      await endSession({ ctx, input: { sessionId: params.session } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/account/sessions/end-others',
    name: 'endOtherSessions',
    tag: 'Account',
    summary: 'End all your sessions but this one',
    access: 'bearer',
    responses: { 204: { description: 'Ended.' } },
    async handle({ ctx }) {
      await endOtherSessions({ ctx });
      return answer(204);
    },
  }),
];
