import type { Parts } from '../context.js';

/** Removes records of language model calls whose time is over. Safe at any time and twice. */
export async function forgetLlmCalls(parts: Pick<Parts, 'store' | 'log'>): Promise<void> {
  const gone = await parts.store.withSystem('partitions', (db) => db.forgetLlmCalls());
  if (gone > 0) parts.log.info({ gone }, 'records of language model calls removed');
}
