import type { Parts } from '../context.js';

/** Removes rate limits' windows that have ended, so that their table stays as small as what is going on. */
export async function forgetWindows({ store }: Pick<Parts, 'store'>): Promise<void> {
  await store.withSystem('limits', (db) => db.permits.forgetIdle());
}
