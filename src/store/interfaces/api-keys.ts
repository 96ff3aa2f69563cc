import type { TenantId, UserId, UserRow } from '../store.js';

/** A key as its owner and the tenant's administrators see it: never its secret. */
export interface ApiKeyRow {
  readonly id: string;
  readonly ownerId: UserId;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly sandbox: boolean;
  /** The first characters of the secret. */
  readonly hint: string;
  /** Until when the secret before the last rotation works; null where there is none. */
  readonly formerUntil: Date | null;
  readonly rotatedAt: Date | null;
  /** Addresses and networks in CIDR notation; empty: from anywhere. */
  readonly networks: readonly string[];
  /** Origins of web pages; empty: for programs and pages alike. */
  readonly origins: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface NewApiKey extends Pick<
  ApiKeyRow,
  'ownerId' | 'name' | 'scopes' | 'sandbox' | 'hint' | 'networks' | 'origins' | 'expiresAt'
> {
  readonly secretHash: Uint8Array;
}

/** Keys of the pinned tenant that have not been revoked: a member's own, an administrator's all. */
export interface ApiKeyTable {
  add(key: NewApiKey): Promise<ApiKeyRow>;
  /** Newest first. */
  list(): Promise<readonly ApiKeyRow[]>;
  /** How many of this person still work. */
  count(ownerId: UserId): Promise<number>;
  /** The acting member's own key with a new secret; null where it is not theirs or has ended. The former secret works for a while. */
  rotate(
    id: string,
    next: { readonly secretHash: Uint8Array; readonly hint: string; readonly overlapSeconds: number },
  ): Promise<ApiKeyRow | null>;
  /** For good. The key as it was; null where there is none to be revoked. */
  revoke(id: string): Promise<ApiKeyRow | null>;
}

/** Looking up what a program presents; for the purpose 'sign-in'. */
export interface ApiKeyLookup {
  /** Also a key that has been revoked or has run out; null where the secret was never one, or its person has left the tenant. */
  find(secretHash: Uint8Array): Promise<LiveApiKey | null>;
  /** Written at most once a minute, however many processes see the key used. */
  noteUse(tenantId: TenantId, id: string): Promise<void>;
}

export interface LiveApiKey {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly scopes: readonly string[];
  readonly sandbox: boolean;
  readonly networks: readonly string[];
  readonly origins: readonly string[];
  /** Of the secret that was presented; null: without end. */
  readonly usableUntil: Date | null;
  readonly revoked: boolean;
  readonly user: UserRow;
}
