import { decodeJwt } from 'jose';
import type { JWTPayload } from 'jose';
import { ConnectorFault } from '../../../connectors/connector.js';
import { createImapConnector } from '../../../connectors/imap/imap.js';
import type { ImapAccount, ImapSettings } from '../../../connectors/imap/account.js';
import type { HttpClient } from '../../../net/http-client.js';
import type { TokenSet } from '../../../net/oauth-client.js';
import type { ConsentMailbox, ConsentProvider } from './consent-provider.js';
import { consentTokens, toConnectorFault } from './consent-tokens.js';
import { Granted } from './granted.js';
import { createIssuerClient } from './issuer-client.js';
import type { IssuerClient, IssuerSettings } from './issuer-client.js';

export interface ImapConsentSettings extends IssuerSettings {
  /** As people read it. */
  readonly name: string;
  readonly server: Omit<ImapAccount, 'user'>;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Claim of the ID token that is the user name at the server. */
  readonly userClaim: string;
}

const CLOCKS_APART_MS = 30_000;

/** Mailboxes of one IMAP server that accepts the tokens of an OpenID Connect issuer. */
export function createImapConsentProvider(
  settings: ImapConsentSettings,
  imap: ImapSettings,
  http: HttpClient,
  now: () => Date,
): ConsentProvider {
  const { name } = settings;
  const oauth = createIssuerClient(settings, http, now);
  return {
    ...{ id: 'imap', name, oauth, parameters: settings.parameters },
    scopes: () => settings.scopes,
    // IMAP knows no access that only reads.
    accessIn: (_tokens, asked) => asked,
    mailboxOf: (tokens, signal) => mailboxOf(settings, oauth, tokens, signal, now),
    connect(account) {
      const { refreshToken } = Granted.parse(account.secret);
      const tokens = consentTokens({ account, oauth, provider: name, now });
      const revoke = () => oauth.revoke(refreshToken);
      return createImapConnector(account.settings as ImapAccount, { tokens, revoke }, imap);
    },
  };
}

/** Whose mailbox the tokens open: the server decides afterwards whether they do. */
async function mailboxOf(
  settings: ImapConsentSettings,
  oauth: IssuerClient,
  tokens: TokenSet,
  signal: AbortSignal,
  now: () => Date,
): Promise<ConsentMailbox> {
  const { name, server, userClaim } = settings;
  try {
    const claims = identity(settings, tokens.idToken, await oauth.issuer(), now);
    // Core, section 5.4: claims that a scope asks for may be told there alone. Section 5.3.2: about the same person, or not at all.
    const more = userClaim in claims ? null : await oauth.userInfo(tokens.accessToken, signal);
    const all: Readonly<Record<string, unknown>> = more?.['sub'] === claims.sub ? { ...claims, ...more } : claims;
    const [user, email] = [all[userClaim], all['email']];
    if (typeof user !== 'string' || user === '' || user.length > 254)
      throw new ConnectorFault('auth-revoked', `${name} does not say which mailbox is yours (${userClaim}).`);
    const address = typeof email === 'string' && email.includes('@') ? email : user;
    return { address: address.toLowerCase(), settings: { ...server, user } };
  } catch (error) {
    throw toConnectorFault(error, name);
  }
}

/**
 * OpenID Connect Core 1.0, section 3.1.3.7: a token that came straight from the issuer over TLS needs no signature to be believed, but
 * has to be this issuer's, for this client, and not too old.
 */
function identity(
  { clientId, name }: ImapConsentSettings,
  idToken: string | null,
  issuer: string,
  now: () => Date,
): JWTPayload {
  const unusable = (what: string) => new ConnectorFault('unavailable', `${name}: ${what}`);
  if (idToken === null) throw unusable('no ID token came; the scope openid is missing.');
  let claims: JWTPayload;
  try {
    claims = decodeJwt(idToken);
  } catch {
    throw unusable('the ID token was not understood.');
  }
  const audience = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
  const lives = (claims.exp ?? 0) * 1000 > now().getTime() - CLOCKS_APART_MS;
  if (claims.iss !== issuer || !audience.includes(clientId) || !lives)
    throw unusable('the ID token is not for postern.');
  return claims;
}
