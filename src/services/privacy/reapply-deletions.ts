import type { Parts } from '../context.js';
import { destroyKeys } from './erase-due.js';

/** Clocks of several machines wrote the log, and what was written is not committed in the same moment. */
const OVERLAP_MS = 86_400_000;
const AT_ONCE = 200;
const RESTORE = { kind: 'worker', job: 'restore' } as const;

export interface Reapplied {
  readonly accounts: number;
  readonly tenants: number;
  readonly scans: number;
}

type Needed = Pick<Parts, 'store' | 'keys' | 'deletions' | 'log' | 'now'>;

/**
 * Makes a database that is older than the log of deletions forget again what it has brought back; before anybody is served. Throws
 * `keys.damaged` where the log cannot be read: then postern does not start.
 */
export async function reapplyDeletions(parts: Needed): Promise<Reapplied> {
  const deletions = await parts.deletions.read();
  const ids = (what: string) => deletions.filter((deletion) => deletion.what === what).map(({ id }) => id);
  const [accounts, tenants] = [ids('account'), ids('tenant')];
  const again =
    accounts.length + tenants.length === 0
      ? { accounts: 0, tenants: 0 }
      : await parts.store.withSystem('erasure', (db) => db.erasure.again(accounts, tenants));
  if (again.accounts + again.tenants > 0) await destroyKeys(parts);
  const reapplied = { ...again, scans: await deleteScansAgain(parts) };
  if (reapplied.accounts + reapplied.tenants + reapplied.scans > 0)
    parts.log.warn(
      reapplied,
      'this database is older than the log of deletions: what had been deleted since was deleted again',
    );
  return reapplied;
}

/**
 * Only what came after the database's mark: most starts have nothing to do, however long the log is. A mark that is still to come is a
 * wrong clock's, now or then, and everything is looked at. It is not set back: what is written while it holds is dated by it, so that a
 * copy that has it finds what came after.
 */
async function deleteScansAgain({ store, deletions, log, now }: Needed): Promise<number> {
  const began = now();
  const mark = await store.withSystem('erasure', (db) => db.erasure.loggedUntil());
  const ahead = mark !== null && mark.getTime() > began.getTime() + OVERLAP_MS;
  if (ahead)
    log.warn({ mark }, 'deletions were logged by a clock that is ahead of this one: one of the two is or was wrong');
  const since = new Date(mark === null || ahead ? 0 : mark.getTime() - OVERLAP_MS);
  const byTenant = new Map<string, string[]>();
  for (const { tenantId, id } of await deletions.scans.readSince(since)) {
    const ids = byTenant.get(tenantId);
    if (ids === undefined) byTenant.set(tenantId, [id]);
    else ids.push(id);
  }
  let gone = 0;
  for (const [tenantId, ids] of byTenant) {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      gone += await store.withTenant(tenantId, RESTORE, async (db) => {
        let deleted = 0;
        for (const id of some) if (await db.scans.delete(id)) deleted += 1;
        return deleted;
      });
    }
  }
  await store.withSystem('erasure', (db) => db.erasure.markLogged(began, gone));
  return gone;
}
