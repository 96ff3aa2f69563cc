import type { TenantProfile } from '../../scanners/scanner.js';
import type { TenantId } from '../../store/store.js';
import { profileOf } from './tenant-profile.js';

interface Known {
  readonly version: number;
  readonly profile: TenantProfile;
}

const MOST = 1000;

/**
 * The profiles of the tenants that were last active, read and checked. The database says with each scan which version counts, so none
 * is ever out of date.
 */
export class KnownProfiles {
  readonly #known = new Map<TenantId, Known>();

  /** The operator's servers are believed besides those of each tenant. */
  constructor(private readonly trustedAuthservIds: readonly string[]) {}

  versionOf(tenantId: TenantId): number | null {
    return this.#known.get(tenantId)?.version ?? null;
  }

  read(stored: unknown): TenantProfile {
    return profileOf({ profile: stored }, this.trustedAuthservIds);
  }

  /** What counts: `stored`, or where that is null the profile that was known when its version was asked for; null where it is gone. */
  take(tenantId: TenantId, version: number, stored: unknown): TenantProfile | null {
    const known = this.#known.get(tenantId);
    if (stored === null) return known?.version === version ? known.profile : null;
    const profile = this.read(stored);
    this.#known.delete(tenantId);
    this.#known.set(tenantId, { version, profile });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return profile;
  }
}
