import type { TenantProfile } from '../../scanners/scanner.js';
import type { TenantId } from '../../store/store.js';
import { profileOf } from './tenant-profile.js';

interface Known {
  readonly version: number;
  readonly profile: TenantProfile;
  /** When the database last let a scan begin, by a clock that is never set back, and until when it lasts. */
  trusted?: { readonly at: number; readonly expiresAt: number } | undefined;
  /** Scans that were begun on trust. */
  underWay: number;
  /** Of those, how many of each who asks. */
  readonly by: Map<string, number>;
}

/** What a scan may begin with before the database has been asked. Given back with `end` when it is over. */
export interface Trust {
  readonly version: number;
  readonly profile: TenantProfile;
  readonly expiresAt: Date;
  /** Set once its limits have counted the scan, or refused it. */
  counted: boolean;
  /** Scans on trust of the same one who asks that have not ended, this one among them. */
  underWay(): number;
  end(): void;
}

const MOST = 1000;
/** For how long another scan of a tenant may begin with what the database said of the last one. */
const TRUSTED_MS = 5000;
/** Scans that are refused when they are stored have cost their work: no more of them at once than this. */
const MOST_UNDER_WAY = 64;
const DAY_MS = 24 * 60 * 60_000;

/**
 * The profiles of the tenants that were last active, read and checked. The database says with each scan which version counts, at its
 * beginning or at its end, so none is ever out of date.
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
    this.#known.set(tenantId, { version, profile, underWay: 0, by: new Map() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return profile;
  }

  /** The database let a scan begin and took it in, which lasts until `expiresAt`: others may follow. */
  trust(tenantId: TenantId, expiresAt: Date): void {
    const known = this.#known.get(tenantId);
    if (known !== undefined) known.trusted = { at: performance.now(), expiresAt: expiresAt.getTime() };
  }

  /** Something was refused: the next scan asks first. */
  distrust(tenantId: TenantId): void {
    const known = this.#known.get(tenantId);
    if (known !== undefined) known.trusted = undefined;
  }

  /**
   * Null where the database must be asked first. `allowed`: how many scans its limits leave, as far as this process knows. `whose`: whose
   * scans can be stored together with this one.
   */
  beginOnTrust(tenantId: TenantId, allowed: number, whose: string): Trust | null {
    const known = this.#known.get(tenantId);
    const trusted = known?.trusted;
    if (known === undefined || trusted === undefined) return null;
    const age = performance.now() - trusted.at;
    const expiresAt = trusted.expiresAt + age;
    // The partition of another day may not be there yet.
    if (age > TRUSTED_MS || dayOf(expiresAt) !== dayOf(trusted.expiresAt)) return null;
    if (known.underWay >= Math.min(MOST_UNDER_WAY, allowed)) return null;
    known.underWay += 1;
    known.by.set(whose, (known.by.get(whose) ?? 0) + 1);
    const { version, profile } = known;
    return {
      ...{ version, profile, expiresAt: new Date(expiresAt), counted: false },
      underWay: () => known.by.get(whose) ?? 0,
      end: () => {
        known.underWay -= 1;
        const left = (known.by.get(whose) ?? 1) - 1;
        if (left === 0) known.by.delete(whose);
        else known.by.set(whose, left);
      },
    };
  }
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}
