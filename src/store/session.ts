import { sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Actor, SystemPurpose, TenantId } from './store.js';

export type Database = PostgresJsDatabase;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Pins the transaction: row-level security reads these settings, and they end with it. */
export async function pinActor(tx: Transaction, tenant: TenantId, actor: Actor): Promise<void> {
  const user = actor.kind === 'user' ? actor : null;
  await tx.execute(sql`select
    set_config('app.tenant_id', ${tenant}, true),
    set_config('app.user_id', ${user?.userId ?? ''}, true),
    set_config('app.role', ${user?.role ?? 'worker'}, true),
    set_config('app.job', ${actor.kind === 'worker' ? actor.job : ''}, true),
    set_config('app.ip', ${user?.ip ?? ''}, true),
    set_config('app.access_reason', ${user?.accessReason?.trim() ?? ''}, true)`);
}

export async function pinPurpose(tx: Transaction, purpose: SystemPurpose, ip = ''): Promise<void> {
  await tx.execute(sql`select set_config('app.purpose', ${purpose}, true), set_config('app.ip', ${ip}, true)`);
}
