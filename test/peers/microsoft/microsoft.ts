import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { jwtVerify } from 'jose';
import { checked, PeerRefusal, startPeer } from '../peer.js';
import type { Peer, PeerAnswer, PeerRequest } from '../peer.js';
import type { GraphOrganisation } from './directory.js';
import { answerGraph } from './graph.js';
import type { GraphAccess, StoredSubscription } from './graph.js';
import { GraphMailbox } from './mailbox.js';

export const MICROSOFT_CLIENT = { clientId: '11111111-2222-3333-4444-555555555555', clientSecret: 'app~secret' };
export const MICROSOFT_TENANT = '99999999-8888-7777-6666-555555555555';
const RESOURCE = 'https://graph.microsoft.com/';
const KNOWN_SCOPES = ['Mail.Read', 'Mail.ReadWrite', 'User.Read'];

export interface MicrosoftPeer extends Peer {
  readonly mailbox: GraphMailbox;
  /** What the person answers on the consent page. */
  answer: 'allow' | 'deny';
  readonly redirectUris: Set<string>;
  /** As an administrator or the person does: no refresh token is accepted any more, nor any access token. */
  withdraw(): void;
  expireAccess(): void;
  grant(scopes: readonly string[]): { readonly accessToken: string; readonly refreshToken: string };
  /** Mailboxes that the application may open by itself, with these permissions. */
  readonly applicationAccess: { mailboxes: readonly GraphMailbox[]; roles: readonly string[] };
  readonly subscriptions: Map<string, StoredSubscription>;
  readonly organisation: GraphOrganisation;
  /** PEM of the certificate that the application has registered besides its secret. */
  certificate: string | null;
  /** Requests that were being answered at once, at most. */
  readonly busiest: () => number;
  /** Sends what Microsoft would send for a subscription. Answers the status. */
  notify(subscription: StoredSubscription, change?: Readonly<Record<string, unknown>>): Promise<number>;
}

const oauthError = (error: string, status = 400) => new PeerRefusal({ status, json: { error, error_codes: [70000] } });

/** Entra ID's sign-in and token addresses for one tenant, with Graph behind them. */
export async function startMicrosoft(address = 'ann@example.test'): Promise<MicrosoftPeer> {
  const mailbox = new GraphMailbox(address);
  const codes = new Map<string, { scopes: readonly string[]; challenge: string; redirectUri: string }>();
  const access = new Map<string, GraphAccess>();
  const refresh = new Map<string, readonly string[]>();
  const secret = () => randomBytes(24).toString('base64url');
  let [running, busiest] = [0, 0];

  function issue(scopes: readonly string[]): { accessToken: string; refreshToken: string } {
    const [accessToken, refreshToken] = [`eyJ0${secret()}`, `0.AX${secret()}`];
    access.set(accessToken, { kind: 'delegated', scopes, mailboxes: [mailbox] });
    refresh.set(refreshToken, scopes);
    return { accessToken, refreshToken };
  }

  /** learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code */
  function authorize({ query }: PeerRequest): PeerAnswer {
    const given = checked(
      query,
      {
        '!client_id': new RegExp(`^${MICROSOFT_CLIENT.clientId}$`),
        '!response_type': /^code$/,
        '!redirect_uri': /^https?:\/\//,
        '!scope': /^\S+( \S+)*$/,
        '!state': /^[\w-]{20,}$/,
        '!code_challenge': /^[\w-]{43}$/,
        '!code_challenge_method': /^S256$/,
        response_mode: /^query$/,
        prompt: /^(login|none|consent|select_account)$/,
        login_hint: /@/,
      },
      (what) => new PeerRefusal({ status: 400, text: `AADSTS900144: ${what}` }),
    );
    if (!peer.redirectUris.has(given['redirect_uri'] ?? ''))
      throw new PeerRefusal({ status: 400, text: 'AADSTS50011: The redirect URI does not match' });
    const scopes = scopesOf(given['scope'] ?? '');
    if (!scopes.includes('offline_access'))
      throw new PeerRefusal({ status: 400, text: 'this test wants refresh tokens' });
    const back = new URL(given['redirect_uri'] ?? '');
    back.searchParams.set('state', given['state'] ?? '');
    if (peer.answer === 'deny') back.searchParams.set('error', 'access_denied');
    else {
      const code = `0.A${secret()}`;
      const plain = scopes.filter((scope) => scope !== 'offline_access');
      codes.set(code, {
        scopes: plain,
        challenge: given['code_challenge'] ?? '',
        redirectUri: given['redirect_uri'] ?? '',
      });
      back.searchParams.set('code', code);
      back.searchParams.set('session_state', secret());
    }
    return { status: 302, headers: { location: back.href } };
  }

  function scopesOf(text: string): string[] {
    return text.split(' ').map((scope) => {
      if (scope === 'offline_access') return scope;
      const name = scope.startsWith(RESOURCE) ? scope.slice(RESOURCE.length) : scope;
      if (!KNOWN_SCOPES.includes(name)) throw oauthError('invalid_scope');
      return name;
    });
  }

  /** …#redeem-a-code-for-an-access-token, #refresh-the-access-token and …/v2-oauth2-client-creds-grant-flow */
  async function token(request: PeerRequest): Promise<PeerAnswer> {
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') throw oauthError('invalid_request');
    const given = checked(
      new URLSearchParams(request.body),
      {
        '!grant_type': /^(authorization_code|refresh_token|client_credentials)$/,
        '!client_id': /./,
        client_secret: /./,
        client_assertion_type: /^urn:ietf:params:oauth:client-assertion-type:jwt-bearer$/,
        client_assertion: /^[\w.-]+$/,
        code: /./,
        code_verifier: /^[\w.~-]{43,128}$/,
        redirect_uri: /./,
        refresh_token: /./,
        scope: /./,
      },
      () => oauthError('invalid_request'),
    );
    if (given['client_id'] !== MICROSOFT_CLIENT.clientId) throw oauthError('unauthorized_client');
    if (given['client_assertion'] !== undefined) await checkAssertion(given['client_assertion']);
    else if (given['client_secret'] !== MICROSOFT_CLIENT.clientSecret) throw oauthError('invalid_client', 401);
    if (given['grant_type'] === 'client_credentials') {
      if (given['scope'] !== `${RESOURCE}.default`) throw oauthError('invalid_scope');
      const accessToken = `eyJ0${secret()}`;
      // The permissions stand in the token; which mailboxes they are for is looked up at each request.
      const { roles } = peer.applicationAccess;
      access.set(accessToken, {
        ...{ kind: 'application', scopes: roles },
        get mailboxes() {
          return peer.applicationAccess.mailboxes;
        },
      });
      return ok({ access_token: accessToken, token_type: 'Bearer', expires_in: 3599 });
    }
    if (given['grant_type'] === 'refresh_token') {
      const scopes = refresh.get(given['refresh_token'] ?? '');
      if (scopes === undefined) throw oauthError('invalid_grant');
      // "Refresh tokens are replaced with a fresh token upon every use": here the old one is void, so that losing the new one shows.
      refresh.delete(given['refresh_token'] ?? '');
      return tokens(scopes);
    }
    const code = codes.get(given['code'] ?? '');
    codes.delete(given['code'] ?? '');
    const challenge = createHash('sha256')
      .update(given['code_verifier'] ?? '')
      .digest('base64url');
    if (code === undefined || code.challenge !== challenge || code.redirectUri !== given['redirect_uri'])
      throw oauthError('invalid_grant');
    return tokens(code.scopes);
  }

  /** learn.microsoft.com/entra/identity-platform/certificate-credentials */
  async function checkAssertion(assertion: string): Promise<void> {
    if (peer.certificate === null) throw oauthError('invalid_client', 401);
    const registered = new X509Certificate(peer.certificate);
    const { payload, protectedHeader } = await jwtVerify(assertion, registered.publicKey, {
      algorithms: ['PS256'],
      audience: `${base.url}/${MICROSOFT_TENANT}/oauth2/v2.0/token`,
      issuer: MICROSOFT_CLIENT.clientId,
      subject: MICROSOFT_CLIENT.clientId,
      requiredClaims: ['exp', 'nbf', 'jti'],
    }).catch(() => {
      throw oauthError('invalid_client', 401);
    });
    const thumbprint = createHash('sha256').update(registered.raw).digest('base64url');
    if (protectedHeader['x5t#S256'] !== thumbprint || (payload.exp ?? 0) - (payload.nbf ?? 0) > 600)
      throw oauthError('invalid_client', 401);
  }

  function tokens(scopes: readonly string[]): PeerAnswer {
    const { accessToken, refreshToken } = issue(scopes);
    const scope = scopes.map((one) => `${RESOURCE}${one}`).join(' ');
    return ok({
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: 3599,
      scope,
    });
  }

  const base = await startPeer(async (request) => {
    running += 1;
    busiest = Math.max(busiest, running);
    try {
      if (request.path === `/${MICROSOFT_TENANT}/oauth2/v2.0/authorize` && request.method === 'GET')
        return authorize(request);
      if (request.path === `/${MICROSOFT_TENANT}/oauth2/v2.0/token` && request.method === 'POST')
        return await token(request);
      // AADSTS90002: no such tenant.
      if (request.path.endsWith('/oauth2/v2.0/token')) throw oauthError('invalid_request');
      const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const { subscriptions, organisation } = peer;
      const state = { baseUrl: base.url, subscriptions, organisation, call };
      // A moment, so that requests at once can be counted.
      await new Promise((resolve) => setTimeout(resolve, 1));
      return await answerGraph(request, access.get(bearer) ?? null, state);
    } finally {
      running -= 1;
    }
  });
  const peer: MicrosoftPeer = Object.assign(base, {
    mailbox,
    answer: 'allow' as const,
    redirectUris: new Set<string>(),
    applicationAccess: { mailboxes: [] as readonly GraphMailbox[], roles: [] as readonly string[] },
    subscriptions: new Map<string, StoredSubscription>(),
    organisation: { users: [], groups: [] },
    certificate: null,
    withdraw() {
      access.clear();
      refresh.clear();
    },
    expireAccess: () => access.clear(),
    grant: issue,
    busiest: () => busiest,
    async notify(subscription: StoredSubscription, change: Readonly<Record<string, unknown>> = {}) {
      const notification = {
        subscriptionId: subscription.id,
        subscriptionExpirationDateTime: subscription.expirationDateTime,
        tenantId: MICROSOFT_TENANT,
        clientState: subscription.clientState,
        changeType: 'created',
        resource: `Users/x/Messages/y`,
        resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: 'y' },
        ...change,
      };
      const answer = await fetch(subscription.notificationUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ value: [notification] }),
      });
      return answer.status;
    },
  });
  return peer;
}

async function call(url: string): Promise<{ status: number; type: string; text: string }> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' } });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

function ok(json: unknown): PeerAnswer {
  return { status: 200, json };
}
