import { PosternError } from '../../errors.js';
import type { MemberContext, PublicContext } from '../context.js';
import type { SharedWindow, WindowState } from './shared-window.js';

/** How much of the API may be used in a minute; null: without limit. */
export interface RequestLimits {
  readonly address: SharedWindow | null;
  readonly person: SharedWindow | null;
  readonly tenant: SharedWindow | null;
}

/** One limit with where it stands, for the headers of the answer. */
export interface AppliedLimit extends WindowState {
  readonly name: string;
}

/** Counts a request from the client's address, before anything else is known of it. */
export async function limitAddress(ctx: PublicContext): Promise<readonly AppliedLimit[]> {
  return await count([[ctx.parts.requests?.address ?? null, ctx.client.ip]]);
}

/** Counts a request of a person and of their tenant. Programs with an API key are no person: their scans have limits of their own. */
export async function limitMember(ctx: MemberContext): Promise<readonly AppliedLimit[]> {
  const { requests } = ctx.parts;
  const { userId, tenantId, apiKey } = ctx.identity;
  return await count([
    [apiKey === undefined ? (requests?.person ?? null) : null, userId],
    [requests?.tenant ?? null, tenantId],
  ]);
}

async function count(windows: readonly (readonly [SharedWindow | null, string])[]): Promise<readonly AppliedLimit[]> {
  const states = await Promise.all(
    windows.map(async ([window, key]) =>
      window === null ? [] : [{ name: window.name, ...(await window.count(key)) }],
    ),
  );
  return states.flat();
}

/** Throws `request.rate-limited` where one of the limits has been reached. */
export function refuseOverLimit(limits: readonly AppliedLimit[]): void {
  const waitMs = Math.max(0, ...limits.map((limit) => limit.waitMs));
  if (waitMs === 0) return;
  const retryAfter = Math.ceil(waitMs / 1000);
  throw new PosternError('request.rate-limited', `Too many requests. Try again in ${retryAfter} s.`, {
    details: { retry_after: retryAfter },
  });
}
