import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import { PosternError } from '../../errors.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import { countRequest } from '../accounts/attempts.js';
import { newSecret } from '../accounts/one-time-secret.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';
import type { Departure } from '../identity-providers/begin-trip.js';
import { pathWithin } from '../identity-providers/path-within.js';
import { plainAddress } from './email-domain.js';

const VALID_MS = 10 * 60_000;

/**
 * Where the organisation of an address signs in its people. The answer depends on the domain alone: whether the address has an account
 * shows in nothing. Throws `auth.no-organisation`, `auth.provider-unavailable`, `request.rate-limited`.
 */
export async function beginOrganisationSignIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly email: string; readonly returnTo: string };
}): Promise<Departure> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const { store, accounts, now } = ctx.parts;
  const domain = plainAddress(input.email)?.domain ?? '';
  const provider = await store.withSystem('sign-in', async (db) => {
    const id = await db.organisationSignIn.providerOfDomain(domain);
    return id === null ? null : await db.organisationSignIn.provider(id);
  });
  if (provider === null) {
    throw new PosternError(
      'auth.no-organisation',
      'No organisation here signs in people of this domain. Use another way in.',
    );
  }
  const [state, browser] = [newSecret(), newSecret()];
  const [nonce, verifier] = [randomNonce(), randomPKCECodeVerifier()];
  // An XML id begins with a letter.
  const request = `_${newSecret().secret.replace(/[^\w]/g, '')}`;
  const location =
    provider.kind === 'saml'
      ? await accounts.organisationProviders.saml(provider, serviceUrlOf(ctx, provider)).begin(request, state.secret)
      : (
          await accounts.organisationProviders
            .oidc(provider)
            .begin({ redirectUri: callbackOf(ctx, provider), state: state.secret, nonce, verifier })
        ).href;
  const details = {
    ...{ provider: provider.id, nonce, request, returnTo: pathWithin(input.returnTo) },
    verifier: accounts.factorVault.seal(state.secret, verifier),
    browser: Buffer.from(hashSecret(browser.secret)).toString('base64url'),
  };
  const expiresAt = new Date(now().getTime() + VALID_MS);
  await store.withSystem('sign-in', (db) =>
    db.tokens.keep({ hash: state.hash, purpose: 'organisation', userId: null, details, expiresAt }),
  );
  return { location, browser: browser.secret };
}

/** Every provider has addresses of its own, so that the answer of one is never taken for another's. */
export const serviceUrlOf = (ctx: PublicContext, { id }: Pick<OrganisationProviderRow, 'id'>): string =>
  `${ctx.parts.accounts.publicUrl()}/api/v1/auth/organisation/${id}`;

export const callbackOf = (ctx: PublicContext, provider: Pick<OrganisationProviderRow, 'id'>): string =>
  `${serviceUrlOf(ctx, provider)}/callback`;

/** The provider, while it signs people in. Throws `organisation.provider-not-found`. */
export async function activeProvider(ctx: PublicContext, id: string): Promise<OrganisationProviderRow> {
  const provider = await anyProvider(ctx, id);
  if (provider.active) return provider;
  throw new PosternError('organisation.provider-not-found', 'There is no such identity provider here.');
}

/** For its metadata, which it must be told before it is used. */
export async function anyProvider(ctx: PublicContext, id: string): Promise<OrganisationProviderRow> {
  const provider = await ctx.parts.store.withSystem('sign-in', (db) => db.organisationSignIn.provider(id));
  if (provider !== null) return provider;
  throw new PosternError('organisation.provider-not-found', 'There is no such identity provider here.');
}
