import type { Parts } from '../context.js';

/** Forgets reports of suspicious mail when the verdicts they led to expire. */
export async function forgetReports(parts: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const forgotten = await parts.store.withSystem('partitions', (db) => db.forgetReports());
  if (forgotten > 0) parts.log.info({ forgotten }, 'reports forgotten');
}
