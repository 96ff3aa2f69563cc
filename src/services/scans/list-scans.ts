import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import type { ScanFilter, ScanPosition } from '../../store/store.js';
import { authorize } from '../permissions.js';
import { filtersOf } from './indicators.js';
import type { IndicatorQuery } from './indicators.js';
import { toSummary } from './stored-scan.js';
import type { ScanSummary } from './stored-scan.js';

export interface ScanPage {
  /** Newest first. */
  readonly items: readonly ScanSummary[];
  readonly next_cursor: string | null;
}

/** The member's history, or the tenant's for its administrators. Throws `request.cursor-invalid`. */
export async function listScans(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly filter: ScanFilter;
    readonly indicators?: IndicatorQuery;
    readonly limit: number;
    readonly cursor: string | null;
  };
}): Promise<ScanPage> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.read');
  const { store, cursors } = ctx.parts;
  // A cursor is of use only where it came from: another tenant's or another list's does not open.
  const scope = `history ${ctx.identity.tenantId}`;
  const after = input.cursor === null ? null : readPosition(cursors.read(scope, input.cursor));
  const rows = await store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    // One more than asked for tells whether there is another page.
    db.scans.list({ ...input.filter, indicators: filtersOf(input.indicators ?? {}) }, input.limit + 1, after),
  );
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(toSummary),
    next_cursor: last === undefined ? null : cursors.write(scope, writePosition(last)),
  };
}

export function writePosition({ id, createdAt, expiresAt }: ScanPosition & { readonly expiresAt: Date }) {
  return { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), id };
}

// The cursor was authenticated: what is inside was written above.
export function readPosition(content: unknown): ScanPosition {
  const { createdAt, expiresAt, id } = content as ReturnType<typeof writePosition>;
  return { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt), id };
}
