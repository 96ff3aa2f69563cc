import { z } from 'zod';
import type { TenantProfile } from '../../scanners/scanner.js';
import type { TenantRow } from '../../store/store.js';

const words = z.array(z.string()).default([]);

/** As it is stored: written by earlier and later versions, so nothing is required and unknown fields are passed over. */
const Stored = z.object({
  domains: words,
  people: z.array(z.object({ name: z.string(), addresses: words })).default([]),
  trustedAuthservIds: words,
  allow: words,
  block: words,
  weights: z.record(z.string(), z.number()).default({}),
});

/** What the scanners know of a tenant. `trustedAuthservIds` are the operator's, believed besides the tenant's own. */
export function profileOf(tenant: TenantRow, trustedAuthservIds: readonly string[]): TenantProfile {
  const stored = Stored.parse(tenant.profile);
  return { ...stored, trustedAuthservIds: [...new Set([...stored.trustedAuthservIds, ...trustedAuthservIds])] };
}
