import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Actor, SystemPurpose, TenantId } from './store.js';

export type Database = PostgresJsDatabase;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What a transaction is pinned to: row-level security reads these settings, and they end with it. */
export interface Pin {
  readonly query: string;
  readonly values: readonly string[];
}

export function actorPin(tenant: TenantId, actor: Actor): Pin {
  const user = actor.kind === 'user' ? actor : null;
  return {
    query: `select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true), set_config('app.role', $3, true),
      set_config('app.job', $4, true), set_config('app.access_reason', $5, true), set_config('app.ip', $6, true)`,
    values: [
      tenant,
      user?.userId ?? '',
      user?.role ?? 'worker',
      actor.kind === 'worker' ? actor.job : '',
      user?.accessReason?.trim() ?? '',
      user?.ip ?? '',
    ],
  };
}

export function purposePin(purpose: SystemPurpose, ip = ''): Pin {
  return { query: `select set_config('app.purpose', $1, true), set_config('app.ip', $2, true)`, values: [purpose, ip] };
}
