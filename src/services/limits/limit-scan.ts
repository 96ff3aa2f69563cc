import type { TenantPermitTable } from '../../store/tables/permits.js';
import type { Identity, MemberContext } from '../context.js';
import { countTogether } from './count-together.js';
import type { Counted } from './count-together.js';
import { refuseOverLimit } from './limit-request.js';
import type { SharedWindow, WindowState } from './shared-window.js';

/** How many scans may be asked for in a minute; null: without limit, and not counted. */
export interface ScanLimits {
  readonly key: SharedWindow | null;
  readonly tenant: SharedWindow | null;
}

/** How the limits stand, as far as this process knows. */
export function scanStates({ identity, parts }: MemberContext): readonly WindowState[] {
  return countedIn(identity, parts.scanLimits).map(({ window, key }) => window.state(key));
}

/** How many scans they leave. */
export function scansAllowed(ctx: MemberContext): number {
  return scanStates(ctx).reduce(
    (least, { waitMs, remaining }) => Math.min(least, waitMs > 0 ? 0 : remaining),
    Infinity,
  );
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
  const { key } = parts.scanLimits;
  const states = await countTogether(countedIn(identity, parts.scanLimits), within);
  tell(states);
  refuseOverLimit(states, (full) =>
    full.name === key?.name
      ? 'Too many scans by this API key in a minute'
      : 'Too many scans by this organisation in a minute',
  );
}

function countedIn({ tenantId, apiKey }: Identity, { key, tenant }: ScanLimits): readonly Counted[] {
  return [
    ...(tenant === null ? [] : [{ window: tenant, key: tenantId }]),
    ...(key === null || apiKey === undefined ? [] : [{ window: key, key: apiKey.id }]),
  ];
}
