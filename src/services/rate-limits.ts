import { PosternError } from '../errors.js';
import type { RateCount } from '../store/tables/rate-windows.js';
import type { TenantDb } from '../store/store.js';
import type { MemberContext } from './context.js';

/** Requests in any minute; 0: without limit, and not counted. */
export interface RateLimits {
  readonly perKey: number;
  readonly perTenant: number;
}

/** How a request stands to one limit. */
export interface RateState {
  readonly name: 'key' | 'tenant';
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until there is more again. */
  readonly resetsIn: number;
}

export const RATE_WINDOW_SECONDS = 60;

/** What a scan by this member is counted in, and how much each allows. */
export function countedBuckets({ identity, parts }: MemberContext): readonly RateBucket[] {
  const { perKey, perTenant } = parts.rateLimits;
  return [
    ...(perTenant > 0 ? [{ name: 'tenant', bucket: 'tenant', limit: perTenant } as const] : []),
    ...(perKey > 0 && identity.apiKey !== undefined
      ? [{ name: 'key', bucket: `key:${identity.apiKey.id}`, limit: perKey } as const]
      : []),
  ];
}

export interface RateBucket {
  readonly name: RateState['name'];
  readonly bucket: string;
  readonly limit: number;
}

/** Tells how it stands with each limit. Throws `request.rate-limited` where one was passed. */
export function tellCounts(
  limits: readonly RateBucket[],
  counts: readonly Pick<RateCount, 'used' | 'freesIn'>[],
  tell: (states: readonly RateState[]) => void = () => undefined,
): void {
  if (limits.length === 0) return;
  const states = limits.map(({ name, limit }, index) => stateOf(name, limit, counts[index]));
  tell(states);
  const over = limits.findIndex(({ limit }, index) => (counts[index]?.used ?? 0) > limit);
  if (over === -1) return;
  const whose = limits[over]?.name === 'key' ? 'this API key' : 'this organisation';
  throw new PosternError('request.rate-limited', `Too many scans by ${whose} in a minute; try again shortly.`, {
    details: { retry_after: states[over]?.resetsIn ?? RATE_WINDOW_SECONDS },
  });
}

/**
 * Counts a scan against the limits of the API key, if one asks, and of the tenant, as the last thing in the transaction: others wait
 * until it ends. Throws `request.rate-limited`, and then nothing is counted.
 */
export async function countScan(db: TenantDb, ctx: MemberContext): Promise<void> {
  const limits = countedBuckets(ctx);
  if (limits.length > 0) tellCounts(limits, await db.rates.count(limits.map(({ bucket }) => bucket)));
}

function stateOf(
  name: RateState['name'],
  limit: number,
  count: Pick<RateCount, 'used' | 'freesIn'> | undefined,
): RateState {
  const { used = 0, freesIn = 0 } = count ?? {};
  return { name, limit, remaining: Math.max(0, limit - used), resetsIn: freesIn };
}
