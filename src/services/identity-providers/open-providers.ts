import { createProvider } from './provider.js';
import type { IdentityProvider, ProviderSettings } from './provider.js';

export interface ProviderConfig {
  readonly oidcIssuer: string | null;
  readonly oidcName: string;
  readonly oidcClientId: string | null;
  readonly oidcClientSecret: string | null;
  readonly oidcGoogleClientId: string | null;
  readonly oidcGoogleClientSecret: string | null;
  readonly oidcMicrosoftClientId: string | null;
  readonly oidcMicrosoftClientSecret: string | null;
  readonly oidcMicrosoftDirectory: string | null;
}

/** The providers the operator configured; nothing is asked of them before somebody signs in. */
export function openProviders(config: ProviderConfig): readonly IdentityProvider[] {
  const { oidcIssuer: issuer, oidcMicrosoftDirectory: directory } = config;
  const made = (
    settings: Omit<ProviderSettings, 'clientId' | 'clientSecret'>,
    clientId: string | null,
    clientSecret: string | null,
  ): readonly IdentityProvider[] =>
    clientId === null || clientSecret === null ? [] : [createProvider({ ...settings, clientId, clientSecret })];
  return [
    ...made(
      { id: 'google', name: 'Google', issuer: 'https://accounts.google.com' },
      ...([config.oidcGoogleClientId, config.oidcGoogleClientSecret] as const),
    ),
    ...(directory === null
      ? []
      : made(
          { id: 'microsoft', name: 'Microsoft', issuer: `https://login.microsoftonline.com/${directory}/v2.0` },
          ...([config.oidcMicrosoftClientId, config.oidcMicrosoftClientSecret] as const),
        )),
    ...(issuer === null
      ? []
      : made({ id: 'oidc', name: config.oidcName, issuer }, config.oidcClientId, config.oidcClientSecret)),
  ];
}
