import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { PosternError } from '../errors.js';
import type { Actor, SystemPurpose, TenantId } from './store.js';

export type Database = PostgresJsDatabase;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What a transaction is pinned to: row-level security reads these settings, and they end with it. */
export interface Pin {
  readonly query: string;
  readonly values: readonly string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function actorPin(tenant: TenantId, actor: Actor): Pin {
  return {
    query: `select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true), set_config('app.role', $3, true),
      set_config('app.job', $4, true), set_config('app.access_reason', $5, true), set_config('app.ip', $6, true),
      set_config('app.support_grant', $7, true)`,
    values: [...actorValues(tenant, actor), actor.kind === 'support' ? actor.grantId : ''],
  };
}

/** Tenant, person, role, job, reason and address, as `postern.pin_actor` takes them. Throws `auth.forbidden` for what is no tenant. */
export function actorValues(tenant: TenantId, actor: Actor): readonly string[] {
  if (!UUID.test(tenant)) throw new PosternError('auth.forbidden', 'This tenant does not exist.');
  const user = actor.kind === 'worker' ? null : actor;
  return [
    tenant,
    user?.userId ?? '',
    actor.kind === 'user' ? actor.role : actor.kind,
    actor.kind === 'worker' ? actor.job : '',
    user?.accessReason?.trim() ?? '',
    user?.ip ?? '',
  ];
}

export function purposePin(purpose: SystemPurpose, ip = ''): Pin {
  return { query: `select set_config('app.purpose', $1, true), set_config('app.ip', $2, true)`, values: [purpose, ip] };
}
