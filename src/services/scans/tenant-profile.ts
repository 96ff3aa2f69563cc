import type { TenantProfile } from '../../scanners/scanner.js';
import type { TenantRow } from '../../store/store.js';
import { readStored } from '../detection/profile.js';

/** What the scanners know of a tenant. `trustedAuthservIds` are the operator's, believed besides the tenant's own. */
export function profileOf(tenant: Pick<TenantRow, 'profile'>, trustedAuthservIds: readonly string[]): TenantProfile {
  const stored = readStored(tenant.profile);
  return { ...stored, trustedAuthservIds: [...new Set([...stored.trustedAuthservIds, ...trustedAuthservIds])] };
}
