import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { scanNotFound } from './get-scan.js';

/** Deletes the scan with everything of it, and leaves it for the log of deletions. Throws `scan.not-found`. */
export async function deleteScan(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.delete');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.scans.delete(input.id))) throw scanNotFound();
    await db.audit.append({ action: 'scan.deleted', target: input.id, outcome: 'succeeded', details: {} });
    await db.privacy.noteDeletedScan(input.id);
    // While one waits, all of the tenant wait with it.
    await db.enqueue('log-deletions', {}, { key: 'scans' });
  });
}
