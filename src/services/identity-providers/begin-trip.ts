import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import { PosternError } from '../../errors.js';
import { countRequest } from '../accounts/attempts.js';
import { newSecret } from '../accounts/one-time-secret.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { MemberContext, PublicContext } from '../context.js';
import { authorize } from '../permissions.js';
import type { IdentityProvider } from './provider.js';
import { pathWithin } from './path-within.js';

const VALID_MS = 10 * 60_000;

export interface Departure {
  /** Where the browser goes. */
  readonly location: string;
  /** Stays in this browser: an answer that comes back in another one is refused. */
  readonly browser: string;
}

/** Sends a browser to a provider to sign in. `returnTo`: a path of the dashboard; anything else leads to its first page. */
export async function beginProviderSignIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly provider: string; readonly returnTo: string };
}): Promise<Departure> {
  await countRequest(call.ctx);
  return await depart(call.ctx, call.input.provider, null, call.input.returnTo);
}

/** Sends the browser of somebody who is signed in to a provider, to add that identity to their account. */
export async function beginIdentityLink(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly provider: string };
}): Promise<Departure> {
  authorize(call.ctx, 'account.manage');
  await countRequest(call.ctx);
  return await depart(call.ctx, call.input.provider, call.ctx.identity.userId, '/settings/security');
}

/** Throws `account.not-found`. */
export function providerOf(ctx: PublicContext, id: string): IdentityProvider {
  const provider = ctx.parts.accounts.providers.find((one) => one.id === id);
  if (provider === undefined) throw new PosternError('account.not-found', 'There is no such identity provider here.');
  return provider;
}

export const redirectUriOf = (ctx: PublicContext, id: string): string =>
  `${ctx.parts.accounts.publicUrl()}/api/v1/auth/oidc/${id}/callback`;

async function depart(ctx: PublicContext, id: string, userId: string | null, returnTo: string): Promise<Departure> {
  const { store, accounts, now } = ctx.parts;
  const provider = providerOf(ctx, id);
  const [state, browser] = [newSecret(), newSecret()];
  const [nonce, verifier] = [randomNonce(), randomPKCECodeVerifier()];
  const location = await provider.begin({ redirectUri: redirectUriOf(ctx, id), state: state.secret, nonce, verifier });
  const details = {
    ...{ provider: id, nonce, returnTo: pathWithin(returnTo) },
    verifier: accounts.factorVault.seal(state.secret, verifier),
    browser: Buffer.from(hashSecret(browser.secret)).toString('base64url'),
  };
  await store.withSystem('sign-in', (db) =>
    db.tokens.keep({
      ...{ hash: state.hash, purpose: 'oidc', userId, details, expiresAt: new Date(now().getTime() + VALID_MS) },
    }),
  );
  return { location: location.href, browser: browser.secret };
}
