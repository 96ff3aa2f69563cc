import type { Store } from '../../store/store.js';
import type { PermitRequest, Permits, TenantPermitTable } from '../../store/tables/permits.js';

/** Where windows are counted, for all processes together. */
export interface PermitStore {
  /**
   * At least one permit of each window, or none of any. `within`: the transaction of a tenant that is open anyway; what is counted
   * there costs no way of its own to the database, is the tenant's, and is undone with it.
   */
  take(requests: readonly PermitRequest[], within?: TenantPermitTable): Promise<readonly Permits[]>;
  forget(key: Uint8Array): Promise<void>;
}

export function permitsInPostgres(store: Store): PermitStore {
  return {
    take: (requests, within) =>
      within === undefined ? store.withSystem('limits', (db) => db.permits.take(requests)) : within.take(requests),
    forget: (key) => store.withSystem('limits', (db) => db.permits.forget(key)),
  };
}
