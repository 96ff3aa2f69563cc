import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { listen } from '../../src/serve.js';

export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  /** Whose tokens these are for a server that asks; as `email` where it is absent. */
  readonly mailbox?: string;
}

/** A certified OpenID Connect provider on this machine, where everybody is already signed in as `person`. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** For a server that is shown access tokens and asks whether they are good (RFC 7662), as the user and password of the address. */
  readonly introspectionUrl: string;
  person: Person;
  /** An access token ends before its time; the consent stands. */
  expire(accessToken: string): Promise<void>;
  /** As the person does where they signed in: the whole consent ends. */
  revoke(token: string): Promise<void>;
  /** Every request fails while the work is done. */
  away<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const RESOURCE_SERVER = { clientId: 'mail-server', clientSecret: 'a-secret-of-the-mail-server' };
const CLIENT = { clientId: 'postern', clientSecret: 'a-secret-of-this-client-only' };

/** `redirectUri` may be a function, asked with the first request: where postern is may be known only then. */
export async function startIdentityProvider(
  redirectUri: string | (() => string),
  auth: 'client_secret_basic' | 'client_secret_post' = 'client_secret_basic',
): Promise<TestProvider> {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
  const state = { person: { sub: 'nobody' } as Person };
  let made: Provider | null = null;
  const provider = (): Provider => (made ??= make(typeof redirectUri === 'string' ? redirectUri : redirectUri()));
  const make = (uri: string): Provider =>
    new Provider(issuer, {
      clients: [
        {
          ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [uri] },
          ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
          token_endpoint_auth_method: auth,
        },
        {
          ...{ client_id: RESOURCE_SERVER.clientId, client_secret: RESOURCE_SERVER.clientSecret },
          ...{ redirect_uris: [], grant_types: [], response_types: [] },
        },
      ],
      // Each works once, and a second use ends the consent: nothing may be lost on the way into the database.
      rotateRefreshToken: true,
      extraTokenClaims: () => ({ email: state.person.mailbox ?? state.person.email }),
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        introspection: { enabled: true },
        revocation: { enabled: true },
      },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: true,
      cookies: { keys: ['one', 'two'] },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_context: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ ...state.person, sub }),
      }),
      async loadExistingGrant(context: { oidc: { session: { accountId: string } } }) {
        return (await allow(context.oidc.session.accountId)).grant;
      },
    });
  async function allow(accountId: string) {
    const grant = new (provider().Grant)({ clientId: CLIENT.clientId, accountId });
    grant.addOIDCScope('openid email profile offline_access');
    return { grant, grantId: await grant.save() };
  }
  /** What the person answers where they are asked: who they are, and that they allow it. */
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accountId = state.person.sub;
    const { grantId } = await allow(accountId);
    const answer = { login: { accountId, remember: false }, consent: { grantId } };
    await provider().interactionFinished(request, response, answer);
  }
  let away = false;
  server.on('request', (request, response) => {
    if (away) {
      request.socket.destroy();
      return;
    }
    if (request.url?.startsWith('/interaction/') === true) {
      void interact(request, response);
    } else provider().callback()(request, response);
  });
  return {
    ...{ issuer, ...CLIENT },
    introspectionUrl: `${issuer.replace('//', `//${RESOURCE_SERVER.clientId}:${RESOURCE_SERVER.clientSecret}@`)}/token/introspection`,
    async expire(accessToken) {
      await (await provider().AccessToken.find(accessToken))?.destroy();
    },
    async away(work) {
      away = true;
      try {
        return await work();
      } finally {
        away = false;
      }
    },
    async revoke(token) {
      const secret = auth === 'client_secret_post' ? { client_secret: CLIENT.clientSecret } : {};
      const answer = await fetch(`${issuer}/token/revocation`, {
        method: 'POST',
        body: new URLSearchParams({ token, client_id: CLIENT.clientId, ...secret }),
      });
      if (answer.status !== 200) throw new Error(`the token was not revoked: ${answer.status}`);
    },
    get person() {
      return state.person;
    },
    set person(person) {
      state.person = person;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
