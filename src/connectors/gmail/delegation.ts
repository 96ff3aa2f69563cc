import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { HttpClient } from '../../net/http-client.js';
import { exchangeAssertion, OAuthFault } from '../../net/oauth-client.js';
import type { TokenSet } from '../../net/oauth-client.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';

/** The key file of a service account, as Google gives it; what else stands in it is not needed. */
export const ServiceAccountKey = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3),
  private_key: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
  private_key_id: z.string().optional(),
  project_id: z.string().optional(),
});
export type ServiceAccountKey = z.infer<typeof ServiceAccountKey>;

/**
 * Whether a service account may have Gmail tell this topic: "the my-project-identifier portion must exactly match your Google developer
 * project id (the one executing this watch request)" (developers.google.com/workspace/gmail/api/reference/rest/v1/users/watch).
 */
export function mayTell(topic: string, { project_id: named, client_email: email }: ServiceAccountKey): boolean {
  const project = named ?? /@([a-z][a-z\d-]*)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
  return project !== undefined && topic.startsWith(`projects/${project}/topics/`);
}

/** Before this much of its life is left a token is replaced. */
const MARGIN_MS = 60_000;

/**
 * Access to a mailbox of an organisation that has delegated it to a service account
 * (developers.google.com/identity/protocols/oauth2/service-account#httprest): a signed assertion that names the person.
 */
export function delegatedTokens(options: {
  readonly http: HttpClient;
  readonly tokenUrl: string;
  /** The assertion's audience; Google's own token address also where a proxy stands in front. */
  readonly audience: string;
  readonly key: ServiceAccountKey;
  readonly address: string;
  readonly scopes: readonly string[];
  readonly now: () => Date;
}): AccessTokens {
  const { http, tokenUrl, audience, key, address, scopes, now } = options;
  let current: TokenSet | null = null;

  async function request(signal: AbortSignal): Promise<TokenSet> {
    const issuedAt = Math.floor(now().getTime() / 1000);
    const jwt = await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) })
      .setIssuer(key.client_email)
      .setSubject(address)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3600)
      .sign(await importPKCS8(key.private_key, 'RS256'));
    return await exchangeAssertion({ http, tokenUrl, now }, jwt, signal);
  }

  return {
    async get(refused, signal) {
      const usable = current !== null && current.accessToken !== refused;
      if (usable && current !== null && current.expiresAt.getTime() - now().getTime() > MARGIN_MS)
        return current.accessToken;
      try {
        current = await request(signal);
        return current.accessToken;
      } catch (cause) {
        if (!(cause instanceof OAuthFault)) throw cause;
        if (cause.kind === 'unavailable')
          throw new ConnectorFault('unavailable', `Google: ${cause.message}.`, { cause });
        const message = 'The organisation has not delegated access to this mailbox, or has ended it.';
        throw new ConnectorFault('auth-revoked', message, { cause });
      }
    },
  };
}
