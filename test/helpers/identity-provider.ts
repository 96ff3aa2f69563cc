import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { listen } from '../../src/serve.js';

export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A certified OpenID Connect provider on this machine, where everybody is already signed in as `person`. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  person: Person;
  close(): Promise<void>;
}

const CLIENT = { clientId: 'postern', clientSecret: 'a-secret-of-this-client-only' };

export async function startIdentityProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
  const state = { person: { sub: 'nobody' } as Person };
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUri] },
        ...{ grant_types: ['authorization_code'], response_types: ['code'] },
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: true,
    cookies: { keys: ['one', 'two'] },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...state.person, sub }),
    }),
    async loadExistingGrant(context: { oidc: { session: { accountId: string } } }) {
      const grant = new provider.Grant({ clientId: CLIENT.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) {
      void provider.interactionFinished(request, response, { login: { accountId: state.person.sub, remember: false } });
    } else callback(request, response);
  });
  return {
    ...{ issuer, ...CLIENT },
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
