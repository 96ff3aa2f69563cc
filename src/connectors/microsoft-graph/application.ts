import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { HttpClient } from '../../net/http-client.js';
import { askForApplication, OAuthFault } from '../../net/oauth-client.js';
import type { TokenSet } from '../../net/oauth-client.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';

/** An application that an organisation has registered in its own tenant, and how it proves itself there. */
export const ApplicationKey = z.object({
  tenant: z.string().regex(/^[\w.-]{1,120}$/),
  clientId: z.string().regex(/^[\w-]{1,80}$/),
  proof: z.union([
    z.object({ secret: z.string().min(1).max(1000) }),
    z.object({
      /** PEM. */
      certificate: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(20_000),
      privateKey: z.string().startsWith('-----BEGIN PRIVATE KEY-----').max(20_000),
    }),
  ]),
});
export type ApplicationKey = z.infer<typeof ApplicationKey>;

/** Before this much of its life is left a token is replaced. */
const MARGIN_MS = 120_000;
/** "keep it short - 5-10 minutes after nbf at most" (learn.microsoft.com/entra/identity-platform/certificate-credentials). */
const ASSERTION_SECONDS = 300;

/** Access to every mailbox that the organisation has opened to its application (…/v2-oauth2-client-creds-grant-flow). */
export function applicationTokens(options: {
  readonly http: HttpClient;
  /** An origin; https://login.microsoftonline.com. */
  readonly loginUrl: string;
  /** Where Graph is named in permissions; https://graph.microsoft.com. */
  readonly resource: string;
  readonly key: ApplicationKey;
  readonly now: () => Date;
}): AccessTokens {
  const { http, loginUrl, resource, key, now } = options;
  const tokenUrl = `${loginUrl}/${encodeURIComponent(key.tenant)}/oauth2/v2.0/token`;
  let current: TokenSet | null = null;

  async function request(signal: AbortSignal): Promise<TokenSet> {
    const proof =
      'secret' in key.proof ? key.proof : { assertion: await assertionOf(key.clientId, key.proof, tokenUrl, now()) };
    const asked = { clientId: key.clientId, scope: `${resource}/.default`, proof };
    return await askForApplication({ http, tokenUrl, now }, asked, signal);
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
          throw new ConnectorFault('unavailable', `Microsoft: ${cause.message}.`, { cause });
        const what = `Microsoft does not know this application in this tenant, or its secret or certificate is wrong or has run out (${cause.message}).`;
        throw new ConnectorFault('auth-revoked', what, { cause });
      }
    },
  };
}

async function assertionOf(
  clientId: string,
  { certificate, privateKey }: { readonly certificate: string; readonly privateKey: string },
  audience: string,
  at: Date,
): Promise<string> {
  const seconds = Math.floor(at.getTime() / 1000);
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  return await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setNotBefore(seconds)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .sign(await importPKCS8(privateKey, 'PS256'));
}
