import type { ApiKeyRow } from '../../store/interfaces/api-keys.js';
import type { UserId } from '../../store/store.js';
import { isScope } from './scopes.js';
import type { Scope } from './scopes.js';

/** A key in the API's words; times are ISO 8601 in UTC. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** How its secret begins. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly sandbox: boolean;
  readonly networks: readonly string[];
  readonly origins: readonly string[];
  readonly owner_id: string;
  /** Whether it is the asking member's. */
  readonly own: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly rotated_at: string | null;
  readonly former_secret_until: string | null;
}

/** Once, in the answer to its making or rotation. */
export interface NewKey extends ApiKey {
  readonly secret: string;
}

export function toApiKey(row: ApiKeyRow, asking: UserId): ApiKey {
  const { id, name, hint, scopes, sandbox, networks, origins } = row;
  return {
    ...{ id, name, hint, scopes: scopes.filter(isScope), sandbox, networks, origins },
    owner_id: row.ownerId,
    own: row.ownerId === asking,
    created_at: row.createdAt.toISOString(),
    expires_at: iso(row.expiresAt),
    last_used_at: iso(row.lastUsedAt),
    rotated_at: iso(row.rotatedAt),
    former_secret_until: iso(row.formerUntil),
  };
}

function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
