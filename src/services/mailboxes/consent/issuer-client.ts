import { z } from 'zod';
import type { HttpAnswer, HttpClient } from '../../../net/http-client.js';
import { NetFault } from '../../../net/net-fault.js';
import { createOAuthClient, OAuthFault, revokeToken } from '../../../net/oauth-client.js';
import type { OAuthClient } from '../../../net/oauth-client.js';
import { readJson } from '../../../net/read-json.js';

export interface IssuerSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
}

export interface IssuerClient extends OAuthClient {
  /** The name of the issuer as it writes it into its tokens. Throws OAuthFault. */
  issuer(): Promise<string>;
  /** What it says of whom the token is; null where it has no such service or does not take the token there. Throws OAuthFault. */
  userInfo(accessToken: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | null>;
  /** True when the token is void now; false where the issuer has no such service. Throws OAuthFault. */
  revoke(token: string): Promise<boolean>;
}

/** OpenID Connect Discovery 1.0, section 3, as much as is used. */
const Metadata = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  revocation_endpoint: z.url().optional(),
  userinfo_endpoint: z.url().optional(),
});
type Metadata = z.infer<typeof Metadata>;

const KEEP_MS = 60 * 60_000;

/** The client of an issuer that says itself where its services are; asked when it is first needed, and again after an hour. */
export function createIssuerClient(settings: IssuerSettings, http: HttpClient, now: () => Date): IssuerClient {
  const { issuer, clientId, clientSecret } = settings;
  let known: { readonly metadata: Promise<Metadata>; readonly until: number } | null = null;

  function metadata(): Promise<Metadata> {
    if (known !== null && known.until > now().getTime()) return known.metadata;
    const asked = discover(issuer, http);
    known = { metadata: asked, until: now().getTime() + KEEP_MS };
    asked.catch(() => (known = null));
    return asked;
  }

  async function client(): Promise<OAuthClient> {
    const { authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl } = await metadata();
    return createOAuthClient({ http, clientId, clientSecret, authorizeUrl, tokenUrl, now });
  }

  return {
    issuer: async () => (await metadata()).issuer,
    authorizationUrl: async (request) => (await client()).authorizationUrl(request),
    exchange: async (request) => (await client()).exchange(request),
    refresh: async (token, signal) => (await client()).refresh(token, signal),
    async userInfo(accessToken, signal) {
      const { userinfo_endpoint: url } = await metadata();
      if (url === undefined) return null;
      const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
      const answer = await ask(http, new URL(url), headers, signal);
      const read = answer.status === 200 ? z.record(z.string(), z.unknown()).safeParse(jsonOf(answer)) : null;
      return read?.success === true ? read.data : null;
    },
    async revoke(token) {
      const { revocation_endpoint: url } = await metadata();
      if (url === undefined) return false;
      const secret = clientSecret === null ? {} : { client_secret: clientSecret };
      return await revokeToken(http, url, token, { client_id: clientId, ...secret });
    },
  };
}

async function discover(issuer: string, http: HttpClient): Promise<Metadata> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const answer = await ask(http, url, { accept: 'application/json' });
  const read = answer.status === 200 ? Metadata.safeParse(jsonOf(answer)) : null;
  if (read?.success !== true)
    throw new OAuthFault('unavailable', `the sign-in server answered with status ${answer.status}`);
  // Section 4.3: another one's metadata would send codes and secrets elsewhere.
  if (read.data.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
    throw new OAuthFault('misconfigured', 'the sign-in server calls itself by another name');
  return read.data;
}

async function ask(
  http: HttpClient,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  try {
    return await http.send({ url, headers, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    if (cause instanceof NetFault) throw new OAuthFault('unavailable', cause.message, { cause });
    throw cause;
  }
}

function jsonOf(answer: HttpAnswer): unknown {
  try {
    return readJson(answer);
  } catch {
    return null;
  }
}
