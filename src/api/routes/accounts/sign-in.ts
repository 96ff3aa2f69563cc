import { requestEmailCode, signInWithEmailCode } from '../../../services/accounts/email-code.js';
import { beginPasskeySignIn, signInWithPasskey } from '../../../services/passkeys/sign-in-with-passkey.js';
import { enrolAtSignIn } from '../../../services/second-factors/enrol-at-sign-in.js';
import { verifySignIn } from '../../../services/second-factors/verify-sign-in.js';
import { signInOptions } from '../../../services/sign-up/sign-in-options.js';
import type { RefreshCookie } from '../../refresh-cookie.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { AccessToken, SignedIn } from '../../schemas/accounts/account.js';
import { PasskeyAssertion, PasskeyOptions } from '../../schemas/accounts/passkey.js';
import {
  Challenge,
  EmailAddress,
  EmailCode,
  SecondStep,
  SignInOptions,
  TotpOffer,
} from '../../schemas/accounts/security.js';
import { granted, signedIn } from '../../signed-in.js';

/** Ways to sign in besides the password, and the second step. */
export function signInRoutes(cookie: RefreshCookie): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/auth/options',
      name: 'getSignInOptions',
      tag: 'Account',
      summary: 'What a sign-in page may offer',
      access: 'anyone',
      responses: { 200: { description: 'Who may sign up, and which providers there are.', schema: SignInOptions } },
      handle: ({ ctx }) => Promise.resolve(answer(200, signInOptions({ ctx }))),
    }),

    route({
      method: 'post',
      path: '/auth/login/verify',
      name: 'verifySignIn',
      tag: 'Account',
      summary: 'The second step of a sign-in',
      description:
        'With the challenge of the first step. It works once, allows five attempts and lasts ten minutes; a code works once. ' +
        'Ten attempts an hour for each account, whatever the number of challenges. With a challenge for enrolment the first code of the new app turns it on.',
      access: 'anyone',
      body: SecondStep,
      responses: { 200: { description: 'An access token.', schema: AccessToken } },
      errors: ['auth.challenge-invalid', 'auth.code-invalid', 'request.rate-limited'],
      async handle({ ctx, body, response }) {
        return granted(cookie, response, await verifySignIn({ ctx, input: body }));
      },
    }),

    route({
      method: 'post',
      path: '/auth/login/enrol',
      name: 'enrolAtSignIn',
      tag: 'Account',
      summary: 'Set up an authenticator app during a sign-in',
      description: 'For a challenge with `enrol`. The app counts once `/auth/login/verify` has seen its first code.',
      access: 'anyone',
      body: Challenge,
      responses: { 200: { description: 'The secret of the app.', schema: TotpOffer } },
      errors: ['auth.challenge-invalid', 'request.rate-limited'],
      async handle({ ctx, body }) {
        const { qrSvg, ...offer } = await enrolAtSignIn({ ctx, input: body });
        return answer(200, { ...offer, qr_svg: qrSvg });
      },
    }),

    route({
      method: 'post',
      path: '/auth/login/passkey/options',
      name: 'beginPasskeySignIn',
      tag: 'Account',
      summary: 'Begin to sign in with a passkey',
      access: 'anyone',
      responses: { 200: { description: 'For `navigator.credentials.get()`.', schema: PasskeyOptions } },
      errors: ['request.rate-limited'],
      async handle({ ctx }) {
        return answer(200, { public_key: { ...(await beginPasskeySignIn({ ctx })) } });
      },
    }),

    route({
      method: 'post',
      path: '/auth/login/passkey',
      name: 'signInWithPasskey',
      tag: 'Account',
      summary: 'Sign in with a passkey',
      description: 'Counts as two factors. The challenge works once, within five minutes.',
      access: 'anyone',
      body: PasskeyAssertion,
      responses: { 200: { description: 'An access token.', schema: AccessToken } },
      errors: ['auth.invalid-credentials', 'request.rate-limited'],
      async handle({ ctx, body, response }) {
        return granted(cookie, response, await signInWithPasskey({ ctx, input: body }));
      },
    }),

    route({
      method: 'post',
      path: '/auth/login/email',
      name: 'requestEmailCode',
      tag: 'Account',
      summary: 'Ask for a code by e-mail',
      description:
        'Answers the same, after the same work, for an address without an account. Five messages an hour for each address.',
      access: 'anyone',
      body: EmailAddress,
      responses: { 200: { description: 'What must come back with the code.', schema: Challenge } },
      errors: ['request.rate-limited'],
      async handle({ ctx, body }) {
        return answer(200, await requestEmailCode({ ctx, input: body }));
      },
    }),

    route({
      method: 'post',
      path: '/auth/login/email/verify',
      name: 'signInWithEmailCode',
      tag: 'Account',
      summary: 'Sign in with a code from an e-mail',
      access: 'anyone',
      body: EmailCode,
      responses: { 200: { description: 'An access token, or a challenge.', schema: SignedIn } },
      errors: ['auth.challenge-invalid', 'auth.code-invalid', 'auth.password-off', 'request.rate-limited'],
      async handle({ ctx, body, response }) {
        return signedIn(cookie, response, await signInWithEmailCode({ ctx, input: body }));
      },
    }),
  ];
}
