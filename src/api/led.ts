import type { Response } from 'express';
import { PosternError } from '../errors.js';
import type { SignInAnswer } from '../services/accounts/after-first-factor.js';
import type { RefreshCookie } from './refresh-cookie.js';

/** A person looks at this in a browser: a refusal leads to the sign-in page, which says it. */
export async function led(work: () => Promise<string>) {
  try {
    return { status: 303 as const, headers: { Location: await work() } };
  } catch (error) {
    if (!(error instanceof PosternError) || error.status === 500) throw error;
    return {
      status: 303 as const,
      headers: { Location: `/sign-in#${new URLSearchParams({ fault: error.code }).toString()}` },
    };
  }
}

/** Where a sign-in that a provider led back from goes on: into the dashboard, or to its second step. */
export function entered(
  cookie: RefreshCookie,
  response: Response,
  { signIn, returnTo }: { readonly signIn: SignInAnswer; readonly returnTo: string },
): string {
  if ('grant' in signIn) {
    cookie.set(response, signIn.grant);
    return `/signed-in#${new URLSearchParams({ to: returnTo }).toString()}`;
  }
  const { challenge, methods, enrol } = signIn;
  const step = { challenge, methods: methods.join(','), enrol: String(enrol) };
  return `/sign-in#${new URLSearchParams(step).toString()}`;
}
