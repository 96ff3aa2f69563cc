import { imapServer, issuer, text } from './config-kinds.js';
import { optional, setting } from './config-setting.js';

/** What it takes to connect mailboxes of one IMAP server by a consent instead of a password. */
export const IMAP_OAUTH_SETTINGS = {
  imapOauthServer: optional({
    env: 'POSTERN_IMAP_OAUTH_SERVER',
    kind: imapServer,
    fallbackText: 'off',
    about:
      'Mail server whose mailboxes people connect by signing in, without a password: `imaps://host`, or `imap://host` for STARTTLS. See docs/connect-imap.md.',
  }),
  imapOauthIssuer: optional({
    env: 'POSTERN_IMAP_OAUTH_ISSUER',
    kind: issuer,
    about:
      "Where they sign in: the issuer whose `/.well-known/openid-configuration` names the rest. The server accepts this issuer's tokens.",
  }),
  imapOauthName: setting({
    env: 'POSTERN_IMAP_OAUTH_NAME',
    kind: text,
    fallback: 'your organisation',
    about: 'How people know it: they read “Connect …” and “Sign in at …”.',
  }),
  imapOauthClientId: optional({
    env: 'POSTERN_IMAP_OAUTH_CLIENT_ID',
    kind: text,
    about: 'Client id of your registration there.',
  }),
  imapOauthClientSecret: optional({
    env: 'POSTERN_IMAP_OAUTH_CLIENT_SECRET',
    kind: text,
    secret: true,
    fallbackText: 'a public client',
    about: 'Secret of that registration.',
  }),
  imapOauthScopes: setting({
    env: 'POSTERN_IMAP_OAUTH_SCOPES',
    kind: text,
    fallback: 'openid email offline_access',
    about:
      'What is asked for, with spaces between: `openid`, what the mail server wants, and what brings a refresh token.',
  }),
  imapOauthParameters: setting({
    env: 'POSTERN_IMAP_OAUTH_PARAMETERS',
    kind: text,
    fallback: 'prompt=consent',
    about: 'Further parameters of the way to the sign-in page, as in an address: `prompt=consent&access_type=offline`.',
  }),
  imapOauthUserClaim: setting({
    env: 'POSTERN_IMAP_OAUTH_USER_CLAIM',
    kind: text,
    fallback: 'email',
    about: 'Claim of the ID token that is the user name at the mail server.',
  }),
} as const;
