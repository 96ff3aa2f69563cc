import type { TenantId, UserId } from '../store.js';

export interface DomainRow {
  readonly domain: string;
  /** What the domain's DNS must say. */
  readonly challenge: string;
  readonly verifiedAt: Date | null;
  readonly verifiedBy: 'dns' | 'platform' | null;
  /** When a name server last said something about the record. */
  readonly checkedAt: Date | null;
  /** Looks have found no record since then; null: it was there, or was never. */
  readonly missingSince: Date | null;
  /** It was the organisation's until then, and is not any more. */
  readonly lostAt: Date | null;
}

/** A domain whose record is to be looked for again. */
export interface DueDomain {
  readonly tenantId: TenantId;
  readonly domain: string;
  readonly challenge: string;
  readonly ownerEmail: string | null;
}

/** What a look has shown; null: the domain is no longer one to be lost. 'missing' is the first of several looks. */
export type DomainCheck = 'seen' | 'back' | 'missing' | 'still-missing' | 'lost' | null;

/** Domains over all tenants; for the purpose 'domains'. */
export interface DomainSchedule {
  takeDue(most: number): Promise<readonly DueDomain[]>;
}

/** E-mail domains of the pinned organisation. */
export interface DomainTable {
  list(): Promise<readonly DomainRow[]>;
  /** Without effect where it is claimed already. */
  claim(domain: string, challenge: string): Promise<void>;
  /** False where it was not claimed. Throws `organisation.domain-taken` where another organisation has shown it. */
  verify(domain: string): Promise<boolean>;
  /** For the worker: `enough` looks in a row that found nothing take the domain away. */
  noteCheck(domain: Pick<DueDomain, 'domain' | 'challenge'>, found: boolean, enough: number): Promise<DomainCheck>;
  remove(domain: string): Promise<boolean>;
}

export type ProviderKind = 'oidc' | 'saml';

export interface OrganisationProviderRow {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly kind: ProviderKind;
  readonly name: string;
  /** Checked by the services, which wrote them. */
  readonly settings: unknown;
  readonly sealed: string | null;
  readonly active: boolean;
  readonly admits: boolean;
  readonly twoFactors: boolean;
  readonly changedAt: Date;
}

/** Identity providers of the pinned organisation. */
export interface OrganisationProviderTable {
  list(): Promise<readonly OrganisationProviderRow[]>;
  get(id: string): Promise<OrganisationProviderRow | null>;
  add(provider: Omit<OrganisationProviderRow, 'tenantId' | 'active' | 'changedAt'>): Promise<void>;
  change(provider: Omit<OrganisationProviderRow, 'tenantId' | 'kind' | 'active' | 'changedAt'>): Promise<void>;
  /** Signs people in from now on, instead of the one before; null: none does. */
  activate(id: string | null): Promise<void>;
  remove(id: string): Promise<boolean>;
}

/** Signing in with an organisation's provider; for the purpose 'sign-in'. */
export interface OrganisationSignInTable {
  providerOfDomain(domain: string): Promise<string | null>;
  provider(id: string): Promise<OrganisationProviderRow | null>;
  /**
   * Whom it may let in, and how they came; null where it may not. `email` null: it names none. Throws `account.exists` where another
   * process was faster: asked again, it finds them.
   */
  admit(
    providerId: string,
    person: { readonly subject: string; readonly email: string | null; readonly name: string },
  ): Promise<{ readonly userId: UserId; readonly how: 'known' | 'linked' | 'joined' | 'created' } | null>;
  /** The tenant whose directory holds this token. */
  directoryOf(tokenHash: Uint8Array): Promise<TenantId | null>;
  /** False for an assertion that was used before, in any process. */
  spendAssertion(provider: OrganisationProviderRow, hash: Uint8Array, expiresAt: Date): Promise<boolean>;
}
