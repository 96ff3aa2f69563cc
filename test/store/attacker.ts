import type { Sql, TransactionSql } from 'postgres';
import { connect } from '../../src/store/connect.js';
import type { TenantId, UserId } from '../../src/store/store.js';

/** Whom a transaction is pinned to; what is absent is nobody. */
export interface Pinned {
  readonly tenant?: TenantId;
  readonly user?: UserId;
  readonly role?: string;
  readonly reason?: string;
  readonly purpose?: string;
}

/** Raw SQL under the application's login: what a hole anywhere above the database could do. */
export interface Attacker {
  readonly app: Sql;
  /** Runs as the application, pinned to somebody, and leaves nothing behind. */
  as<T>(who: Pinned, work: (sql: TransactionSql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openAttacker(appUrl: string): Attacker {
  const app = connect(appUrl, { max: 2, applicationName: 'attack' });
  return {
    app,
    async as<T>(who: Pinned, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
      const rollback = new Error('rollback');
      let result: T | undefined;
      await app
        .begin(async (sql) => {
          await sql`select set_config('app.tenant_id', ${who.tenant ?? ''}, true), set_config('app.user_id', ${who.user ?? ''}, true),
            set_config('app.role', ${who.role ?? ''}, true), set_config('app.access_reason', ${who.reason ?? ''}, true),
            set_config('app.purpose', ${who.purpose ?? ''}, true)`;
          result = await work(sql);
          throw rollback;
        })
        .catch((error: unknown) => {
          if (error !== rollback) throw error;
        });
      return result as T;
    },
    close: () => app.end({ timeout: 1 }),
  };
}
