import type { Response } from 'express';
import type { SignInAnswer } from '../services/accounts/after-first-factor.js';
import type { Grant } from '../services/accounts/sessions/grant-access.js';
import type { RefreshCookie } from './refresh-cookie.js';
import { answer } from './route.js';

export const toAccessToken = (grant: Grant) =>
  ({ access_token: grant.accessToken, token_type: 'Bearer', expires_in: grant.expiresIn }) as const;

/** An access token, with the refresh token as a cookie. */
export function granted(cookie: RefreshCookie, response: Response, grant: Grant) {
  cookie.set(response, grant);
  return answer(200, toAccessToken(grant));
}

/** The answer to a sign-in: an access token, with the refresh token as a cookie, or a challenge. */
export function signedIn(cookie: RefreshCookie, response: Response, outcome: SignInAnswer) {
  if ('grant' in outcome) return granted(cookie, response, outcome.grant);
  const { challenge, methods, enrol } = outcome;
  return answer(200, { mfa_required: true as const, challenge, methods, enrol });
}
