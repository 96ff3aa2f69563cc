import { confirmEmail } from '../../../services/accounts/change-email.js';
import { requestPasswordReset, resetPassword } from '../../../services/accounts/passwords/reset-password.js';
import { completeSignUp } from '../../../services/sign-up/complete-sign-up.js';
import { requestSignUp } from '../../../services/sign-up/request-sign-up.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { EmailAddress, LinkToken, NewPassword, SignUpFields } from '../../schemas/accounts/security.js';

const SENT = 'If a message is due, it is on its way.';

/** What is done by links in messages. Opening a link changes nothing: the page behind it sends these. */
export const SIGN_UP_ROUTES: readonly Route[] = [
  route({
    method: 'post',
    path: '/auth/sign-up',
    name: 'requestSignUp',
    tag: 'Account',
    summary: 'Ask for a link to sign up',
    description:
      'The account is created by whoever opens the link. The answer is the same for an address that has an account. Open to whom the operator allows it.',
    access: 'anyone',
    body: EmailAddress,
    responses: { 202: { description: SENT } },
    errors: ['account.sign-up-closed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await requestSignUp({ ctx, input: body });
      return answer(202);
    },
  }),

  route({
    method: 'post',
    path: '/auth/sign-up/complete',
    name: 'completeSignUp',
    tag: 'Account',
    summary: 'Create the account of a link',
    access: 'anyone',
    body: SignUpFields,
    responses: { 204: { description: 'Done. Sign in.' } },
    errors: ['account.link-invalid', 'account.password-weak', 'account.exists', 'request.rate-limited'],
    async handle({ ctx, body }) {
      const { display_name: displayName, ...rest } = body;
      await completeSignUp({ ctx, input: { ...rest, displayName } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/auth/password/forgot',
    name: 'requestPasswordReset',
    tag: 'Account',
    summary: 'Ask for a link to choose a new password',
    description:
      'Answers the same, after the same work, for an address without an account. Five messages an hour for each address.',
    access: 'anyone',
    body: EmailAddress,
    responses: { 202: { description: SENT } },
    errors: ['request.rate-limited'],
    async handle({ ctx, body }) {
      await requestPasswordReset({ ctx, input: body });
      return answer(202);
    },
  }),

  route({
    method: 'post',
    path: '/auth/password/reset',
    name: 'resetPassword',
    tag: 'Account',
    summary: 'Choose a new password with a link',
    description: 'Ends every session of the account. A second factor stays.',
    access: 'anyone',
    body: NewPassword,
    responses: { 204: { description: 'Done. Sign in.' } },
    errors: ['account.link-invalid', 'account.password-weak', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await resetPassword({ ctx, input: body });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/auth/email/confirm',
    name: 'confirmEmail',
    tag: 'Account',
    summary: 'Confirm an e-mail address with a link',
    access: 'anyone',
    body: LinkToken,
    responses: { 204: { description: 'The address is confirmed.' } },
    errors: ['account.link-invalid', 'account.exists', 'request.rate-limited'],
    async handle({ ctx, body }) {
      await confirmEmail({ ctx, input: body });
      return answer(204);
    },
  }),
];
