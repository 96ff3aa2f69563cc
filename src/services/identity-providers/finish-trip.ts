import { timingSafeEqual } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { HeldToken } from '../../store/interfaces/account-tables.js';
import { afterFirstFactor } from '../accounts/after-first-factor.js';
import type { SignInAnswer } from '../accounts/after-first-factor.js';
import { countRequest } from '../accounts/attempts.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';
import { providerOf, redirectUriOf } from './begin-trip.js';
import { accountOf, linkIdentity } from './account-of.js';

export type Arrival =
  | { readonly signIn: SignInAnswer; readonly returnTo: string }
  /** The identity was added to the account of whoever began. */
  | { readonly linked: true; readonly returnTo: string };

/**
 * Takes the answer of a provider: it must be for a trip that began in this browser, at this provider, within ten minutes, and works
 * once. Throws `auth.challenge-invalid`, `auth.provider-refused`, `auth.provider-unavailable`, `account.exists`.
 */
export async function finishProviderTrip(call: {
  readonly ctx: PublicContext;
  readonly input: {
    readonly provider: string;
    readonly state: string;
    /** From the cookie; null without. */
    readonly browser: string | null;
    /** Path and query as they came. */
    readonly answer: string;
  };
}): Promise<Arrival> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const provider = providerOf(ctx, input.provider);
  const hash = hashSecret(input.state);
  const held = await ctx.parts.store.withSystem('sign-in', (db) => db.tokens.spend(hash, 'oidc'));
  if (held === null || held.details['provider'] !== input.provider || !sameBrowser(held, input.browser)) {
    throw new PosternError(
      'auth.challenge-invalid',
      'This sign-in took too long, or began in another browser. Begin again.',
    );
  }
  const redirectUri = redirectUriOf(ctx, input.provider);
  const answer = new URL(redirectUri);
  answer.search = new URL(input.answer, redirectUri).search;
  const identity = await provider.finish(
    {
      ...{ redirectUri, state: input.state, nonce: String(held.details['nonce']) },
      verifier: String(ctx.parts.accounts.factorVault.open(input.state, String(held.details['verifier']))),
    },
    answer,
  );
  const returnTo = String(held.details['returnTo']);
  if (held.userId !== null) {
    await linkIdentity(ctx, held.userId, provider, identity);
    return { linked: true, returnTo };
  }
  const user = await accountOf(ctx, provider, identity);
  const signIn = await afterFirstFactor(ctx, user, `oidc:${provider.id}`, { strong: identity.strong });
  return { signIn, returnTo };
}

function sameBrowser(held: HeldToken, browser: string | null): boolean {
  const expected = Buffer.from(String(held.details['browser']), 'base64url');
  const actual = hashSecret(browser ?? '');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
