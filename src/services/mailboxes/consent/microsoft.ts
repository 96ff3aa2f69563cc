import { createGraphConnector, graphAddress } from '../../../connectors/microsoft-graph/microsoft-graph.js';
import type { HttpClient } from '../../../net/http-client.js';
import { createOAuthClient } from '../../../net/oauth-client.js';
import type { PushedMailbox } from '../../../crypto/push-states.js';
import type { ConnectorFactory } from '../providers.js';
import type { ConsentAccess, ConsentProvider } from './consent-provider.js';
import { consentTokens } from './consent-tokens.js';
import { Granted } from './granted.js';

export interface MicrosoftSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** A tenant's id or domain, or `organizations` or `common`. */
  readonly tenant: string;
  /** Origins: where people sign in, where Graph is, and the name of Graph in permissions. */
  readonly loginUrl: string;
  readonly graphUrl: string;
  readonly resource: string;
  /** Where notifications can reach postern; null: polling only. */
  readonly notificationUrl: (() => string) | null;
  readonly clientState: (mailbox: PushedMailbox) => string;
  readonly maxBytes: number;
}

const PERMISSION: Readonly<Record<ConsentAccess, string>> = { read: 'Mail.Read', change: 'Mail.ReadWrite' };

/** learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
export function createMicrosoftProvider(
  settings: MicrosoftSettings,
  http: HttpClient,
  now: () => Date,
): ConsentProvider {
  const { tenant, loginUrl, graphUrl, resource, notificationUrl, maxBytes } = settings;
  const base = `${loginUrl}/${encodeURIComponent(tenant)}/oauth2/v2.0`;
  const oauth = createOAuthClient({
    ...settings,
    http,
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/token`,
    now,
  });

  const connect: ConnectorFactory = (account) => {
    const push =
      notificationUrl === null || account.mailbox === null
        ? null
        : { notificationUrl: notificationUrl(), clientState: settings.clientState(account.mailbox) };
    const { access } = Granted.parse(account.secret);
    return createGraphConnector({
      ...{ http, baseUrl: graphUrl, push, maxBytes, now },
      mayChange: access === 'change',
      address: null,
      tokens: consentTokens({ account, oauth, provider: 'Microsoft', now }),
    });
  };

  return {
    id: 'microsoft-graph',
    name: 'Microsoft',
    oauth,
    scopes: (access) => ['offline_access', `${resource}/User.Read`, `${resource}/${PERMISSION[access]}`],
    parameters: { response_mode: 'query', prompt: 'select_account' },
    accessIn({ scopes }, asked) {
      // "scope: optional": where it is missing, what was asked for was given.
      if (scopes.length === 0) return asked;
      const names = scopes.map((scope) => scope.slice(scope.lastIndexOf('/') + 1));
      if (names.includes(PERMISSION.change)) return asked;
      return asked === 'read' && names.includes(PERMISSION.read) ? 'read' : null;
    },
    addressOf: (tokens, signal) => graphAddress({ http, baseUrl: graphUrl, tokens }, signal),
    connect,
  };
}
