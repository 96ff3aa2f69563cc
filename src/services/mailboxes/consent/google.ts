import { createGmailConnector, gmailAddress } from '../../../connectors/gmail/gmail.js';
import type { HttpClient } from '../../../net/http-client.js';
import { createOAuthClient, revokeToken } from '../../../net/oauth-client.js';
import type { ConnectorFactory } from '../providers.js';
import type { ConsentAccess, ConsentProvider } from './consent-provider.js';
import { consentTokens } from './consent-tokens.js';
import { Granted } from './granted.js';

export interface GoogleSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origins: where people sign in, where tokens are, where Gmail is. */
  readonly accountsUrl: string;
  readonly oauthUrl: string;
  readonly gmailUrl: string;
  /** The Pub/Sub topic; null: polling only. */
  readonly topic: string | null;
  readonly maxBytes: number;
}

const SCOPES: Readonly<Record<ConsentAccess, string>> = {
  read: 'https://www.googleapis.com/auth/gmail.readonly',
  change: 'https://www.googleapis.com/auth/gmail.modify',
};

/** developers.google.com/identity/protocols/oauth2/web-server */
export function createGoogleProvider(settings: GoogleSettings, http: HttpClient, now: () => Date): ConsentProvider {
  const { accountsUrl, oauthUrl, gmailUrl, topic, maxBytes } = settings;
  const tokenUrl = `${oauthUrl}/token`;
  const oauth = createOAuthClient({
    ...settings,
    http,
    authorizeUrl: `${accountsUrl}/o/oauth2/v2/auth`,
    tokenUrl,
    now,
  });
  const common = { http, baseUrl: gmailUrl, topic, maxBytes, now };

  const connect: ConnectorFactory = (account) => {
    const { access, refreshToken } = Granted.parse(account.secret);
    return createGmailConnector({
      ...common,
      tokens: consentTokens({ account, oauth, provider: 'Google', now }),
      mayChange: access === 'change',
      revoke: () => revokeToken(http, `${oauthUrl}/revoke`, refreshToken),
    });
  };

  return {
    id: 'gmail',
    name: 'Google',
    oauth,
    scopes: (access) => [SCOPES[access]],
    // `consent`: only then comes a refresh token also for somebody who has been here before.
    parameters: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
    // People may untick what was asked for; what they gave before comes along, and is not used unless it was asked for.
    accessIn({ scopes }, asked) {
      if (scopes.includes(SCOPES.change)) return asked;
      return asked === 'read' && scopes.includes(SCOPES.read) ? 'read' : null;
    },
    addressOf: (tokens, signal) => gmailAddress({ http, baseUrl: gmailUrl, tokens }, signal),
    connect,
  };
}
