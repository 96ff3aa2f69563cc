import { createHash, timingSafeEqual } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { HeldToken } from '../../store/interfaces/account-tables.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import { countRequest } from '../accounts/attempts.js';
import { newSecret } from '../accounts/one-time-secret.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { SignInAnswer } from '../accounts/after-first-factor.js';
import type { PublicContext } from '../context.js';
import { admit } from './admit.js';
import { activeProvider, anyProvider, callbackOf, serviceUrlOf } from './begin-sign-in.js';
import { noteRefusedAnswer } from './note-refused-answer.js';
import { RefusalReason } from './refusal-reason.js';

const HANDOVER_MS = 2 * 60_000;

interface OrganisationArrival {
  readonly signIn: SignInAnswer;
  readonly returnTo: string;
}

/**
 * Takes the answer of an OpenID Connect provider, which must be for a trip that began in this browser within ten minutes, and works
 * once. Throws `auth.challenge-invalid`, `auth.provider-refused`, `auth.provider-unavailable`, `account.second-factor-missing`.
 */
export async function finishWithOidc(call: {
  readonly ctx: PublicContext;
  readonly input: {
    readonly provider: string;
    readonly state: string;
    /** From the cookie; null without. */
    readonly browser: string | null;
    /** Path and query as they came. */
    readonly answer: string;
  };
}): Promise<OrganisationArrival> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const { organisationProviders, factorVault } = ctx.parts.accounts;
  const held = await spend(ctx, input.state, 'organisation', input.provider);
  if (!sameBrowser(held, input.browser)) throw tooLate();
  const provider = await activeProvider(ctx, input.provider);
  if (provider.kind !== 'oidc') throw tooLate();
  const redirectUri = callbackOf(ctx, provider);
  const answer = new URL(redirectUri);
  answer.search = new URL(input.answer, redirectUri).search;
  const trip = {
    ...{ redirectUri, state: input.state, nonce: String(held.details['nonce']) },
    verifier: String(factorVault.open(input.state, String(held.details['verifier']))),
  };
  const signIn = await told(ctx, provider, async () => {
    const { subject, claimedEmail, name, strong } = await organisationProviders.oidc(provider).finish(trip, answer);
    return await admit(ctx, provider, { subject, email: claimedEmail, name, strong });
  });
  return { signIn, returnTo: String(held.details['returnTo']) };
}

/**
 * Takes the response of a SAML provider, which another site's page posts: no cookie of this browser comes with it. What it says is kept
 * for two minutes under a secret that the browser takes along to `finishHandover`, which sees the cookie. Throws as above.
 */
export async function receiveSamlResponse(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly provider: string; readonly relayState: string; readonly response: string };
}): Promise<{ readonly handover: string }> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const { store, accounts, now } = ctx.parts;
  const held = await spend(ctx, input.relayState, 'organisation', input.provider);
  const provider = await activeProvider(ctx, input.provider);
  if (provider.kind !== 'saml') throw tooLate();
  const saml = accounts.organisationProviders.saml(provider, serviceUrlOf(ctx, provider));
  const { subject, email, name, strong, assertionId, expiresAt } = await told(ctx, provider, () =>
    saml.finish(input.response, String(held.details['request']), now()),
  );
  const { secret, hash } = newSecret();
  const { browser, returnTo } = held.details;
  const details = { provider: provider.id, browser, returnTo, subject, email, name, strong };
  await store.withSystem('sign-in', async (db) => {
    const seen = createHash('sha256').update(assertionId).digest();
    if (!(await db.organisationSignIn.spendAssertion(provider, seen, expiresAt))) {
      throw new PosternError('auth.provider-refused', `${provider.name} did not sign you in.`, {
        cause: new RefusalReason('used-before', 'the assertion was used before'),
      });
    }
    const until = new Date(now().getTime() + HANDOVER_MS);
    await db.tokens.keep({ hash, purpose: 'handover', userId: null, details, expiresAt: until });
  });
  return { handover: secret };
}

/** Signs in the browser that began, with what its SAML provider said. Once. Throws as above. */
export async function finishHandover(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly handover: string; readonly browser: string | null };
}): Promise<OrganisationArrival> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const held = await spend(ctx, input.handover, 'handover', null);
  if (!sameBrowser(held, input.browser)) throw tooLate();
  const { details } = held;
  const provider = await activeProvider(ctx, String(details['provider']));
  const person = {
    ...{ subject: String(details['subject']), name: String(details['name']), strong: details['strong'] === true },
    email: typeof details['email'] === 'string' ? details['email'] : null,
  };
  const signIn = await told(ctx, provider, () => admit(ctx, provider, person));
  return { signIn, returnTo: String(details['returnTo']) };
}

/** What a SAML provider is told of this service. Throws `organisation.provider-not-found`. */
export async function getSamlMetadata(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly provider: string };
}): Promise<string> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const provider = await anyProvider(ctx, input.provider);
  if (provider.kind !== 'saml') {
    throw new PosternError('organisation.provider-not-found', 'There is no such identity provider here.');
  }
  return ctx.parts.accounts.organisationProviders.saml(provider, serviceUrlOf(ctx, provider)).metadata();
}

/** What is refused here is the provider's or a stranger's fault, and told to the organisation. */
async function told<T>(ctx: PublicContext, provider: OrganisationProviderRow, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PosternError && error.status < 500) {
      await noteRefusedAnswer({ ctx, input: { provider, error } });
    }
    throw error;
  }
}

async function spend(
  ctx: PublicContext,
  secret: string,
  purpose: 'organisation' | 'handover',
  provider: string | null,
): Promise<HeldToken> {
  const held = await ctx.parts.store.withSystem('sign-in', (db) => db.tokens.spend(hashSecret(secret), purpose));
  if (held !== null && (provider === null || held.details['provider'] === provider)) return held;
  throw tooLate();
}

function sameBrowser(held: HeldToken, browser: string | null): boolean {
  const expected = Buffer.from(String(held.details['browser']), 'base64url');
  const actual = hashSecret(browser ?? '');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function tooLate(): PosternError {
  return new PosternError(
    'auth.challenge-invalid',
    'This sign-in took too long, or began in another browser or at the provider. Begin here again.',
  );
}
