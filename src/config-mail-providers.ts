import { email, entraTenant, oneOf, origin, pubsubTopic, text } from './config-kinds.js';
import { optional, setting } from './config-setting.js';

/** What it takes to connect mailboxes at Google and Microsoft. */
export const MAIL_PROVIDER_SETTINGS = {
  googleClientId: optional({
    env: 'POSTERN_GOOGLE_CLIENT_ID',
    kind: text,
    fallbackText: 'off',
    about:
      'Client id of your registration at Google. With its secret, people can connect Gmail: see docs/connect-gmail.md.',
  }),
  googleClientSecret: optional({
    env: 'POSTERN_GOOGLE_CLIENT_SECRET',
    kind: text,
    secret: true,
    about: 'Secret of that registration.',
  }),
  googlePushTopic: optional({
    env: 'POSTERN_GOOGLE_PUSH_TOPIC',
    kind: pubsubTopic,
    fallbackText: 'polling only',
    about: 'Pub/Sub topic that Gmail tells of news: `projects/<project>/topics/<name>`.',
  }),
  googlePushAccount: optional({
    env: 'POSTERN_GOOGLE_PUSH_ACCOUNT',
    kind: email,
    about:
      'Service account that signs what the push subscription of that topic sends to `<POSTERN_PUBLIC_URL>/webhooks/gmail`.',
  }),
  googleAccountsUrl: setting({
    env: 'POSTERN_GOOGLE_ACCOUNTS_URL',
    kind: origin,
    fallback: 'https://accounts.google.com',
    about: 'Where people sign in to Google.',
  }),
  googleOauthUrl: setting({
    env: 'POSTERN_GOOGLE_OAUTH_URL',
    kind: origin,
    fallback: 'https://oauth2.googleapis.com',
    about: 'Where tokens of Google are issued and revoked: a proxy of your own that speaks the same.',
  }),
  googleCertsUrl: setting({
    env: 'POSTERN_GOOGLE_CERTS_URL',
    kind: origin,
    fallback: 'https://www.googleapis.com',
    about: "Where Google's public keys are, by which pushes are verified.",
  }),
  gmailUrl: setting({
    env: 'POSTERN_GMAIL_URL',
    kind: origin,
    fallback: 'https://gmail.googleapis.com',
    about: 'Where the Gmail API is: a proxy of your own that speaks the same.',
  }),
  googleDirectoryUrl: setting({
    env: 'POSTERN_GOOGLE_DIRECTORY_URL',
    kind: origin,
    fallback: 'https://admin.googleapis.com',
    about: 'Where the directory of a Google Workspace is: a proxy of your own that speaks the same.',
  }),
  microsoftClientId: optional({
    env: 'POSTERN_MICROSOFT_CLIENT_ID',
    kind: text,
    fallbackText: 'off',
    about:
      'Application id of your registration at Microsoft Entra. With its secret, people can connect Microsoft 365: see docs/connect-microsoft-365.md.',
  }),
  microsoftClientSecret: optional({
    env: 'POSTERN_MICROSOFT_CLIENT_SECRET',
    kind: text,
    secret: true,
    about: 'Secret of that registration.',
  }),
  microsoftTenant: setting({
    env: 'POSTERN_MICROSOFT_TENANT',
    kind: entraTenant,
    fallback: 'organizations',
    about:
      "Whose accounts may sign in: a tenant's id or domain, `organizations` for any work or school account, `common` for personal ones too.",
  }),
  microsoftCloud: setting({
    env: 'POSTERN_MICROSOFT_CLOUD',
    kind: oneOf('global', 'us-government', 'us-defense'),
    fallback: 'global',
    about: "Microsoft's cloud that your organisation is in.",
  }),
  microsoftLoginUrl: optional({
    env: 'POSTERN_MICROSOFT_LOGIN_URL',
    kind: origin,
    fallbackText: "the cloud's",
    about: 'Where people sign in to Microsoft and tokens are issued.',
  }),
  microsoftGraphUrl: optional({
    env: 'POSTERN_MICROSOFT_GRAPH_URL',
    kind: origin,
    fallbackText: "the cloud's",
    about: 'Where Microsoft Graph is: a proxy of your own that speaks the same.',
  }),
  microsoftPush: optional({
    env: 'POSTERN_MICROSOFT_PUSH',
    kind: oneOf('on', 'off'),
    fallbackText: '`on` where `POSTERN_PUBLIC_URL` is https',
    about:
      'Whether Microsoft is asked to call `<POSTERN_PUBLIC_URL>/webhooks/microsoft` when there is news; `off` where it cannot reach postern.',
  }),
} as const;
