import type { Parts } from '../context.js';

/** Creates the storage of the days to come and drops what has expired, by the database's clock. Safe at any time and twice. */
export async function maintainPartitions(parts: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const { created, dropped } = await parts.store.withSystem('partitions', (db) => db.maintainPartitions());
  if (created + dropped > 0) parts.log.info({ created, dropped }, 'partitions maintained');
}
