import { postJson } from '../json.js';
import { enter, leave, send } from '../session.js';
import type { AccessToken, MfaChallenge, SetupFields, SignedIn, SignInOptions, TotpOffer } from '../types.js';
import { usePasskey } from './webauthn.js';
import type { RequestOptions } from './webauthn.js';

/** True until the first administrator exists. */
export async function setupNeeded(): Promise<boolean> {
  const response = await send('/setup');
  return ((await response.json()) as { needed: boolean }).needed;
}

/** Creates the first administrator and signs in as them. */
export async function setUp(fields: SetupFields): Promise<void> {
  await send('/setup', postJson(fields));
  await signIn(fields.email, fields.password);
}

export async function signInOptions(): Promise<SignInOptions> {
  return (await (await send('/auth/options')).json()) as SignInOptions;
}

/** Signs in, or returns what is asked for besides. */
export async function signIn(email: string, password: string): Promise<MfaChallenge | null> {
  return await proceed('/auth/login', { email, password });
}

export async function verifySignIn(challenge: string, method: 'totp' | 'recovery-code', code: string): Promise<void> {
  await proceed('/auth/login/verify', { challenge, method, code });
}

export async function enrolAtSignIn(challenge: string): Promise<TotpOffer> {
  return (await (await send('/auth/login/enrol', postJson({ challenge }))).json()) as TotpOffer;
}

export async function signInWithPasskey(): Promise<void> {
  const answer = await send('/auth/login/passkey/options', { method: 'POST' });
  const { public_key: options } = (await answer.json()) as { public_key: RequestOptions };
  await proceed('/auth/login/passkey', await usePasskey(options));
}

export async function requestEmailCode(email: string): Promise<string> {
  const answer = await send('/auth/login/email', postJson({ email }));
  return ((await answer.json()) as { challenge: string }).challenge;
}

export async function signInWithEmailCode(challenge: string, code: string): Promise<MfaChallenge | null> {
  return await proceed('/auth/login/email/verify', { challenge, code });
}

/** Leaves for the identity provider of the address's organisation; it leads back here. */
export async function beginWithOrganisation(email: string): Promise<void> {
  const answer = await send('/auth/organisation/start', postJson({ email }));
  location.assign(((await answer.json()) as { location: string }).location);
}

async function proceed(path: string, body: object): Promise<MfaChallenge | null> {
  const answer = (await (await send(path, postJson(body))).json()) as SignedIn;
  if ('mfa_required' in answer) return answer;
  await enter((answer satisfies AccessToken).access_token);
  return null;
}

export async function requestSignUp(email: string): Promise<void> {
  await send('/auth/sign-up', postJson({ email }));
}

export async function completeSignUp(token: string, name: string, password: string): Promise<void> {
  await send('/auth/sign-up/complete', postJson({ token, display_name: name, password }));
}

export async function requestPasswordReset(email: string): Promise<void> {
  await send('/auth/password/forgot', postJson({ email }));
}

export async function resetPassword(token: string, password: string): Promise<void> {
  await send('/auth/password/reset', postJson({ token, password }));
}

export async function confirmEmail(token: string): Promise<void> {
  await send('/auth/email/confirm', postJson({ token }));
}

/** The session ends here even if the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await send('/auth/logout', { method: 'POST' });
  } finally {
    leave();
  }
}
