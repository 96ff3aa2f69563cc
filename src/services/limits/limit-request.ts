import { PosternError } from '../../errors.js';
import type { TenantId } from '../../store/store.js';
import type { MemberContext, PublicContext } from '../context.js';
import { clientKey } from './client-key.js';
import { countTogether } from './count-together.js';
import type { LocalWindow } from './local-window.js';
import type { SharedWindow, WindowState } from './shared-window.js';

/** How much of the API may be used in a minute; null: without limit. */
export interface RequestLimits {
  readonly address: SharedWindow | null;
  readonly person: SharedWindow | null;
  /** Of one API key. */
  readonly key: SharedWindow | null;
  readonly tenant: SharedWindow | null;
  /** Of pages and files, by address; each process counts for itself, since these are served from memory and disk alone. */
  readonly pages: LocalWindow | null;
  /** Of calls of providers that did not prove themselves, by address; what is genuine is never counted. */
  readonly unproven: LocalWindow | null;
  /** Of questions of mail servers without a right key, by address. Not the same: who calls as a provider must not stop anybody's mail. */
  readonly door: LocalWindow | null;
}

/** Counts a request from the client's address, before anything else is known of it. */
export async function limitAddress({ parts, client }: PublicContext): Promise<readonly WindowState[]> {
  return await count([[parts.requests?.address, clientKey(client.ip)]]);
}

/** Counts a request for what costs no question to the database. */
export function limitPage({ parts, client }: PublicContext): readonly WindowState[] {
  const pages = parts.requests?.pages ?? null;
  return pages === null ? [] : [pages.count(clientKey(client.ip))];
}

/** Counts a call that pretended to be a provider's. */
export function limitUnproven({ parts, client }: PublicContext): readonly WindowState[] {
  const unproven = parts.requests?.unproven ?? null;
  return unproven === null ? [] : [unproven.count(clientKey(client.ip))];
}

/** How an address stands to that, without counting anything. */
export function unprovenSoFar({ parts, client }: PublicContext): readonly WindowState[] {
  const unproven = parts.requests?.unproven ?? null;
  return unproven === null ? [] : [unproven.state(clientKey(client.ip))];
}

/**
 * Counts a question of a mail server before its key is looked up, so that many at once cannot all be asked about; what it returns takes
 * that back for one that was right. Throws `request.rate-limited`.
 */
export function holdQuestion({ parts, client }: PublicContext): () => void {
  const held = parts.requests?.door?.hold(clientKey(client.ip));
  if (held === undefined) return () => undefined;
  refuseOverLimit([held.state]);
  return held.giveBack;
}

/** Counts a request of a person, or of the API key that acts for one, and of their tenant. */
export async function limitMember({ parts, identity }: MemberContext): Promise<readonly WindowState[]> {
  const { requests } = parts;
  const { userId, tenantId, apiKey } = identity;
  return await count([
    apiKey === undefined ? [requests?.person, userId] : [requests?.key, apiKey.id],
    [requests?.tenant, tenantId],
  ]);
}

/** Counts a request of an organisation's directory: as a program with a key, and as its tenant. */
export async function limitDirectory({
  parts,
  tenantId,
}: PublicContext & { readonly tenantId: TenantId }): Promise<readonly WindowState[]> {
  const { requests } = parts;
  return await count([
    [requests?.key, `directory ${tenantId}`],
    [requests?.tenant, tenantId],
  ]);
}

async function count(
  windows: readonly (readonly [SharedWindow | null | undefined, string])[],
): Promise<readonly WindowState[]> {
  return await countTogether(
    windows.flatMap(([window, key]) => (window === null || window === undefined ? [] : [{ window, key }])),
  );
}

/** Throws `request.rate-limited` where one of the limits has been reached, with what `why` says of it. */
export function refuseOverLimit(
  states: readonly WindowState[],
  why: (full: WindowState) => string = () => 'Too many requests',
): void {
  const full = states.reduce<WindowState | null>((most, one) => (one.waitMs > (most?.waitMs ?? 0) ? one : most), null);
  if (full === null) return;
  const retryAfter = Math.ceil(full.waitMs / 1000);
  throw new PosternError('request.rate-limited', `${why(full)}. Try again in ${inWords(retryAfter)}.`, {
    details: { retry_after: retryAfter },
  });
}

function inWords(seconds: number): string {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}
