import type { TenantPermitTable } from '../../store/tables/permits.js';
import type { MemberContext } from '../context.js';
import { countTogether } from './count-together.js';
import { refuseOverLimit } from './limit-request.js';
import type { SharedWindow, WindowState } from './shared-window.js';

/** How many scans may be asked for in a minute; null: without limit, and not counted. */
export interface ScanLimits {
  readonly key: SharedWindow | null;
  readonly tenant: SharedWindow | null;
}

/**
 * Counts a scan against the limits of the tenant and of the API key, if one asks, in a transaction that is open anyway; as the last
 * thing in it: others wait until it ends. Throws `request.rate-limited`, and then nothing is counted. `tell` hears how it stands in
 * both cases.
 */
export async function countScan(
  { identity, parts }: MemberContext,
  within: TenantPermitTable,
  tell: (states: readonly WindowState[]) => void = () => undefined,
): Promise<void> {
  const { key, tenant } = parts.scanLimits;
  const { tenantId, apiKey } = identity;
  const states = await countTogether(
    [
      ...(tenant === null ? [] : [{ window: tenant, key: tenantId }]),
      ...(key === null || apiKey === undefined ? [] : [{ window: key, key: apiKey.id }]),
    ],
    within,
  );
  tell(states);
  refuseOverLimit(states, (full) =>
    full.name === key?.name
      ? 'Too many scans by this API key in a minute'
      : 'Too many scans by this organisation in a minute',
  );
}
