import { z } from 'zod';
import type { Parts } from '../context.js';

const AT_ONCE = 200;

/** As the queue's function stamps it. */
const Payload = z.object({ tenant_id: z.uuid() });

/**
 * Lets the stored scans of a tenant follow its retention: each keeps its id and expires earlier or later; what should have expired
 * already is deleted. A portion a transaction, so that nothing else waits; may be broken off and repeated.
 */
export async function moveRetention({ store, log }: Pick<Parts, 'store' | 'log'>, payload: unknown): Promise<void> {
  const { tenant_id: tenant } = Payload.parse(payload);
  const worker = { kind: 'worker', job: 'move-retention' } as const;
  let moved = 0;
  for (;;) {
    const portion = await store.withTenant(tenant, worker, (db) => db.scans.moveRetention(AT_ONCE));
    moved += portion;
    if (portion < AT_ONCE) break;
  }
  if (moved === 0) return;
  await store.withTenant(tenant, worker, (db) =>
    db.audit.append({ action: 'plan.retention-moved', target: null, outcome: 'succeeded', details: { scans: moved } }),
  );
  log.info({ tenant, scans: moved }, 'stored scans follow the new retention');
}
