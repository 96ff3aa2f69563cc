import { and, count, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { ApiKeyLookup, ApiKeyTable } from '../../interfaces/api-keys.js';
import { apiKeys } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { toUser } from '../../user-row.js';
import type { AccountRow } from '../../user-row.js';

/** What may be read of a key: its hashes are for the definer functions alone. */
const VISIBLE = {
  id: apiKeys.keyId,
  ownerId: apiKeys.ownerId,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  sandbox: apiKeys.sandbox,
  hint: apiKeys.hint,
  formerUntil: apiKeys.formerUntil,
  rotatedAt: apiKeys.rotatedAt,
  networks: apiKeys.networks,
  origins: apiKeys.origins,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createApiKeyTable(tx: Transaction, tenant: TenantId): ApiKeyTable {
  const valid = and(eq(apiKeys.tenantId, tenant), isNull(apiKeys.revokedAt));
  const one = (id: string) => and(valid, eq(apiKeys.keyId, id));

  return {
    async add({ ownerId, name, scopes, sandbox, hint, secretHash, networks, origins, expiresAt }) {
      await tx
        .delete(apiKeys)
        .where(and(eq(apiKeys.tenantId, tenant), lt(apiKeys.revokedAt, sql`now() - interval '90 days'`)));
      // drizzle's own insert names every column, also those that nobody may write.
      const [added] = await tx.execute<{ id: string }>(sql`insert into ${apiKeys}
        (tenant_id, owner_id, name, scopes, sandbox, hint, secret_hash, networks, origins, expires_at)
        values (${tenant}, ${ownerId}, ${name}, ${textArray(scopes)}, ${sandbox}, ${hint}, ${secretHash},
          ${textArray(networks)}, ${textArray(origins)}, ${expiresAt?.toISOString() ?? null}::timestamptz)
        returning key_id as id`);
      const [row] = await tx
        .select(VISIBLE)
        .from(apiKeys)
        .where(one(added?.id ?? ''));
      if (row === undefined) throw new PosternError('internal', 'The key was not stored.');
      return row;
    },

    list: () => tx.select(VISIBLE).from(apiKeys).where(valid).orderBy(desc(apiKeys.createdAt), apiKeys.keyId),

    async count(ownerId) {
      const lasting = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`));
      const [row] = await tx
        .select({ keys: count() })
        .from(apiKeys)
        .where(and(valid, eq(apiKeys.ownerId, ownerId), lasting));
      return row?.keys ?? 0;
    },

    async rotate(id, { secretHash, hint, overlapSeconds }) {
      if (!UUID.test(id)) return null;
      const [outcome] = await tx.execute<{ rotated: boolean }>(
        sql`select postern.rotate_api_key(${id}, ${secretHash}, ${hint}, ${overlapSeconds}::int) as rotated`,
      );
      if (outcome?.rotated !== true) return null;
      const [row] = await tx.select(VISIBLE).from(apiKeys).where(one(id));
      return row ?? null;
    },

    async revoke(id) {
      if (!UUID.test(id)) return null;
      const [row] = await tx
        .update(apiKeys)
        .set({ revokedAt: sql`now()` })
        .where(one(id))
        .returning(VISIBLE);
      return row ?? null;
    },
  };
}

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createApiKeyLookup(tx: Transaction): ApiKeyLookup {
  return {
    async find(secretHash) {
      type Row = AccountRow & {
        tenant: string;
        id: string;
        scopes: string[];
        sandbox: boolean;
        networks: string[];
        origins: string[];
        usable_until: string | Date | null;
        revoked: boolean;
      };
      const [row] =
        await tx.execute<Row>(sql`select tenant, id, scopes, sandbox, networks, origins, usable_until, revoked,
        (account).* from postern.find_api_key(${secretHash})`);
      if (row === undefined) return null;
      const { tenant, id, scopes, sandbox, networks, origins, usable_until: until, revoked } = row;
      const usableUntil = until === null ? null : new Date(until);
      return { tenantId: tenant, id, scopes, sandbox, networks, origins, usableUntil, revoked, user: toUser(row) };
    },

    async noteUse(tenantId, id) {
      await tx.execute(sql`select postern.note_api_key_use(${tenantId}, ${id})`);
    },
  };
}

function textArray(values: readonly string[]) {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;
}
