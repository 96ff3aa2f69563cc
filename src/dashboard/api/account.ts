import { ApiError } from './problem.js';
import { enter, leave, send } from './session.js';
import type { SetupFields, SignedIn } from './types.js';

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** True until the first administrator exists. */
export async function setupNeeded(): Promise<boolean> {
  const response = await send('/setup');
  return ((await response.json()) as { needed: boolean }).needed;
}

/** Creates the first administrator and signs in as them. */
export async function setUp(fields: SetupFields): Promise<void> {
  await send('/setup', json(fields));
  await signIn(fields.email, fields.password);
}

export async function signIn(email: string, password: string): Promise<void> {
  const answer = (await (await send('/auth/login', json({ email, password }))).json()) as SignedIn;
  if ('mfa_required' in answer) {
    throw new ApiError(
      'auth.mfa-required',
      'This account asks for a second factor, which this page does not offer yet.',
      0,
    );
  }
  await enter(answer.access_token);
}

/** The session ends here even if the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await send('/auth/logout', { method: 'POST' });
  } finally {
    leave();
  }
}
