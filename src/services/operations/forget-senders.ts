import type { Parts } from '../context.js';

/** Forgets who has not written to a tenant for longer than it keeps its scans, and for 90 days at least. */
export async function forgetSenders(parts: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const forgotten = await parts.store.withSystem('partitions', (db) => db.forgetSenders());
  if (forgotten > 0) parts.log.info({ forgotten }, 'senders forgotten');
}
