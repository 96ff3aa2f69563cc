import { z } from 'zod';
import type { Vault } from '../../crypto/vault.js';
import { PosternError } from '../../errors.js';
import { fetchWith } from '../../net/fetch-with.js';
import type { HttpClient } from '../../net/http-client.js';
import type { Resolver } from '../../net/resolver.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import { createProvider } from '../identity-providers/provider.js';
import type { IdentityProvider } from '../identity-providers/provider.js';
import { createSamlProvider } from './saml-provider.js';
import type { SamlProvider } from './saml-provider.js';

/** What is stored of a provider, by its kind. */
export const OidcSettings = z.object({ issuer: z.string(), clientId: z.string() });
export const SamlSettings = z.object({
  /** The provider's own name (entity id). */
  issuer: z.string(),
  signInUrl: z.string(),
  /** PEM; several while the provider changes over to a new one. */
  certificates: z.array(z.string()).min(1),
});
export type OidcSettings = z.infer<typeof OidcSettings>;
export type SamlSettings = z.infer<typeof SamlSettings>;

export interface OrganisationProviders {
  /** Asks about domains; null where no name server may be asked. */
  readonly resolver: Pick<Resolver, 'resolve'> | null;
  /** Whether the operator has named the origin of this address as one in their own network. */
  isAllowed(url: URL): boolean;
  seal(id: string, clientSecret: string): string;
  oidc(row: OrganisationProviderRow): IdentityProvider;
  saml(row: OrganisationProviderRow, serviceUrl: string): SamlProvider;
}

const MOST_KEPT = 200;

/**
 * Clients of the providers that organisations bring along. Whatever address one of them names, in its settings or in what it answers,
 * is reached through `http`, the guarded client. `allowed`: origins in the operator's own network.
 */
export function openOrganisationProviders(parts: {
  readonly http: HttpClient;
  readonly vault: Vault;
  readonly resolver: Pick<Resolver, 'resolve'> | null;
  readonly allowed: readonly string[];
}): OrganisationProviders {
  const { http, vault, resolver } = parts;
  const send = fetchWith(http);
  const allowed = new Set(parts.allowed.map((origin) => new URL(origin).origin));
  // What a provider says of itself is asked once, not for each who signs in.
  const kept = new Map<string, IdentityProvider>();

  return {
    resolver,
    isAllowed: (url) => allowed.has(url.origin),
    seal: (id, clientSecret) => vault.seal(id, clientSecret),
    oidc(row) {
      const key = `${row.id} ${row.changedAt.getTime()}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const { issuer, clientId } = OidcSettings.parse(row.settings);
      if (row.sealed === null) throw new PosternError('internal', 'An OpenID Connect provider has no client secret.');
      const clientSecret = String(vault.open(row.id, row.sealed));
      const made = createProvider({ id: row.id, name: row.name, issuer, clientId, clientSecret, fetch: send });
      kept.set(key, made);
      if (kept.size > MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, MOST_KEPT / 2)) kept.delete(oldest);
      return made;
    },
    saml: (row, serviceUrl) => createSamlProvider(row.name, SamlSettings.parse(row.settings), serviceUrl),
  };
}
