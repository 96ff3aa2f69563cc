import type { ProfileVersion } from '../../store/tables/detection/detection.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import type { Change } from './changes.js';

/** A version of the profile: who made it, when, and what it changed. */
export interface VersionView {
  readonly version: number;
  readonly changed_at: string;
  /** Null for how the tenant began. */
  readonly changed_by: { readonly id: string; readonly name: string } | null;
  readonly restored: number | null;
  readonly changes: readonly (Change & { readonly more: number })[];
}

/** Entries of a change that are shown; ten thousand read nobody. */
const SHOWN = 20;

/** How the profile came about, newest first. */
export async function listVersions({ ctx }: { readonly ctx: MemberContext }): Promise<readonly VersionView[]> {
  authorize(ctx, 'detection.read');
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.detection.versions());
  return rows.map(toView);
}

function toView(row: ProfileVersion): VersionView {
  // Written by `putInForce`.
  const changes = row.changes as readonly Change[];
  return {
    version: row.version,
    changed_at: row.changedAt.toISOString(),
    changed_by: row.changedBy === null ? null : { id: row.changedBy, name: row.changedByName },
    restored: row.restored,
    changes: changes.map(({ field, added, removed, changed }) => {
      const shown = {
        added: added.slice(0, SHOWN),
        removed: removed.slice(0, SHOWN),
        changed: changed.slice(0, SHOWN),
      };
      const more = [added, removed, changed].reduce((sum, { length }) => sum + Math.max(0, length - SHOWN), 0);
      return { field, ...shown, more };
    }),
  };
}
