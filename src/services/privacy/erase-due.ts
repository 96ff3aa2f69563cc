import type { Parts } from '../context.js';
import { endAccess } from './end-access.js';

/**
 * Erases the accounts and organisations whose seven days are over, destroys the data keys of what is gone, and removes exports that
 * have run out. A crash in between loses nothing: the key of an erased tenant is destroyed with the next run.
 */
export async function eraseDue(
  parts: Pick<Parts, 'store' | 'keys' | 'deletions' | 'log' | 'mailboxes' | 'now'>,
): Promise<void> {
  const { store, deletions, log } = parts;
  await endAccess(parts);
  for (;;) {
    const erased = await store.withSystem('erasure', async (db) => {
      const gone = await db.erasure.next();
      if (gone === null) return null;
      // Before it is committed: what is gone is in the log. What is in the log and not gone is due, and goes at the next start.
      await deletions.append([
        ...gone.tenants.map((id) => ({ what: 'tenant', id }) as const),
        ...(gone.account === null ? [] : [{ what: 'account', id: gone.account } as const]),
      ]);
      return gone;
    });
    if (erased === null) break;
    const what = erased.account === null ? 'organisation' : 'account';
    log.info(`an ${what} was erased, as had been asked seven days ago`);
  }
  await destroyKeys(parts);
  await store.withSystem('erasure', (db) => db.erasure.forgetExports());
}

/** Of erased tenants: what was sealed for them stays closed in every copy of the database. */
export async function destroyKeys({
  store,
  keys,
  deletions,
}: Pick<Parts, 'store' | 'keys' | 'deletions'>): Promise<void> {
  for (const tenant of await store.withSystem('erasure', (db) => db.erasure.keysToDestroy())) {
    await keys.destroy(tenant);
    await deletions.append([{ what: 'key', id: tenant }]);
    await store.withSystem('erasure', (db) => db.erasure.keyDestroyed(tenant));
  }
}
