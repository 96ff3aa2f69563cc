import { z } from 'zod';
import { resetSecondFactors } from '../../../services/second-factors/reset-second-factors.js';
import { getSignInRules, setSignInRules } from '../../../services/sign-in-rules/sign-in-rules.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { ResetReason, SignInRules, SignInRulesChange } from '../../schemas/accounts/security.js';

/** What an organisation demands at sign-in, and its help for members who are locked out. */
export const SIGN_IN_RULES_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/organisation/sign-in-rules',
    name: 'getSignInRules',
    tag: 'Account',
    summary: 'What the organisation demands at sign-in',
    access: 'bearer',
    responses: { 200: { description: 'For administrators.', schema: SignInRules } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const { secondFactor, passwordsOff } = await getSignInRules({ ctx });
      return answer(200, { second_factor: secondFactor, passwords_off: passwordsOff });
    },
  }),

  route({
    method: 'put',
    path: '/organisation/sign-in-rules',
    name: 'setSignInRules',
    tag: 'Account',
    summary: 'Change what the organisation demands at sign-in',
    description:
      'For the owner, who is asked for the password. Holds at once: a session that showed no second factor ends where one is demanded, your own included.',
    access: 'bearer',
    body: SignInRulesChange,
    responses: { 200: { description: 'Changed.', schema: SignInRules } },
    errors: [
      ...(['auth.forbidden', 'account.second-factor-missing', 'account.provider-missing'] as const),
      ...(['account.confirmation-needed', 'request.rate-limited'] as const),
    ],
    async handle({ ctx, body: { password, ...rules } }) {
      const input = { secondFactor: rules.second_factor, passwordsOff: rules.passwords_off, password };
      await setSignInRules({ ctx, input });
      return answer(200, rules);
    },
  }),

  route({
    method: 'post',
    path: '/organisation/members/{user}/reset-second-factor',
    name: 'resetSecondFactors',
    tag: 'Account',
    summary: 'Remove the second factors of a member who lost theirs',
    description:
      'For administrators of the only organisation the person belongs to, and for super admins. Ends the sessions of the person, who is told.',
    access: 'bearer',
    params: z.object({ user: z.uuid() }),
    body: ResetReason,
    responses: { 204: { description: 'Removed.' } },
    errors: ['auth.forbidden', 'account.not-found', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, params, body }) {
      await resetSecondFactors({ ctx, input: { userId: params.user, ...body } });
      return answer(204);
    },
  }),
];
