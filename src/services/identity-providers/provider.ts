import * as oidc from 'openid-client';
import { PosternError } from '../../errors.js';

export interface ProviderSettings {
  /** In addresses: 'google', 'microsoft', 'oidc'. */
  readonly id: string;
  /** On the button. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent: the addresses are the operator's own choice. */
  readonly fetch?: typeof fetch;
}

/** What a browser takes along to the provider, and what must come back. */
export interface Trip {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
}

/** Who the provider says somebody is. */
export interface ForeignIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Null unless the provider says in so many words that it checked it. */
  readonly verifiedEmail: string | null;
  /** As the provider claims it; null without one, and where it says that it did not check it. Only worth what the provider is. */
  readonly claimedEmail: string | null;
  readonly name: string;
  /** The provider asked for two factors (RFC 8176 `mfa`). */
  readonly strong: boolean;
}

export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  /** Throws `auth.provider-unavailable`. */
  begin(trip: Trip): Promise<URL>;
  /** Throws `auth.provider-refused` for an answer that is not the provider's, not for this trip, or a refusal. */
  finish(trip: Trip, answer: URL): Promise<ForeignIdentity>;
}

const TIMEOUT_S = 10;

/** An OpenID Connect provider (Core 1.0), found by discovery when it is first used. */
export function createProvider(settings: ProviderSettings): IdentityProvider {
  let known: Promise<oidc.Configuration> | null = null;
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= discover(settings).catch((cause: unknown) => {
      // Asked again next time: the provider may be back.
      known = null;
      throw new PosternError('auth.provider-unavailable', `${settings.name} does not answer. Try again later.`, {
        cause,
      });
    });
    return known;
  };
  const { id, name, issuer } = settings;
  return {
    ...{ id, name, issuer },

    async begin({ redirectUri, state, nonce, verifier }) {
      return oidc.buildAuthorizationUrl(await configuration(), {
        ...{ redirect_uri: redirectUri, scope: 'openid email profile', state, nonce },
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
    },

    async finish({ state, nonce, verifier }, answer) {
      const config = await configuration();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, answer, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('no ID token');
        // Some providers tell the address only where they are asked for it; the library compares the subject.
        const told =
          claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
            ? { ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)), amr: claims['amr'] }
            : claims;
        return { issuer: claims.iss, subject: claims.sub, ...facts(told) };
      } catch (cause) {
        throw new PosternError('auth.provider-refused', `${name} did not sign you in.`, { cause });
      }
    },
  };
}

async function discover({
  issuer,
  clientId,
  clientSecret,
  fetch: send,
}: ProviderSettings): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const execute = [
    // Signatures of ID tokens are checked even where TLS alone would do.
    oidc.enableNonRepudiationChecks,
    // Only a provider on this machine: the settings allow no other without TLS.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is marked so only to stand out
    ...(url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
  ];
  const how = send === undefined ? {} : { [oidc.customFetch]: send as oidc.CustomFetch };
  return await oidc.discovery(url, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_S, ...how });
}

function facts(claims: Readonly<Record<string, unknown>>): Omit<ForeignIdentity, 'issuer' | 'subject'> {
  const { email, email_verified: verified, name, amr } = claims;
  const address = typeof email === 'string' ? email.trim().toLowerCase() : null;
  return {
    verifiedEmail: verified === true ? address : null,
    claimedEmail: verified === undefined || verified === true ? address : null,
    name: typeof name === 'string' ? name.slice(0, 200) : '',
    strong: Array.isArray(amr) && amr.includes('mfa'),
  };
}
