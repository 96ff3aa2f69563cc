import type { Parts } from '../context.js';

/**
 * Erases the accounts and organisations whose seven days are over, destroys the data keys of what is gone, and removes exports that
 * have run out. A crash in between loses nothing: the key of an erased tenant is destroyed with the next run.
 */
export async function eraseDue({ store, keys, log }: Pick<Parts, 'store' | 'keys' | 'log'>): Promise<void> {
  for (;;) {
    const erased = await store.withSystem('erasure', (db) => db.erasure.next());
    if (erased === null) break;
    log.info(`an ${erased} was erased, as had been asked seven days ago`);
  }
  for (const tenant of await store.withSystem('erasure', (db) => db.erasure.keysToDestroy())) {
    await keys.destroy(tenant);
    await store.withSystem('erasure', (db) => db.erasure.keyDestroyed(tenant));
  }
  await store.withSystem('erasure', (db) => db.erasure.forgetExports());
}
