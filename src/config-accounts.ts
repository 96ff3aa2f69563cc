import { directoryId, email, issuer, oneOf, origins, signUpRule, smtpUrl, text } from './config-kinds.js';
import { optional, setting } from './config-setting.js';

/** Settings of accounts, of sign-in, and of the messages about them. */
export const ACCOUNT_SETTINGS = {
  signUp: setting({
    env: 'POSTERN_SIGN_UP',
    kind: signUpRule,
    fallback: 'closed',
    about:
      'Who may create an account: nobody, only who was invited, everybody, or everybody with an address at one of these domains.',
  }),
  recordAddresses: setting({
    env: 'POSTERN_RECORD_ADDRESSES',
    kind: oneOf('off', 'on'),
    fallback: 'off',
    about: 'Whether the network addresses of clients are kept, with their sessions and in the audit log.',
  }),
  smtpUrl: optional({
    env: 'POSTERN_SMTP_URL',
    kind: smtpUrl,
    secret: true,
    fallbackText: 'files in `<POSTERN_DATA_DIR>/outbox`',
    about:
      "Mail server for postern's own messages, as `smtp://user:password@host:587` or `smtps://…:465`. Without it each message becomes an .eml file.",
  }),
  smtpTls: setting({
    env: 'POSTERN_SMTP_TLS',
    kind: oneOf('required', 'off'),
    fallback: 'required',
    about: 'Whether an `smtp://` server must offer STARTTLS. `off` only for a relay on this machine.',
  }),
  mailFrom: optional({
    env: 'POSTERN_MAIL_FROM',
    kind: email,
    fallbackText: '`postern@<host of POSTERN_PUBLIC_URL>`',
    about: "Sender of postern's own messages.",
  }),
  oidcIssuer: optional({
    env: 'POSTERN_OIDC_ISSUER',
    kind: issuer,
    fallbackText: 'off',
    about:
      'An OpenID Connect provider people may sign in with. Its redirect address: `<POSTERN_PUBLIC_URL>/api/v1/auth/oidc/oidc/callback`.',
  }),
  oidcName: setting({
    env: 'POSTERN_OIDC_NAME',
    kind: text,
    fallback: 'single sign-on',
    about: 'What its button says after "Continue with".',
  }),
  oidcClientId: optional({ env: 'POSTERN_OIDC_CLIENT_ID', kind: text, about: 'Client id at that provider.' }),
  oidcClientSecret: optional({
    env: 'POSTERN_OIDC_CLIENT_SECRET',
    kind: text,
    secret: true,
    about: 'Client secret at that provider.',
  }),
  oidcGoogleClientId: optional({
    env: 'POSTERN_OIDC_GOOGLE_CLIENT_ID',
    kind: text,
    fallbackText: 'off',
    about: 'Sign-in with Google. Redirect address: `<POSTERN_PUBLIC_URL>/api/v1/auth/oidc/google/callback`.',
  }),
  oidcGoogleClientSecret: optional({
    env: 'POSTERN_OIDC_GOOGLE_CLIENT_SECRET',
    kind: text,
    secret: true,
    about: 'Client secret at Google.',
  }),
  oidcMicrosoftClientId: optional({
    env: 'POSTERN_OIDC_MICROSOFT_CLIENT_ID',
    kind: text,
    fallbackText: 'off',
    about: 'Sign-in with Microsoft. Redirect address: `<POSTERN_PUBLIC_URL>/api/v1/auth/oidc/microsoft/callback`.',
  }),
  oidcMicrosoftClientSecret: optional({
    env: 'POSTERN_OIDC_MICROSOFT_CLIENT_SECRET',
    kind: text,
    secret: true,
    about: 'Client secret at Microsoft.',
  }),
  oidcMicrosoftDirectory: optional({
    env: 'POSTERN_OIDC_MICROSOFT_DIRECTORY',
    kind: directoryId,
    about: 'The Microsoft Entra directory (tenant id) whose people may sign in.',
  }),
  identityProviderOrigins: setting({
    env: 'POSTERN_IDENTITY_PROVIDER_ORIGINS',
    kind: origins,
    fallback: '',
    about:
      'Origins of identity providers in your own network that organisations may use, such as `https://id.corp.internal`. Every other one must be at a public address with https.',
  }),
  oidcLinkByEmail: setting({
    env: 'POSTERN_OIDC_LINK_BY_EMAIL',
    kind: oneOf('off', 'on'),
    fallback: 'off',
    about:
      'Whether a first sign-in with a provider enters the account with the same address, where the provider says it verified it and the account has confirmed it. Otherwise people add the provider in their settings.',
  }),
} as const;

interface Providers {
  readonly oidcIssuer: string | null;
  readonly oidcClientId: string | null;
  readonly oidcClientSecret: string | null;
  readonly oidcGoogleClientId: string | null;
  readonly oidcGoogleClientSecret: string | null;
  readonly oidcMicrosoftClientId: string | null;
  readonly oidcMicrosoftClientSecret: string | null;
  readonly oidcMicrosoftDirectory: string | null;
}

/** Half of a provider's settings is of no use. */
export function accountContradictions(config: Providers): readonly string[] {
  const faults: string[] = [];
  const sets: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['POSTERN_OIDC_', [config.oidcIssuer, config.oidcClientId, config.oidcClientSecret]],
    ['POSTERN_OIDC_GOOGLE_', [config.oidcGoogleClientId, config.oidcGoogleClientSecret]],
    [
      'POSTERN_OIDC_MICROSOFT_',
      [config.oidcMicrosoftClientId, config.oidcMicrosoftClientSecret, config.oidcMicrosoftDirectory],
    ],
  ];
  for (const [name, values] of sets) {
    const given = values.filter((value) => value !== null).length;
    if (given > 0 && given < values.length) faults.push(`the settings ${name}* must be set together`);
  }
  return faults;
}
