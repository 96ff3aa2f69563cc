import { z } from 'zod';
import type { HttpAnswer, HttpClient } from './http-client.js';
import { NetFault } from './net-fault.js';
import { readJson } from './read-json.js';

/** What an authorization server gave. */
export interface TokenSet {
  readonly accessToken: string;
  readonly expiresAt: Date;
  /** Null where none came with this answer: the one before stays valid. */
  readonly refreshToken: string | null;
  /** Empty where the server did not say: as asked. */
  readonly scopes: readonly string[];
  /** Of OpenID Connect, where it was asked for. Straight from the server, and not verified otherwise. */
  readonly idToken: string | null;
}

/**
 * - `refused`: the person's consent has ended, was withdrawn, or the code is not valid: only they can help.
 * - `misconfigured`: this client is not known there, or its secret is wrong: only the operator can help.
 * - `unavailable`: no answer, or trouble on its side.
 */
export type OAuthFaultKind = 'refused' | 'misconfigured' | 'unavailable';

/** The message names the server's error code, never a token or secret. */
export class OAuthFault extends Error {
  override readonly name = 'OAuthFault';

  constructor(
    readonly kind: OAuthFaultKind,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

export interface OAuthClientOptions {
  readonly http: HttpClient;
  readonly clientId: string;
  /** Null for a public client (RFC 6749, 2.1). */
  readonly clientSecret: string | null;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly now?: () => Date;
}

export interface OAuthClient {
  /** Where a browser is sent (RFC 6749, 4.1.1) with a PKCE challenge (RFC 7636, S256). */
  authorizationUrl(request: {
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly state: string;
    readonly challenge: string;
    readonly extra?: Readonly<Record<string, string>>;
  }): string | Promise<string>;
  exchange(request: {
    readonly code: string;
    readonly verifier: string;
    readonly redirectUri: string;
    readonly signal?: AbortSignal;
  }): Promise<TokenSet>;
  refresh(refreshToken: string, signal?: AbortSignal): Promise<TokenSet>;
}

const Answer = z.object({
  access_token: z.string().min(1).max(16_384),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().int().min(0).max(31_536_000),
  refresh_token: z.string().min(1).max(16_384).optional(),
  scope: z.string().max(8192).optional(),
  id_token: z.string().max(32_768).optional(),
});
const Refusal = z.object({ error: z.string().regex(/^[\x20-\x7e]{1,100}$/) });

/** RFC 6749, 5.2 and what Entra ID adds (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const PERSON_CAN_HELP = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'access_denied',
]);

export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  const { clientId, clientSecret, authorizeUrl } = options;
  const ask = (fields: Readonly<Record<string, string>>, signal?: AbortSignal) =>
    askToken(
      options,
      { ...fields, client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }) },
      signal,
    );

  return {
    authorizationUrl({ redirectUri, scopes, state, challenge, extra = {} }) {
      const url = new URL(authorizeUrl);
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(' '),
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...extra,
      }).toString();
      return url.href;
    },
    exchange: ({ code, verifier, redirectUri, signal }) =>
      ask({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }, signal),
    refresh: (refreshToken, signal) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, signal),
  };
}

/** Access in exchange for a signed assertion (RFC 7523, 2.1), which names the client by itself. */
export function exchangeAssertion(
  { http, tokenUrl, now }: Pick<OAuthClientOptions, 'http' | 'tokenUrl' | 'now'>,
  jwt: string,
  signal?: AbortSignal,
): Promise<TokenSet> {
  const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt };
  return askToken({ http, tokenUrl, ...(now === undefined ? {} : { now }) }, fields, signal);
}

/**
 * An application's own access (RFC 6749, 4.4), where it proves itself by a secret or by an assertion that it signed (RFC 7523, 2.2).
 */
export function askForApplication(
  { http, tokenUrl, now }: Pick<OAuthClientOptions, 'http' | 'tokenUrl' | 'now'>,
  request: {
    readonly clientId: string;
    readonly scope: string;
    readonly proof: { readonly secret: string } | { readonly assertion: string };
  },
  signal?: AbortSignal,
): Promise<TokenSet> {
  const { clientId, scope, proof } = request;
  const proven: Record<string, string> =
    'secret' in proof
      ? { client_secret: proof.secret }
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: proof.assertion,
        };
  const fields = { grant_type: 'client_credentials', client_id: clientId, scope, ...proven };
  return askToken({ http, tokenUrl, ...(now === undefined ? {} : { now }) }, fields, signal);
}

async function askToken(
  { http, tokenUrl, now = () => new Date() }: Pick<OAuthClientOptions, 'http' | 'tokenUrl' | 'now'>,
  fields: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<TokenSet> {
  const answer = await post(http, tokenUrl, new URLSearchParams(fields).toString(), signal);
  if (answer.status !== 200) throw faultOf(answer);
  const read = Answer.safeParse(parsed(answer));
  if (!read.success) throw new OAuthFault('unavailable', 'the answer of the sign-in server was not understood');
  const { access_token, expires_in, refresh_token, scope, id_token } = read.data;
  return {
    accessToken: access_token,
    expiresAt: new Date(now().getTime() + expires_in * 1000),
    refreshToken: refresh_token ?? null,
    scopes: scope?.split(' ').filter((one) => one !== '') ?? [],
    idToken: id_token ?? null,
  };
}

/** Revokes a token (RFC 7009). True when it is void now, also because it was before. Throws `unavailable` where another try may help. */
export async function revokeToken(
  http: HttpClient,
  revokeUrl: string,
  token: string,
  client: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const answer = await post(http, revokeUrl, new URLSearchParams({ token, ...client }).toString());
  if (answer.status === 200) return true;
  if (answer.status === 429 || answer.status >= 500)
    throw new OAuthFault('unavailable', `the address for revocation answered ${answer.status}`);
  const refusal = Refusal.safeParse(parsed(answer));
  return answer.status === 400 && refusal.success && refusal.data.error === 'invalid_token';
}

async function post(http: HttpClient, url: string, body: string, signal?: AbortSignal): Promise<HttpAnswer> {
  try {
    return await http.send({
      url: new URL(url),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (cause instanceof NetFault) throw new OAuthFault('unavailable', cause.message, { cause });
    throw cause;
  }
}

function parsed(answer: HttpAnswer): unknown {
  try {
    return readJson(answer);
  } catch {
    return null;
  }
}

function faultOf(answer: HttpAnswer): OAuthFault {
  const refusal = Refusal.safeParse(parsed(answer));
  const code = refusal.success ? refusal.data.error : '';
  if (answer.status === 429 || answer.status >= 500 || code === '')
    return new OAuthFault('unavailable', `the sign-in server answered with status ${answer.status}`);
  if (code === 'temporarily_unavailable' || code === 'server_error')
    return new OAuthFault('unavailable', 'the sign-in server is in trouble');
  const kind = PERSON_CAN_HELP.has(code) ? 'refused' : 'misconfigured';
  return new OAuthFault(kind, `the sign-in server answered: ${code}`);
}
