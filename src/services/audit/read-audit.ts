import type { AuditFilter, AuditRow } from '../../store/interfaces/audit.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

export interface AuditPage {
  /** Newest first. */
  readonly items: readonly AuditRow[];
  readonly next_cursor: string | null;
}

/**
 * What happened in the tenant, for its administrators; everybody else sees what they did and what was done with what is theirs.
 * Throws `request.cursor-invalid`.
 */
export async function readAudit(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly filter: AuditFilter; readonly limit: number; readonly cursor: string | null };
}): Promise<AuditPage> {
  const { ctx, input } = call;
  authorize(ctx, 'audit.read');
  const { store, cursors } = ctx.parts;
  const { tenantId } = ctx.identity;
  const scope = `audit ${tenantId}`;
  // The cursor was authenticated: what is inside was written below.
  const before = input.cursor === null ? null : (cursors.read(scope, input.cursor) as { id: string }).id;
  const rows = await store.withTenant(tenantId, actorOf(ctx), (db) =>
    // One more than asked for tells whether there is another page.
    db.audit.list(input.limit + 1, input.filter, before),
  );
  const items = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? items.at(-1) : undefined;
  return { items, next_cursor: last === undefined ? null : cursors.write(scope, { id: last.id }) };
}
