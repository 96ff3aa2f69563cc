import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, importSPKI, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { checked, PeerRefusal, startPeer } from '../peer.js';
import type { Peer, PeerAnswer, PeerRequest } from '../peer.js';
import { answerDirectory } from './directory.js';
import type { GoogleOrganisation } from './directory.js';
import { answerGmail } from './gmail.js';
import { GoogleMailbox } from './mailbox.js';

export const GOOGLE_CLIENT = { clientId: 'client-1.apps.googleusercontent.com', clientSecret: 'GOCSPX-secret' };
const KNOWN_SCOPES = /^https:\/\/www\.googleapis\.com\/auth\/gmail\.(readonly|modify)$/;

interface Grant {
  readonly mailbox: GoogleMailbox;
  /** As whom a service account acts. */
  readonly subject?: string;
  readonly scopes: readonly string[];
  /** Where a service account is; absent: where the client is. */
  readonly project?: string;
}

export interface GooglePeer extends Peer {
  /** The mailbox of whoever is signed in at Google; consents are given for it. */
  readonly mailbox: GoogleMailbox;
  /** What the person answers on the consent page. */
  answer: 'allow' | 'deny';
  /** As a person does at myaccount.google.com/connections: every token of the mailbox is void at once. */
  withdraw(): void;
  /** Access tokens end, as they do after an hour. */
  expireAccess(): void;
  /** A token and what it opens, as after a consent. */
  grant(scopes: readonly string[]): { readonly accessToken: string; readonly refreshToken: string };
  readonly redirectUris: Set<string>;
  /** Public key (PEM) of a service account with delegation for the mailbox, and the scopes it was given. */
  readonly delegations: Map<string, { readonly publicKey: string; readonly scopes: readonly string[] }>;
  /** A token as Pub/Sub sends it along. */
  pushToken(claims: JWTPayload, options?: { readonly alien?: boolean }): Promise<string>;
  revoked: string[];
  readonly organisation: GoogleOrganisation;
  /** Of the organisation's people, by address. */
  readonly mailboxes: Map<string, GoogleMailbox>;
}

const oauthError = (error: string, status = 400) => new PeerRefusal({ status, json: { error } });

/** Google's sign-in, token, revocation and key addresses, with the Gmail API behind them. */
export async function startGoogle(address = 'ann@example.test'): Promise<GooglePeer> {
  const mailbox = new GoogleMailbox(address);
  const codes = new Map<string, Grant & { readonly challenge: string; readonly redirectUri: string }>();
  const access = new Map<string, Grant>();
  const refresh = new Map<string, Grant>();
  const granted = new Set<string>();
  const signing = await generateKeyPair('RS256');
  const alien = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(signing.publicKey)), kid: 'push-1', alg: 'RS256', use: 'sig' };

  function issue(grant: Grant): { accessToken: string; refreshToken: string } {
    const [accessToken, refreshToken] = [
      `ya29.${randomBytes(16).toString('base64url')}`,
      `1//${randomBytes(16).toString('base64url')}`,
    ];
    access.set(accessToken, grant);
    refresh.set(refreshToken, grant);
    return { accessToken, refreshToken };
  }

  /** developers.google.com/identity/protocols/oauth2/web-server#creatingclient */
  function authorize({ query }: PeerRequest): PeerAnswer {
    const given = checked(
      query,
      {
        '!client_id': new RegExp(`^${GOOGLE_CLIENT.clientId}$`),
        '!redirect_uri': /^https?:\/\//,
        '!response_type': /^code$/,
        '!scope': /^\S+( \S+)*$/,
        '!state': /^[\w-]{20,}$/,
        '!code_challenge': /^[\w-]{43}$/,
        '!code_challenge_method': /^S256$/,
        access_type: /^offline$/,
        prompt: /^(none|consent|select_account)( (consent|select_account))?$/,
        include_granted_scopes: /^true$/,
        login_hint: /@/,
      },
      (what) => new PeerRefusal({ status: 400, text: `Error 400: invalid_request: ${what}` }),
    );
    if (!peer.redirectUris.has(given['redirect_uri'] ?? ''))
      throw new PeerRefusal({ status: 400, text: 'Error 400: redirect_uri_mismatch' });
    const scopes = (given['scope'] ?? '').split(' ');
    if (!scopes.every((scope) => KNOWN_SCOPES.test(scope)))
      throw new PeerRefusal({ status: 400, text: 'Error 400: invalid_scope' });
    const back = new URL(given['redirect_uri'] ?? '');
    back.searchParams.set('state', given['state'] ?? '');
    if (peer.answer === 'deny') back.searchParams.set('error', 'access_denied');
    else {
      if (given['include_granted_scopes'] === 'true')
        scopes.push(...[...granted].filter((one) => !scopes.includes(one)));
      for (const scope of scopes) granted.add(scope);
      const code = `4/${randomBytes(16).toString('base64url')}`;
      codes.set(code, {
        mailbox,
        scopes,
        challenge: given['code_challenge'] ?? '',
        redirectUri: back.origin + back.pathname,
      });
      back.searchParams.set('code', code);
      back.searchParams.set('scope', scopes.join(' '));
    }
    return { status: 302, headers: { location: back.href } };
  }

  /** developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code and #offline */
  async function token(request: PeerRequest): Promise<PeerAnswer> {
    const form = formOf(request);
    if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return await delegated(form);
    const given = checked(
      form,
      {
        '!grant_type': /^(authorization_code|refresh_token)$/,
        '!client_id': /./,
        '!client_secret': /./,
        code: /./,
        code_verifier: /^[\w.~-]{43,128}$/,
        redirect_uri: /./,
        refresh_token: /./,
      },
      () => oauthError('invalid_request'),
    );
    if (given['client_id'] !== GOOGLE_CLIENT.clientId || given['client_secret'] !== GOOGLE_CLIENT.clientSecret)
      throw oauthError('invalid_client', 401);
    if (given['grant_type'] === 'refresh_token') {
      const grant = refresh.get(given['refresh_token'] ?? '');
      if (grant === undefined) throw oauthError('invalid_grant');
      const accessToken = `ya29.${randomBytes(16).toString('base64url')}`;
      access.set(accessToken, grant);
      return tokenAnswer(accessToken, grant.scopes);
    }
    const code = codes.get(given['code'] ?? '');
    codes.delete(given['code'] ?? '');
    const challenge = createHash('sha256')
      .update(given['code_verifier'] ?? '')
      .digest('base64url');
    if (code === undefined || code.challenge !== challenge || code.redirectUri !== given['redirect_uri'])
      throw oauthError('invalid_grant');
    const { accessToken, refreshToken } = issue(code);
    return tokenAnswer(accessToken, code.scopes, { refresh_token: refreshToken });
  }

  /** developers.google.com/identity/protocols/oauth2/service-account#httprest */
  async function delegated(form: URLSearchParams): Promise<PeerAnswer> {
    const { assertion = '' } = checked(form, { '!grant_type': /./, '!assertion': /^[\w.-]+$/ }, () =>
      oauthError('invalid_request'),
    );
    const [, claims = ''] = assertion.split('.');
    const { iss = '' } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss?: string };
    const delegation = peer.delegations.get(iss);
    if (delegation === undefined) throw oauthError('invalid_client', 401);
    const { payload } = await jwtVerify(assertion, await importSPKI(delegation.publicKey, 'RS256'), {
      audience: 'https://oauth2.googleapis.com/token',
      requiredClaims: ['iat', 'exp', 'sub', 'scope'],
    }).catch(() => {
      throw oauthError('invalid_grant');
    });
    const scopes = String(payload['scope']).split(' ');
    if (!scopes.every((scope) => delegation.scopes.includes(scope))) throw oauthError('unauthorized_client', 401);
    // "Invalid email or User ID"
    const subject = payload.sub ?? '';
    const opened = subject === mailbox.address ? mailbox : peer.mailboxes.get(subject);
    if (opened === undefined) throw oauthError('invalid_grant');
    const accessToken = `ya29.${randomBytes(16).toString('base64url')}`;
    access.set(accessToken, { mailbox: opened, scopes, subject, project: /@([^.]+)\./.exec(iss)?.[1] ?? '' });
    return tokenAnswer(accessToken, scopes);
  }

  /** developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke: revoking one token ends the whole consent. */
  function revoke(request: PeerRequest): PeerAnswer {
    const { token: given = '' } = checked(formOf(request), { '!token': /./ }, () => oauthError('invalid_request'));
    if (!access.has(given) && !refresh.has(given)) throw oauthError('invalid_token');
    peer.revoked.push(given);
    peer.withdraw();
    return { status: 200, json: {} };
  }

  const base = await startPeer(async (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /o/oauth2/v2/auth':
        return authorize(request);
      case 'POST /token':
        return await token(request);
      case 'POST /revoke':
        return revoke(request);
      case 'GET /oauth2/v3/certs':
        return { status: 200, json: { keys: [jwk] } };
    }
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const grant = access.get(bearer) ?? null;
    if (request.path.startsWith('/admin/directory/v1/'))
      return answerDirectory(request, grant === null ? null : { subject: '', ...grant }, peer.organisation);
    return answerGmail(request, grant === null ? null : { project: 'acme', ...grant });
  });
  const peer: GooglePeer = Object.assign(base, {
    mailbox,
    answer: 'allow' as const,
    redirectUris: new Set<string>(),
    delegations: new Map<string, { readonly publicKey: string; readonly scopes: readonly string[] }>(),
    revoked: [],
    organisation: { people: [], groups: [], admins: new Set<string>() },
    mailboxes: new Map<string, GoogleMailbox>(),
    withdraw() {
      access.clear();
      refresh.clear();
      granted.clear();
    },
    expireAccess: () => access.clear(),
    grant: (scopes: readonly string[]) => issue({ mailbox, scopes }),
    async pushToken(claims: JWTPayload, options: { readonly alien?: boolean } = {}) {
      const key = options.alien === true ? alien.privateKey : signing.privateKey;
      return await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'push-1', typ: 'JWT' }).sign(key);
    },
  });
  return peer;
}

function tokenAnswer(accessToken: string, scopes: readonly string[], more: object = {}): PeerAnswer {
  return {
    status: 200,
    json: { access_token: accessToken, expires_in: 3599, scope: scopes.join(' '), token_type: 'Bearer', ...more },
  };
}

function formOf(request: PeerRequest): URLSearchParams {
  if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') throw oauthError('invalid_request');
  return new URLSearchParams(request.body);
}
