import type { Vault } from '../../crypto/vault.js';
import type { Mailer } from '../../mailer/mailer.js';
import type { IdentityProvider } from '../identity-providers/provider.js';
import type { OrganisationProviders } from '../single-sign-on/open-organisation-providers.js';
import type { SharedWindow } from '../limits/shared-window.js';

/** What accounts and sign-in work with besides the parts that everything uses. */
export interface AccountParts {
  /** Where people reach postern, e.g. https://mail.example; links are built from it and passkeys are bound to it. */
  readonly publicUrl: () => string;
  readonly mailer: Mailer;
  readonly mailVault: Vault;
  /** Secrets of authenticator apps, and the keyed hashes of recovery codes. */
  readonly factorVault: Vault;
  readonly signUp: SignUpRule;
  readonly providers: readonly IdentityProvider[];
  /** Those that organisations bring along. */
  readonly organisationProviders: OrganisationProviders;
  /** Whether an address that provider and account have both verified links the two. */
  readonly linkByEmail: boolean;
  /** Whether client addresses are kept, with sessions and in the audit log. */
  readonly recordAddresses: boolean;
  /** Requests by one client on routes that need no token. */
  readonly byClient: SharedWindow;
  /** Messages to one address that anybody can ask for. */
  readonly byRecipient: SharedWindow;
  /** Codes of a second factor, by account. */
  readonly byFactor: SharedWindow;
}

/** Who may sign up by themselves, besides those who are invited: 'closed' and 'invitation': nobody; or the domains whose addresses may. */
export type SignUpRule = 'closed' | 'invitation' | 'open' | { readonly domains: readonly string[] };
