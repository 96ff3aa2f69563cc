import type { Parts } from '../context.js';
import { destroyKeys } from './erase-due.js';

/**
 * Makes a database that is older than the log of deletions forget again what it has brought back; before anybody is served. Throws
 * `keys.damaged` where the log cannot be read: then postern does not start.
 */
export async function reapplyDeletions(
  parts: Pick<Parts, 'store' | 'keys' | 'deletions' | 'log'>,
): Promise<{ readonly accounts: number; readonly tenants: number }> {
  const deletions = await parts.deletions.read();
  const ids = (what: string) => deletions.filter((deletion) => deletion.what === what).map(({ id }) => id);
  const [accounts, tenants] = [ids('account'), ids('tenant')];
  if (accounts.length + tenants.length === 0) return { accounts: 0, tenants: 0 };
  const again = await parts.store.withSystem('erasure', (db) => db.erasure.again(accounts, tenants));
  if (again.accounts + again.tenants === 0) return again;
  await destroyKeys(parts);
  parts.log.warn(
    again,
    'this database is older than the log of deletions: what had been deleted since was deleted again',
  );
  return again;
}
