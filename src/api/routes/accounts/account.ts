import { PosternError } from '../../../errors.js';
import { getAccount } from '../../../services/accounts/get-account.js';
import { refreshSession } from '../../../services/accounts/sessions/refresh-session.js';
import { signIn } from '../../../services/accounts/sign-in.js';
import { signOut } from '../../../services/accounts/sessions/sign-out.js';
import { completeSetup } from '../../../services/setup/complete-setup.js';
import { needsSetup } from '../../../services/setup/needs-setup.js';
import type { RefreshCookie } from '../../refresh-cookie.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { signedIn, toAccessToken } from '../../signed-in.js';
import {
  AccessToken,
  Account,
  Credentials,
  SetupFields,
  SetupStatus,
  SignedIn,
} from '../../schemas/accounts/account.js';

export function accountRoutes(cookie: RefreshCookie): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/setup',
      name: 'getSetup',
      tag: 'Set-up',
      summary: 'Whether postern still has to be set up',
      access: 'anyone',
      responses: { 200: { description: 'Yes or no.', schema: SetupStatus } },
      async handle({ ctx }) {
        return answer(200, { needed: await needsSetup({ ctx }) });
      },
    }),

    route({
      method: 'post',
      path: '/setup',
      name: 'completeSetup',
      tag: 'Set-up',
      summary: 'Create the first administrator',
      description: 'For whoever holds the one-time link that postern prints when it starts.',
      access: 'anyone',
      body: SetupFields,
      responses: { 204: { description: 'Done. Sign in.' } },
      errors: ['setup.link-invalid', 'setup.already-done', 'account.password-weak'],
      async handle({ ctx, body }) {
        const { display_name: displayName, ...rest } = body;
        await completeSetup({ ctx, input: { ...rest, displayName } });
        return answer(204);
      },
    }),

    route({
      method: 'post',
      path: '/auth/login',
      name: 'signIn',
      tag: 'Account',
      summary: 'Sign in',
      description:
        'Answers the same, after the same time, for a wrong password and an unknown account. Besides the access token a browser gets a ' +
        'refresh token as a cookie that scripts cannot read. Ten attempts in five minutes per address and account.',
      access: 'anyone',
      body: Credentials,
      responses: { 200: { description: 'An access token, or a challenge.', schema: SignedIn } },
      errors: ['auth.invalid-credentials', 'auth.password-off', 'request.rate-limited'],
      async handle({ ctx, body, response }) {
        return signedIn(cookie, response, await signIn({ ctx, input: body }));
      },
    }),

    route({
      method: 'post',
      path: '/auth/refresh',
      name: 'refreshSession',
      tag: 'Account',
      summary: 'A fresh access token for the session in the cookie',
      description:
        'The refresh token is exchanged each time. One that was exchanged before ends the session, because two parties hold it. A session ' +
        'lasts at most 24 hours.',
      access: 'anyone',
      responses: { 200: { description: 'An access token.', schema: AccessToken } },
      errors: ['auth.required', 'auth.token-invalid'],
      async handle({ ctx, raw, response }) {
        const refreshToken = cookie.read(raw);
        if (refreshToken === null) throw new PosternError('auth.required', 'Sign in first.');
        try {
          const grant = await refreshSession({ ctx, input: { refreshToken } });
          cookie.set(response, grant);
          return answer(200, toAccessToken(grant));
        } catch (error) {
          if (error instanceof PosternError && error.code === 'auth.token-invalid') cookie.clear(response);
          throw error;
        }
      },
    }),

    route({
      method: 'get',
      path: '/auth/me',
      name: 'getAccount',
      tag: 'Account',
      summary: 'Who is signed in',
      access: 'bearer',
      responses: { 200: { description: 'The account and the tenant this session works in.', schema: Account } },
      async handle({ ctx }) {
        return answer(200, await getAccount({ ctx }));
      },
    }),

    route({
      method: 'post',
      path: '/auth/logout',
      name: 'signOut',
      tag: 'Account',
      summary: 'Sign out',
      description: 'Ends the session: its access tokens and its refresh token are void at once.',
      access: 'bearer',
      responses: { 204: { description: 'Signed out.' } },
      async handle({ ctx, response }) {
        await signOut({ ctx });
        cookie.clear(response);
        return answer(204);
      },
    }),
  ];
}
