import type { Provider } from '../../../connectors/connector.js';
import { createPushVerifier } from '../../../connectors/gmail/verify-push.js';
import type { PushVerifier } from '../../../connectors/gmail/verify-push.js';
import { CLOUDS } from '../../../connectors/microsoft-graph/clouds.js';
import type { ImapAccount, ImapSettings } from '../../../connectors/imap/account.js';
import { createPushStates } from '../../../crypto/push-states.js';
import type { PushedMailbox, PushStates } from '../../../crypto/push-states.js';
import type { KeyRing } from '../../../crypto/key-ring.js';
import { createAddressGuard } from '../../../net/address-guard.js';
import { createHttpClient } from '../../../net/http-client.js';
import type { HttpClient } from '../../../net/http-client.js';
import { openDirectories, withDirectories } from '../../directories/open-directories.js';
import type { DirectorySettings } from '../../directories/open-directories.js';
import type { DirectoryProviders } from '../../directories/directory-provider.js';
import type { ConnectorAccount, Providers } from '../providers.js';
import type { ConsentProviders } from './consent-provider.js';
import { createGoogleProvider } from './google.js';
import { createImapConsentProvider } from './imap.js';
import { createMicrosoftProvider } from './microsoft.js';

/** As the settings of those names have it. */
export interface ConsentSettings extends DirectorySettings {
  readonly googleClientId: string | null;
  readonly googleClientSecret: string | null;
  readonly googlePushAccount: string | null;
  readonly googleAccountsUrl: string;
  readonly googleCertsUrl: string;
  readonly microsoftClientId: string | null;
  readonly microsoftClientSecret: string | null;
  readonly microsoftTenant: string;
  readonly microsoftPush: 'on' | 'off' | null;
  readonly imapOauthServer: Omit<ImapAccount, 'user'> | null;
  readonly imapOauthIssuer: string | null;
  readonly imapOauthName: string;
  readonly imapOauthClientId: string | null;
  readonly imapOauthClientSecret: string | null;
  readonly imapOauthScopes: string;
  readonly imapOauthParameters: string;
  readonly imapOauthUserClaim: string;
  readonly privateMailHosts: readonly string[];
  readonly imapWithoutTls: 'never' | 'loopback';
}

/** What connecting by a consent needs. */
export interface Consents {
  readonly providers: ConsentProviders;
  /** Where whole organisations open their mailboxes. */
  readonly directories: DirectoryProviders;
  /** The connectors of both. */
  readonly factories: Providers;
  /** Where providers send people back to; from the operator's setting, never from a request. */
  redirectUri(): string;
  /** Null where the operator has set up no push for Gmail. */
  readonly gmailPush: PushVerifier | null;
  readonly pushStates: PushStates;
  /** Those that call postern when there is news. */
  readonly pushing: readonly Provider[];
  close(): Promise<void>;
}

const CALLBACK_PATH = '/connect/callback';
/** A message comes in base64 inside JSON. */
const ENCODED = 1.5;

/** `publicUrl` is asked when it is needed: the port may be known only once postern listens. */
export function openConsents(
  settings: ConsentSettings,
  deps: { readonly ring: KeyRing; readonly publicUrl: () => string; readonly now?: () => Date },
): Consents {
  const { ring, publicUrl, now = () => new Date() } = deps;
  const http = createHttpClient({ timeoutMs: 60_000, maxBytes: Math.ceil(settings.uploadLimit * ENCODED) + 100_000 });
  const pushStates = createPushStates(ring);
  const google = googleOf(settings, http, now);
  const secure = publicUrl().startsWith('https:');
  // Microsoft calls https addresses only.
  const graphPush = (settings.microsoftPush ?? (secure ? 'on' : 'off')) === 'on';
  const notificationUrl = graphPush ? () => `${publicUrl()}/webhooks/microsoft` : null;
  const clientState = (mailbox: PushedMailbox) => pushStates.write(mailbox);
  const microsoft = microsoftOf(settings, http, now, { notificationUrl, clientState });
  const pushOf = (mailbox: ConnectorAccount['mailbox']) =>
    notificationUrl === null || mailbox === null
      ? null
      : { notificationUrl: notificationUrl(), clientState: clientState(mailbox) };
  const directories = openDirectories(settings, { http, now, graphPush: pushOf });
  const imap = imapOf(settings, http, now);
  const { googlePushAccount: account, googlePushTopic: topic, googleCertsUrl } = settings;
  const gmailPush =
    account === null || topic === null
      ? null
      : createPushVerifier({
          ...{ http, account, now },
          certsUrl: `${googleCertsUrl}/oauth2/v3/certs`,
          audience: () => `${publicUrl()}/webhooks/gmail`,
        });
  return {
    providers: {
      ...(google === null ? {} : { gmail: google }),
      ...(microsoft === null ? {} : { 'microsoft-graph': microsoft }),
      ...(imap === null ? {} : { imap }),
    },
    directories,
    factories: withDirectories(directories, {
      ...(google === null ? {} : { gmail: google.connect }),
      ...(microsoft === null ? {} : { 'microsoft-graph': microsoft.connect }),
    }),
    redirectUri: () => `${publicUrl()}${CALLBACK_PATH}`,
    gmailPush,
    pushStates,
    pushing: [...(topic === null ? [] : (['gmail'] as const)), ...(graphPush ? (['microsoft-graph'] as const) : [])],
    close: () => http.close(),
  };
}

function googleOf(settings: ConsentSettings, http: HttpClient, now: () => Date) {
  const { googleClientId: clientId, googleClientSecret: clientSecret } = settings;
  if (clientId === null || clientSecret === null) return null;
  const own = {
    ...{ clientId, clientSecret, topic: settings.googlePushTopic, maxBytes: settings.uploadLimit },
    ...{ accountsUrl: settings.googleAccountsUrl, oauthUrl: settings.googleOauthUrl, gmailUrl: settings.gmailUrl },
  };
  return createGoogleProvider(own, http, now);
}

function microsoftOf(
  settings: ConsentSettings,
  http: HttpClient,
  now: () => Date,
  push: Pick<Parameters<typeof createMicrosoftProvider>[0], 'notificationUrl' | 'clientState'>,
) {
  const { microsoftClientId: clientId, microsoftClientSecret: clientSecret, microsoftTenant: tenant } = settings;
  if (clientId === null || clientSecret === null) return null;
  const cloud = CLOUDS[settings.microsoftCloud];
  const own = {
    ...{ clientId, clientSecret, tenant, maxBytes: settings.uploadLimit, resource: cloud.graph },
    loginUrl: settings.microsoftLoginUrl ?? cloud.login,
    graphUrl: settings.microsoftGraphUrl ?? cloud.graph,
  };
  return createMicrosoftProvider({ ...own, ...push }, http, now);
}

function imapOf(settings: ConsentSettings, http: HttpClient, now: () => Date) {
  const { imapOauthServer: server, imapOauthIssuer: issuer, imapOauthClientId: clientId } = settings;
  if (server === null || issuer === null || clientId === null) return null;
  const own = {
    ...{ server, issuer, clientId, clientSecret: settings.imapOauthClientSecret, name: settings.imapOauthName },
    scopes: settings.imapOauthScopes.split(/\s+/),
    parameters: Object.fromEntries(new URLSearchParams(settings.imapOauthParameters)),
    userClaim: settings.imapOauthUserClaim,
  };
  return createImapConsentProvider(own, imapSettingsOf(settings), http, now);
}

/** What the operator decides about every mail server. */
export function imapSettingsOf(
  settings: Pick<ConsentSettings, 'privateMailHosts' | 'imapWithoutTls' | 'uploadLimit'>,
): ImapSettings {
  return {
    guard: createAddressGuard(settings.privateMailHosts),
    plainLoopback: settings.imapWithoutTls === 'loopback',
    maxBytes: settings.uploadLimit,
  };
}
